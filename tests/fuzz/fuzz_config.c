// links: config util
/* A configuration file of any bytes: complaints, never a crash, and every value set is within its limits. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/config_coturn.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_values(const struct config *c)
{
    for (const struct config_option *o = CONFIG_OPTIONS; o->name; o++) {
        const void *at = (const char *)c + o->offset;

        if (o->type == OPTION_INT && (*(const int64_t *)at < o->min || *(const int64_t *)at > o->max))
            abort();
        if (o->type == OPTION_LIST)
            for (char *const *item = ((const struct config_list *)at)->items; *item; item++)
                if (o->valid && !o->valid(*item))
                    abort();
        if (o->type == OPTION_TEXT && o->valid && *(char *const *)at && !o->valid(*(char *const *)at))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char *const ENVIRONMENT[] = { "PARLOUR_TURN_SECRET=0123456789abcdef", NULL };
    static struct config_report report;
    struct buf text = { .max = 1 << 20 };
    struct coturn_host host = { 0 };
    struct config c;
    struct err e;

    if (len == 0 || len > CONFIG_FILE_MAX_BYTES)
        return 0;
    report.count = 0;
    config_load(NULL, 0, (char *const *)ENVIRONMENT, &c, &report);
    config_read_text(&c, "fuzz", (const char *)bytes, len, &report);
    check_values(&c);
    config_check(&c, &report);
    if (config_coturn(&c, &host, &text, &e) != ERR_OK)
        abort();
    buf_clear(&text);
    config_clear(&c);
    return 0;
}
