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

static void invisible_characters_are_removed(void)
{
    check_name("\xe2\x80\x8eRivera\xe2\x80\x8f", "Rivera");                /* U+200E, U+200F */
    check_name("Rivera\xe2\x80\xae", "Rivera");                            /* U+202E */
    check_name("\xe2\x81\xa6Rivera\xe2\x81\xa9", "Rivera");                /* U+2066, U+2069 */
    check_name("Ri\xe2\x80\x8bvera", "Rivera");                            /* U+200B */
    check_name("Ri\xc2\xadvera", "Rivera");                                /* U+00AD */
    check_name("\xef\xbb\xbfRivera", "Rivera");                            /* U+FEFF */
    check_name("\xef\xbf\xbcRivera", "Rivera");                            /* U+FFFC */
    check_name("\tDr\xc2\xa0 Rivera\r\n", "Dr Rivera");                    /* from a cell of a table */
    check_name("A\xe2\x81\xa0me\xe2\x80\x8b\xcc\x81lie", "Am\xc3\xa9lie"); /* composed across a removed character */
}

static void a_name_of_unseen_marks_alone_is_empty(void)
{
    check_name("\xe2\x80\x8b\xe2\x80\x8e", "(refused)");
    check_name("\xe3\x85\xa4", "(refused)"); /* U+3164 */
}

static void controls_and_broken_characters_are_refused(void)
{
    check_name("a\x1b[1m", "(refused)");
    check_name("a\x7f", "(refused)");
    check_name("a\xef\xbf\xbd", "(refused)"); /* U+FFFD */
    check_name("a\xee\x80\x80", "(refused)"); /* U+E000 */
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
    check_email("\xef\xbb\xbf"
                "ana@example.org\xe2\x80\x8b",
                "ana@example.org"); /* pasted */
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
    TEST(invisible_characters_are_removed),
    TEST(a_name_of_unseen_marks_alone_is_empty),
    TEST(controls_and_broken_characters_are_refused),
    TEST(a_name_has_1_to_64_characters),
    TEST(marks_do_not_pile_up),
    TEST(e_mail_addresses_are_lowered_and_checked_loosely),
    TEST(roles_and_states_are_found_by_name),
    TEST(a_sign_in_is_idle_after_twelve_hours_and_of_admins_after_one),
    { 0 },
};
CHECK_MAIN(TESTS)
