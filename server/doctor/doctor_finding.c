#include "doctor/doctor_finding.h"

#include <string.h>

const char *doctor_level_name(enum doctor_level level)
{
    static const char *const NAMES[] = { [DOCTOR_OK] = "ok", [DOCTOR_WARN] = "warn", [DOCTOR_FAIL] = "fail" };

    return NAMES[level];
}

static const char *value_of(const struct doctor_finding *finding, const char *name, size_t len)
{
    for (size_t i = 0; i < finding->blank_count; i++)
        if (strlen(finding->blanks[i].name) == len && strncmp(finding->blanks[i].name, name, len) == 0)
            return finding->blanks[i].value;
    return NULL;
}

void doctor_fill_in(const struct doctor_finding *finding, const char *words, struct buf *out)
{
    while (*words) {
        size_t plain = strcspn(words, "{"), name;
        const char *value;

        buf_add(out, words, plain);
        words += plain;
        if (!*words)
            break;
        name = strcspn(words + 1, "}");
        value = value_of(finding, words + 1, name);
        buf_add_text(out, value ? value : "?");
        words += name + 1;
        words += *words == '}';
    }
}
