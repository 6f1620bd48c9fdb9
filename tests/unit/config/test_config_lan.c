#include "config/config_lan.h"

#include "config/config_form.h"
#include "tests/support/check.h"

static void an_address_that_is_found_fits_into_a_url(void)
{
    char host[CONFIG_LAN_SIZE], url[128];
    struct form_url parts;

    if (!config_lan_address(host))
        return; /* there is no network here */
    snprintf(url, sizeof url, "https://%s:8443", host);
    CHECK(form_url(url, &parts));
    CHECK(!parts.loopback);
}

static const struct check_test TESTS[] = {
    TEST(an_address_that_is_found_fits_into_a_url),
    { 0 },
};
CHECK_MAIN(TESTS)
