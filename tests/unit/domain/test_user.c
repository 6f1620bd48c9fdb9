#include "domain/user.h"
#include "tests/support/check.h"

static void check_name(const char *from, const char *expected)
{
    char to[NAME_SIZE];
    struct err e = { 0 };
    enum err_code rc = user_clean_name("name", from, to, &e);

    CHECK_STR(rc == ERR_OK ? to : "(refused)", expected);
    if (rc != ERR_OK)
        CHECK_STR(e.field, "name");
}

static void names_of_the_world_are_taken_and_trimmed(void)
{
    check_name("  Dr Rivera \xc2\xa0", "Dr Rivera");
    check_name("José Ñandú", "José Ñandú");
    check_name("نور الهدى", "نور الهدى");
    check_name("Łukasz O’Neill-Müller", "Łukasz O’Neill-Müller");
    check_name("山田 太郎", "山田 太郎");
    check_name("علی\xe2\x80\x8cرضا", "علی\xe2\x80\x8cرضا"); /* Persian: joined by U+200C */
    check_name("Mia 👩\xe2\x80\x8d⚕️", "Mia 👩\xe2\x80\x8d⚕️");
}

static void names_are_kept_composed(void)
{
    check_name("Ame\xcc\x81lie", "Am\xc3\xa9lie");
}

static void controls_direction_and_invisible_characters_are_refused(void)
{
    check_name("a\nb", "(refused)");
    check_name("a\x7f", "(refused)");
    check_name("Rivera\xe2\x80\xae", "(refused)"); /* U+202E */
    check_name("\xe2\x81\xa6Rivera", "(refused)"); /* U+2066 */
    check_name("Ri\xe2\x80\x8bvera", "(refused)"); /* U+200B */
    check_name("Ri\xc2\xadvera", "(refused)");     /* U+00AD */
    check_name("\xe3\x85\xa4", "(refused)");       /* U+3164 */
    check_name("\xef\xbb\xbfRivera", "(refused)"); /* U+FEFF */
    check_name("bad \xff", "(refused)");
}

static void a_name_has_1_to_64_characters(void)
{
    char name[300] = "";

    check_name("", "(refused)");
    check_name("   ", "(refused)");
    check_name("\xe2\x80\x8d", "(refused)");
    check_name("\xcc\x81", "(refused)"); /* a mark alone */
    for (int i = 0; i < 64; i++)
        strcat(name, "😀");
    check_name(name, name);
    strcat(name, "a");
    check_name(name, "(refused)");
}

static void marks_do_not_pile_up(void)
{
    check_name("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", "\xc3\xa9\xcc\x81\xcc\x81\xcc\x81\xcc\x81");
    check_name("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", "(refused)");
}

static void check_email(const char *from, const char *expected)
{
    char to[EMAIL_SIZE];

    CHECK_STR(user_clean_email(from, to, NULL) == ERR_OK ? to : "(refused)", expected);
}

static void e_mail_addresses_are_lowered_and_checked_loosely(void)
{
    check_email(" Ana.Novak@Example.ORG ", "ana.novak@example.org");
    check_email("a+b@sub.example.org", "a+b@sub.example.org");
    check_email("a@b", "(refused)");
    check_email("@b.c", "(refused)");
    check_email("a@@b.c", "(refused)");
    check_email("a@b.c@d.e", "(refused)");
    check_email("a b@c.d", "(refused)");
    check_email("a@b..c", "(refused)");
    check_email("a@.b", "(refused)");
    check_email("a@b.", "(refused)");
    check_email("a@b.c\r\nBcc: x@y.z", "(refused)");
    check_email("", "(refused)");
}

static void names_that_look_the_same_are_alike(void)
{
    CHECK(user_names_alike("Dr Rivera", "dr  rivera"));
    CHECK(user_names_alike("Dr. Rivera", "DR RIVERA"));
    CHECK(user_names_alike("Dr Rivera", "Dr R\xd1\x96v\xd0\xb5r\xd0\xb0")); /* Cyrillic letters */
    CHECK(user_names_alike("Dr Rivera", "Ｄｒ Ｒｉｖｅｒａ"));
    CHECK(user_names_alike("José", "Jose\xcc\x81"));
    CHECK(user_names_alike("ΝΙΚΟΣ", "νικοσ"));
    CHECK(!user_names_alike("Dr Rivera", "Dr Riveras"));
    CHECK(!user_names_alike("Dr Rivera", "Dr Reyes"));
    CHECK(!user_names_alike("نور", "نورا"));
}

static void roles_and_states_are_found_by_name(void)
{
    enum user_role role = USER_ADMIN;

    CHECK(user_role_from_name("desk", &role) && role == USER_DESK);
    CHECK(!user_role_from_name("root", &role) && role == USER_DESK);
    CHECK_STR(user_role_name(USER_HOST), "host");
    CHECK_STR(user_state_name(USER_INVITED), "invited");
}

static void a_sign_in_is_idle_after_twelve_hours_and_of_admins_after_one(void)
{
    const int64_t hour_ms = 3600000;

    CHECK(!user_is_idle(USER_ADMIN, 5, 5 + hour_ms));
    CHECK(user_is_idle(USER_ADMIN, 5, 6 + hour_ms));
    CHECK(!user_is_idle(USER_HOST, 5, 5 + 12 * hour_ms));
    CHECK(user_is_idle(USER_HOST, 5, 6 + 12 * hour_ms));
    CHECK(user_is_idle(USER_DESK, 5, 6 + 12 * hour_ms));
    CHECK(!user_is_idle(USER_ADMIN, 5, 4)); /* a clock that was put back */
}

static const struct check_test TESTS[] = {
    TEST(names_of_the_world_are_taken_and_trimmed),
    TEST(names_are_kept_composed),
    TEST(controls_direction_and_invisible_characters_are_refused),
    TEST(a_name_has_1_to_64_characters),
    TEST(marks_do_not_pile_up),
    TEST(e_mail_addresses_are_lowered_and_checked_loosely),
    TEST(names_that_look_the_same_are_alike),
    TEST(roles_and_states_are_found_by_name),
    TEST(a_sign_in_is_idle_after_twelve_hours_and_of_admins_after_one),
    { 0 },
};
CHECK_MAIN(TESTS)
