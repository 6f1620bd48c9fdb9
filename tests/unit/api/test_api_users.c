/* Accounts: the actions of an administrator, and the last administrator, who must stay. */
#include "tests/unit/api/practice.h"

static const struct answer *change(struct jar *who, const char *user_id, const char *body)
{
    return ask(who, "PATCH", path_to("/users/%s", user_id), "%s", body);
}

static void the_last_active_admin_stays(void)
{
    struct jar second;

    CHECK_ANSWER(change(&admin, admin.id, "{'role':'host'}"), 409, "last_admin");
    CHECK_ANSWER(change(&admin, admin.id, "{'disabled':true}"), 409, "last_admin");
    CHECK_ANSWER(ask(&admin, "DELETE", path_to("/users/%s", admin.id), "%s", ""), 409, "last_admin");
    second = person(USER_ADMIN, "Second");
    CHECK_ANSWER(change(&admin, second.id, "{'disabled':true}"), 200, "");
    CHECK_ANSWER(change(&admin, admin.id, "{'disabled':true}"), 409, "last_admin"); /* a disabled one does not count */
    CHECK_ANSWER(change(&admin, second.id, "{'disabled':false}"), 200, "");
    CHECK_ANSWER(change(&admin, second.id, "{'role':'host'}"), 200, "");
    CHECK_INT(ask(&admin, "GET", "/session", "%s", "")->status, 200);
}

static void null_clears_and_omitted_members_stay(void)
{
    struct jar mia = person(USER_HOST, "Mia");
    const struct answer *a = ask(&mia, "PATCH", "/me", "{'language':'ar','timezone':'Europe/Ljubljana'}");

    CHECK_STR(json_text(a->json, "name", ""), "Mia");
    CHECK_STR(json_text(a->json, "language", ""), "ar");
    a = ask(&mia, "PATCH", "/me", "{'language':null,'name':'Mia Novak'}");
    CHECK(json_is_null(json_object_get(a->json, "language")));
    CHECK_STR(json_text(a->json, "timezone", ""), "Europe/Ljubljana");
    CHECK_STR(json_text(a->json, "name", ""), "Mia Novak");
    CHECK_STR(ask(&mia, "PATCH", "/me", "{'timezone':'../etc/passwd\\u0009'}")->field, "timezone");
    CHECK_STR(ask(&mia, "PATCH", "/me", "{'name':null}")->field, "name");
    CHECK_STR(ask(&mia, "PATCH", "/me", "{'language':'xx'}")->field, "language");
}

static void an_etag_that_is_old_changes_nothing(void)
{
    struct jar mia = person(USER_HOST, "Etag");
    const char *etag = kept(ask(&admin, "GET", path_to("/users/%s", mia.id), "%s", ""), "etag");

    CHECK_INT(change(&admin, mia.id, "{'name':'Newer'}")->status, 200);
    admin.header = "If-Match";
    admin.value = etag;
    CHECK_ANSWER(change(&admin, mia.id, "{'name':'Oldest'}"), 412, "changed");
    admin.header = "If-Match";
    admin.value = etag;
    CHECK_ANSWER(ask(&admin, "DELETE", path_to("/users/%s", mia.id), "%s", ""), 412, "changed");
    CHECK_STR(json_text(ask(&admin, "GET", path_to("/users/%s", mia.id), "%s", "")->json, "name", ""), "Newer");
}

static void another_role_ends_sign_ins_another_name_does_not(void)
{
    struct jar mia = person(USER_HOST, "Role");

    CHECK_INT(change(&admin, mia.id, "{'name':'Renamed'}")->status, 200);
    CHECK_INT(ask(&mia, "GET", "/session", "%s", "")->status, 200);
    CHECK_INT(change(&admin, mia.id, "{'role':'host'}")->status, 200); /* the same role */
    CHECK_INT(ask(&mia, "GET", "/session", "%s", "")->status, 200);
    CHECK_INT(change(&admin, mia.id, "{'role':'desk'}")->status, 200);
    CHECK_INT(ask(&mia, "GET", "/session", "%s", "")->status, 401);
}

static void an_account_that_owns_rooms_is_not_deleted(void)
{
    struct jar owner = person(USER_HOST, "Owner");

    room_of(&owner, "");
    CHECK_ANSWER(ask(&admin, "DELETE", path_to("/users/%s", owner.id), "%s", ""), 409, "owns_rooms");
    CHECK_INT(ask(&owner, "GET", "/session", "%s", "")->status, 200); /* no part of it happened */
}

static void an_address_belongs_to_one_account(void)
{
    const struct answer *a;

    CHECK_INT(ask(&admin, "POST", "/users", "{'email':'Twin@example.org','name':'One','role':'desk'}")->status, 201);
    a = ask(&admin, "POST", "/users", "{'email':'twin@EXAMPLE.org','name':'Two','role':'desk'}");
    CHECK_ANSWER(a, 409, "email_taken");
    CHECK_STR(a->field, "email");
}

static void changes_are_recorded(void)
{
    CHECK(recorded("user.create") >= 1);
    CHECK(recorded("user.change") >= 3);
    CHECK(recorded("user.disable") >= 1);
    CHECK(recorded("password.link") >= 1);
    CHECK(json_is_true(json_object_get(ask(&admin, "GET", "/audit/verify", "%s", "")->json, "intact")));
}

static const struct check_test TESTS[] = {
    TEST(the_last_active_admin_stays), /* first: while there is one */
    TEST(null_clears_and_omitted_members_stay),
    TEST(an_etag_that_is_old_changes_nothing),
    TEST(another_role_ends_sign_ins_another_name_does_not),
    TEST(an_account_that_owns_rooms_is_not_deleted),
    TEST(an_address_belongs_to_one_account),
    TEST(changes_are_recorded),
    { 0 },
};

PRACTICE_MAIN(TESTS, NULL)
