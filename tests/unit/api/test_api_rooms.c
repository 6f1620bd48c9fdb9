/* Rooms: rules that are accepted or refused, addresses, and rights. */
#include "tests/unit/api/practice.h"

static void features_of_later_versions_are_refused_by_name(void)
{
    static const char *const LATER[][2] = { { "topology", "'sfu'" },
                                            { "topology", "'mixed'" },
                                            { "kind", "'reception'" },
                                            { "e2ee", "true" },
                                            { "recording", "'local'" } };
    const char *room = room_of(&host, ",'topology':'p2p','kind':'meeting','e2ee':false,'recording':'off'");

    for (size_t i = 0; i < sizeof LATER / sizeof LATER[0]; i++) {
        const struct answer *a = ask(&host, "PATCH", path_to("/rooms/%s", room), "{'%s':%s}", LATER[i][0], LATER[i][1]);

        CHECK_ANSWER(a, 422, "not_available");
        CHECK_STR(a->field, LATER[i][0]);
        CHECK_ANSWER(ask(&host, "POST", "/rooms", "{'name':'X','%s':%s}", LATER[i][0], LATER[i][1]), 422,
                     "not_available");
    }
}

static void names_that_are_alike_get_addresses_that_differ(void)
{
    const char *first = kept(ask(&host, "POST", "/rooms", "{'name':'Dr Rivera'}"), "slug");
    const char *second = kept(ask(&host, "POST", "/rooms", "{'name':'Dr. Rivera'}"), "slug");
    const char *arabic = kept(ask(&host, "POST", "/rooms", "{'name':'عيادة'}"), "slug");
    const struct answer *a;

    CHECK_STR(first, "dr-rivera");
    CHECK_STR(second, "dr-rivera-2");
    CHECK(str_starts(arabic, "room-"));
    a = ask(&host, "POST", "/rooms", "{'name':'Third','slug':'dr-rivera'}");
    CHECK_ANSWER(a, 409, "slug_taken");
    CHECK_STR(a->field, "slug");
    for (int i = 0; i < 25; i++)
        CHECK_INT(ask(&host, "POST", "/rooms", "{'name':'Same'}")->status, 201);
    for (int i = 0; i < 2; i++) /* the number leaves no room for the last letter, and none for the dash before it */
        a = ask(&host, "POST", "/rooms", "{'name':'%060d b'}", 0);
    CHECK_INT(a->status, 201);
    CHECK(str_ends(json_text(a->json, "slug", ""), "00-2"));
}

static void a_pin_is_set_and_cleared_and_never_shown(void)
{
    const char *room = room_of(&host, ",'pin':'471199'");
    const struct answer *a = ask(&host, "GET", path_to("/rooms/%s", room), "%s", "");
    char *text = json_dumps(a->json, 0);

    CHECK(json_is_true(json_object_get(a->json, "has_pin")));
    CHECK(strstr(text, "471199") == NULL && strstr(text, "pin_hash") == NULL);
    free(text);
    a = ask(&host, "PATCH", path_to("/rooms/%s", room), "{'pin':null}");
    CHECK(json_is_false(json_object_get(a->json, "has_pin")));
}

static void co_hosts_are_open_accounts_that_may_enter_calls(void)
{
    const char *room = room_of(&host, "");

    CHECK_INT(
        ask(&host, "PATCH", path_to("/rooms/%s", room), "{'cohosts':['%s','%s']}", colleague.id, admin.id)->status,
        200);
    CHECK_STR(ask(&host, "PATCH", path_to("/rooms/%s", room), "{'cohosts':['nobody']}")->field, "cohosts");
    CHECK_STR(ask(&host, "PATCH", path_to("/rooms/%s", room), "{'cohosts':['%s']}", desk.id)->field, "cohosts");
    CHECK_INT(ask(&colleague, "GET", path_to("/rooms/%s", room), "%s", "")->status, 200);
    CHECK_INT(ask(&colleague, "PATCH", path_to("/rooms/%s", room), "{'locked':true}")->status, 200);
    CHECK_ANSWER(ask(&colleague, "DELETE", path_to("/rooms/%s", room), "%s", ""), 403, "not_owner");
    CHECK_INT(ask(&host, "DELETE", path_to("/rooms/%s", room), "%s", "")->status, 204);
}

static void strangers_see_nothing_and_the_front_desk_changes_nothing(void)
{
    const char *room = room_of(&host, "");

    CHECK_ANSWER(ask(&colleague, "GET", path_to("/rooms/%s", room), "%s", ""), 404, "not_found");
    CHECK_ANSWER(ask(&colleague, "PATCH", path_to("/rooms/%s", room), "{}"), 404, "not_found");
    CHECK_ANSWER(ask(&colleague, "DELETE", path_to("/rooms/%s", room), "%s", ""), 404, "not_found");
    CHECK_ANSWER(ask(&colleague, "GET", "/rooms/nowhere", "%s", ""), 404, "not_found");
    CHECK_INT(ask(&desk, "GET", path_to("/rooms/%s", room), "%s", "")->status, 200);
    CHECK_ANSWER(ask(&desk, "PATCH", path_to("/rooms/%s", room), "{}"), 403, "forbidden");
    CHECK_ANSWER(ask(&desk, "POST", "/rooms", "{'name':'Desk'}"), 403, "forbidden");
    CHECK_INT(ask(&admin, "PATCH", path_to("/rooms/%s", room), "{'relay_only':true}")->status, 200);
}

static void changes_are_counted_and_checked_against_the_etag(void)
{
    const char *room = room_of(&host, ",'consent_text':'One'");
    const char *etag = kept(ask(&host, "GET", path_to("/rooms/%s", room), "%s", ""), "etag");
    const struct answer *a = ask(&host, "PATCH", path_to("/rooms/%s", room), "{'consent_text':'Two'}");

    CHECK_INT(json_int(a->json, "consent_version", 0), 2);
    CHECK(strcmp(json_text(a->json, "etag", ""), etag) != 0);
    host.header = "If-Match";
    host.value = etag;
    CHECK_ANSWER(ask(&host, "PATCH", path_to("/rooms/%s", room), "{'name':'Late'}"), 412, "changed");
    host.header = "If-Match";
    host.value = etag;
    CHECK_ANSWER(ask(&host, "DELETE", path_to("/rooms/%s", room), "%s", ""), 412, "changed");
}

static void the_record_names_members_and_not_their_values(void)
{
    static struct jar auditor;
    const char *room = room_of(&host, "");
    const struct answer *a;
    json_t *row;
    size_t i;
    bool found = false;

    auditor = person(USER_ADMIN, "Auditor Two");
    ask(&host, "PATCH", path_to("/rooms/%s", room), "{'pin':'90210','relay_only':true}");
    ask(&host, "PATCH", path_to("/rooms/%s", room), "{'locked':true}");
    a = ask(&auditor, "GET", "/audit?limit=200&action=room.change", "%s", "");
    json_array_foreach(json_object_get(a->json, "items"), i, row)
    {
        if (strcmp(json_text(row, "object", ""), room) != 0)
            continue;
        found = true;
        CHECK(str_starts(json_text(row, "facts", ""), "fields=pin,relay_only request="));
        CHECK_STR(json_text(row, "actor", ""), host.id);
    }
    CHECK(found);
    CHECK(recorded("room.lock") >= 1);
}

/* How often the record says that `actor` did this to `room` with `user`. */
static int cohosts_recorded(const char *action, const char *room, const char *actor, const char *user)
{
    static struct jar auditor;
    const struct answer *a;
    char facts[80];
    json_t *row;
    size_t i;
    int found = 0;

    if (!auditor.sid[0])
        auditor = person(USER_ADMIN, "Auditor Three");
    snprintf(facts, sizeof facts, "user=%s request=", user);
    a = ask(&auditor, "GET", path_to("/audit?limit=200&action=%s", action), "%s", "");
    json_array_foreach(json_object_get(a->json, "items"), i, row) found +=
        strcmp(json_text(row, "object", ""), room) == 0 && strcmp(json_text(row, "actor", ""), actor) == 0 &&
        str_starts(json_text(row, "facts", ""), facts);
    return found;
}

static void the_record_names_new_co_hosts_and_removed_ones(void)
{
    const char *room = room_of(&host, path_to(",'cohosts':['%s']", colleague.id));

    CHECK_INT(cohosts_recorded("cohost.add", room, host.id, colleague.id), 1);
    CHECK_INT(
        ask(&admin, "PATCH", path_to("/rooms/%s", room), "{'cohosts':['%s','%s']}", colleague.id, admin.id)->status,
        200);
    CHECK_INT(cohosts_recorded("cohost.add", room, admin.id, admin.id), 1);
    CHECK_INT(cohosts_recorded("cohost.add", room, admin.id, colleague.id), 0);
    CHECK_INT(ask(&host, "PATCH", path_to("/rooms/%s", room), "{'cohosts':['%s']}", admin.id)->status, 200);
    CHECK_INT(cohosts_recorded("cohost.remove", room, host.id, colleague.id), 1);
    CHECK_INT(cohosts_recorded("cohost.remove", room, host.id, admin.id), 0);
    CHECK_INT(ask(&host, "PATCH", path_to("/rooms/%s", room), "{'relay_only':true}")->status, 200);
    CHECK_INT(cohosts_recorded("cohost.add", room, host.id, admin.id), 0);
}

static void all_members_can_change_at_once(void)
{
    const char *room = room_of(&host, "");
    const struct answer *a =
        ask(&host, "PATCH", path_to("/rooms/%s", room),
            "{'name':'All','slug':'all-at-once','kind':'meeting','topology':'p2p','waiting_room':false,'access':'link',"
            "'max_participants':4,'pin':'1234','locked':true,'relay_only':true,'e2ee':false,'recording':'off',"
            "'guests_may_stay':true,'consent_text':'Text','cohosts':['%s']}",
            colleague.id);

    CHECK_ANSWER(a, 200, "");
    CHECK_STR(json_text(a->json, "slug", ""), "all-at-once");
}

static const struct check_test TESTS[] = {
    TEST(features_of_later_versions_are_refused_by_name),
    TEST(names_that_are_alike_get_addresses_that_differ),
    TEST(a_pin_is_set_and_cleared_and_never_shown),
    TEST(co_hosts_are_open_accounts_that_may_enter_calls),
    TEST(strangers_see_nothing_and_the_front_desk_changes_nothing),
    TEST(changes_are_counted_and_checked_against_the_etag),
    TEST(the_record_names_members_and_not_their_values),
    TEST(the_record_names_new_co_hosts_and_removed_ones),
    TEST(all_members_can_change_at_once),
    { 0 },
};

PRACTICE_MAIN(TESTS, NULL)
