#include "domain/name_claim.h"
#include "tests/support/check.h"

static void claims(const char *name)
{
    if (!name_claims_role(name))
        CHECK_STR(name, "(claims a role)");
}

static void claims_nothing(const char *name)
{
    if (name_claims_role(name))
        CHECK_STR(name, "(claims nothing)");
}

static void a_role_that_is_set_apart_is_claimed(void)
{
    claims("Ana (host)");
    claims("Ana [Host]");
    claims("Ana （HOST）");
    claims("Ana - host");
    claims("Host: Ana");
    claims("Ana | Front Desk");
    claims("Ana, administrator");
    claims("Ana (h0st)");
    claims("Ana (һost)"); /* Cyrillic һ */
    claims("Host");
    claims("Front desk");
    claims("نور (مضيف)");
    claims("نور، الاستقبال");
}

static void whatever_sign_sets_a_role_apart_it_is_claimed(void)
{
    claims("Ana \"Host\"");
    claims("Ana “Host”");
    claims("Ana ’host’");
    claims("Ana @host");
    claims("Ana + host");
    claims("Ana ― host"); /* U+2015 */
    claims("Ana ／ host");
    claims("Ana ★ host");
    claims("Ana ⭐️ Front desk");
    claims("Ana_host");
    claims("Ana ⦅admin⦆");
    claims("Ana & m0der@tor");
    claims("Ana ، مضيف");
}

static void a_name_that_sounds_like_a_role_claims_none(void)
{
    claims_nothing("Anna Host");
    claims_nothing("Ana-Maria");
    claims_nothing("Ana (sister of Ben)");
    claims_nothing("Hosta, Ana");
    claims_nothing("Ana / Ben");
    claims_nothing("J. Host");
    claims_nothing("Ana O'Host");
    claims_nothing("Ana d’Host");
    claims_nothing("Ana & Ben ★");
    claims_nothing("");
}

static void taken(const char *guest, const char *host)
{
    if (!name_taken_for(guest, host))
        CHECK_STR(guest, host);
}

static void free_for(const char *guest, const char *host)
{
    if (name_taken_for(guest, host))
        CHECK_STR(guest, "(free)");
}

static void titles_and_roles_do_not_tell_a_guest_from_a_host(void)
{
    taken("Doctor Ana Rivera", "Dr Ana Rivera");
    taken("Prof. Dr. Ana Rivera", "Ana Rivera");
    taken("Ana Rivera", "Dr. Ana Rivera");
    taken("Doctor Rivera", "Dr Rivera");
    taken("Dr R1vera (host)", "Dr Rivera");
    taken("Host Rivera", "Rivera");
    taken("Dr Rivera host", "Dr Rivera");
    taken("الدكتورة نور الهدى", "د. نور الهدى");
}

static void a_name_that_only_shares_a_part_is_free(void)
{
    free_for("Rivera", "Dr Rivera");
    free_for("Ben Rivera", "Dr Ana Rivera");
    free_for("Dr Reyes", "Dr Rivera");
    free_for("Dr", "Dr Rivera");
    free_for("Anna", "Ana");
    free_for("Ana", "");
}

static void a_long_name_is_read_to_its_end(void)
{
    char name[NAME_SIZE] = "";

    for (int i = 0; i < 32; i++)
        strcat(name, "a ");
    free_for(name, "Ana");
    claims_nothing(name);
    strcat(name, "| host");
    claims(name);
}

static const struct check_test TESTS[] = {
    TEST(a_role_that_is_set_apart_is_claimed),
    TEST(whatever_sign_sets_a_role_apart_it_is_claimed),
    TEST(a_name_that_sounds_like_a_role_claims_none),
    TEST(titles_and_roles_do_not_tell_a_guest_from_a_host),
    TEST(a_name_that_only_shares_a_part_is_free),
    TEST(a_long_name_is_read_to_its_end),
    { 0 },
};
CHECK_MAIN(TESTS)
