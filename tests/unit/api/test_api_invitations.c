/* Links: made, shown again, renewed, revoked, looked up. */
#include "tests/unit/api/practice.h"

static struct jar stranger;
static const char *room;

static const struct answer *make(struct jar *who, const char *body)
{
    return ask(who, "POST", path_to("/rooms/%s/invitations", room), "%s", body);
}

static const struct answer *lookup(struct jar *who, const char *code)
{
    return ask(who, "POST", "/invitations/lookup", "{'code':'%s'}", code);
}

static const struct answer *act(struct jar *who, const char *id, const char *verb)
{
    return ask(who, "POST", path_to("/invitations/%s/%s", id, verb), "{}");
}

static void hosts_and_the_front_desk_make_links_and_nobody_else(void)
{
    const char *id = kept(make(&host, "{}"), "id");

    CHECK_INT(make(&desk, "{}")->status, 201);
    CHECK_ANSWER(make(&stranger, "{}"), 404, "not_found");
    CHECK_ANSWER(make(&admin, "{}"), 403, "not_host");
    CHECK_ANSWER(act(&stranger, id, "link"), 404, "not_found");
    CHECK_ANSWER(act(&admin, id, "link"), 403, "not_host");
    CHECK_ANSWER(act(&stranger, id, "renew"), 404, "not_found");
    CHECK_ANSWER(act(&admin, id, "renew"), 403, "not_host");
    CHECK_ANSWER(act(&stranger, "nowhere", "renew"), 404, "not_found");
    CHECK_ANSWER(act(&stranger, id, "dismiss"), 404, "not_found");
    CHECK_ANSWER(act(&admin, id, "dismiss"), 403, "not_host");
    CHECK_ANSWER(ask(&stranger, "DELETE", path_to("/invitations/%s", id), "%s", ""), 404, "not_found");
}

static void the_link_holds_the_code_and_only_its_hash_is_stored(void)
{
    const struct answer *a = make(&host, "{'guest_name':' Gina ','email':'Gina@Example.org'}");
    const char *code = kept(a, "code");
    struct invitation i;
    uint8_t hash[HASH_BYTES];

    CHECK_STR(json_text(a->json, "url", ""), path_to(URL "/j/#%s", code));
    CHECK_STR(json_text(a->json, "guest_name", ""), "Gina");
    CHECK_STR(json_text(a->json, "email", ""), "gina@example.org");
    invitation_code_hash(code, hash);
    CHECK_INT(store_invitation_by_code(practice.store, hash, &i, NULL), ERR_OK);
    CHECK_INT((i.expires_ms - i.created_ms) / 86400000, 30);
}

static void times_must_make_sense(void)
{
    CHECK_STR(make(&host, "{'expires_at':'2020-01-01T00:00:00Z'}")->field, "expires_at");
    CHECK_STR(make(&host, "{'not_before':'2099-01-02T00:00:00Z','expires_at':'2099-01-01T00:00:00Z'}")->field,
              "expires_at");
    CHECK_STR(make(&host, "{'max_uses':0}")->field, "max_uses");
    CHECK_STR(make(&host, "{'email':'nobody'}")->field, "email");
    CHECK(json_is_null(json_object_get(make(&host, "{'expires_at':null}")->json, "expires_at")));
    CHECK_STR(json_text(make(&host, "{'not_before':'2099-01-01T00:00:00Z'}")->json, "expires_at", ""),
              "2099-01-31T00:00:00Z");
}

static void showing_again_is_recorded_and_renewing_voids(void)
{
    const struct answer *a = make(&host, "{}");
    const char *id = kept(a, "id"), *code = kept(a, "code"), *newer;
    struct jar guest = { 0 };

    CHECK_STR(json_text(act(&desk, id, "link")->json, "code", ""), code);
    CHECK_INT(recorded("invitation.show"), 1);
    newer = kept(act(&host, id, "renew"), "code");
    CHECK(strcmp(newer, code) != 0);
    CHECK_ANSWER(lookup(&guest, code), 404, "unknown_code");
    CHECK_ANSWER(lookup(&guest, newer), 200, "");
    CHECK_STR(json_text(act(&desk, id, "link")->json, "code", ""), newer);
}

static void a_revoked_link_is_shown_no_more_and_renewed_works_again(void)
{
    const struct answer *a = make(&host, "{}");
    const char *id = kept(a, "id"), *code = kept(a, "code");
    struct jar guest = { 0 };

    CHECK_INT(ask(&host, "DELETE", path_to("/invitations/%s", id), "%s", "")->status, 204);
    CHECK_INT(ask(&host, "DELETE", path_to("/invitations/%s", id), "%s", "")->status, 204);
    CHECK_INT(recorded("invitation.revoke"), 1);
    CHECK_STR(json_text(lookup(&guest, code)->json, "state", ""), "revoked");
    CHECK_ANSWER(act(&host, id, "link"), 409, "invitation_revoked");
    CHECK_STR(json_text(act(&host, id, "renew")->json, "state", ""), "valid");
}

static void lookup_tells_the_landing_page_and_no_more(void)
{
    const char *code = kept(make(&host, "{'guest_name':'Gina','email':'gina@example.org'}"), "code");
    struct jar guest = { 0 }, other = { 0 };
    const struct answer *a = lookup(&guest, code);
    char upper[INVITATION_CODE_SIZE];
    char *text = json_dumps(a->json, 0);

    CHECK_STR(json_text(a->json, "host_name", ""), "Dr Rivera");
    CHECK_STR(json_text(a->json, "guest_name", ""), "Gina");
    CHECK_STR(json_text(a->json, "recording", ""), "off");
    CHECK(strstr(text, "gina@example.org") == NULL);
    free(text);
    CHECK_STR(guest.guest, ""); /* looking leaves no cookie */
    ask(&guest, "POST", path_to("/rooms/%s/join", room), "{'invitation':'%s'}", code);
    CHECK_STR(json_text(lookup(&guest, code)->json, "state", ""), "valid");
    a = lookup(&other, code);
    CHECK_STR(json_text(a->json, "state", ""), "used");
    CHECK(!json_given(a->json, "guest_name")); /* the guest's name is not told */
    for (size_t i = 0; i <= strlen(code); i++)
        upper[i] = code[i] >= 'a' && code[i] <= 'z' ? (char)(code[i] - 32) : code[i];
    CHECK_INT(lookup(&other, upper)->status, 200);
    CHECK_ANSWER(lookup(&other, "AAAAAAAAAAAAAAAAAAAAAAAAAA"), 404, "unknown_code");
    CHECK_ANSWER(lookup(&other, "x"), 404, "unknown_code");
}

static size_t asked(struct jar *who)
{
    return json_array_size(json_object_get(ask(who, "GET", "/invitations/asked", "%s", "")->json, "items"));
}

static const struct answer *ask_new(struct jar *who, const char *code)
{
    return ask(who, "POST", "/invitations/request-new", "{'code':'%s'}", code);
}

static void a_new_link_is_asked_for_once_and_renewing_answers(void)
{
    const struct answer *a = make(&host, "{}");
    const char *id = kept(a, "id"), *code = kept(a, "code"), *at;
    struct jar guest = { 0 };

    CHECK_ANSWER(ask_new(&guest, code), 409, "invitation_works");
    CHECK_ANSWER(ask_new(&guest, "AAAAAAAAAAAAAAAAAAAAAAAAAA"), 404, "unknown_code");
    ask(&host, "DELETE", path_to("/invitations/%s", id), "%s", "");
    CHECK_INT(asked(&host), 0);
    at = kept(ask_new(&guest, code), "asked_at");
    CHECK(at[0] != '\0');
    CHECK_STR(json_text(ask_new(&guest, code)->json, "asked_at", ""), at);
    CHECK_INT(recorded("invitation.ask"), 1);
    CHECK_INT(asked(&host), 1);
    CHECK_INT(asked(&desk), 1);
    CHECK_INT(asked(&stranger), 0);
    CHECK_INT(asked(&admin), 0); /* no host of this room */
    CHECK_INT(act(&host, id, "renew")->status, 200);
    CHECK_INT(asked(&desk), 0);
}

static void dismissing_a_request_closes_it_and_leaves_the_link_as_it_was(void)
{
    const struct answer *a = make(&host, "{}");
    const char *id = kept(a, "id"), *code = kept(a, "code");
    struct jar first = { 0 }, other = { 0 };

    ask(&first, "POST", path_to("/rooms/%s/join", room), "{'invitation':'%s','name':'Gina'}", code);
    CHECK_ANSWER(ask_new(&first, code), 409, "invitation_works"); /* for the person who has used it */
    CHECK_INT(ask_new(&other, code)->status, 200);
    CHECK_INT(asked(&desk), 1);
    CHECK(json_is_null(json_object_get(act(&desk, id, "dismiss")->json, "asked_at")));
    CHECK_INT(act(&desk, id, "dismiss")->status, 200);
    CHECK_INT(recorded("invitation.dismiss"), 1);
    CHECK_INT(asked(&desk), 0);
    CHECK_INT(ask_new(&other, code)->status, 200); /* within the hour: the same answer, and nobody is notified */
    CHECK_INT(asked(&desk), 0);
    CHECK_STR(json_text(lookup(&first, code)->json, "state", ""), "valid");
}

static const struct answer *make_once(const char *key, const char *body)
{
    host.header = "Idempotency-Key";
    host.value = key;
    return make(&host, body);
}

static void the_same_key_makes_one_invitation_and_serves_no_other_request(void)
{
    const char *was = room, *id = kept(make_once("k1", "{'guest_name':'A','max_uses':2}"), "id");

    CHECK_STR(json_text(make_once("k1", "{ 'max_uses': 2, 'guest_name': 'A' }")->json, "id", ""), id);
    CHECK_ANSWER(make_once("k1", "{'guest_name':'B','max_uses':2}"), 422, "idempotency_mismatch");
    CHECK_ANSWER(make_once("k1", "{}"), 422, "idempotency_mismatch");
    CHECK(strcmp(json_text(make_once("k2", "{'guest_name':'A'}")->json, "id", ""), id) != 0);
    room = room_of(&host, "");
    CHECK_ANSWER(make_once("k1", "{'guest_name':'A','max_uses':2}"), 422, "idempotency_mismatch");
    room = was;
    CHECK_STR(json_text(make_once("k1", "{'guest_name':'A','max_uses':2}")->json, "id", ""), id);
    CHECK_ANSWER(make_once("", "{}"), 422, "bad_idempotency_key");
}

static void the_list_goes_page_by_page_without_codes(void)
{
    const char *after = "";
    int seen = 0, pages = 0;
    json_t *item;
    size_t i;

    room = room_of(&host, "");
    for (int n = 0; n < 7; n++)
        make(&host, "{}");
    do {
        const struct answer *a =
            ask(&host, "GET", path_to("/rooms/%s/invitations?limit=3%s%s", room, after[0] ? "&after=" : "", after),
                "%s", "");

        json_array_foreach(json_object_get(a->json, "items"), i, item)
        {
            CHECK(!json_given(item, "code") && !json_given(item, "url"));
            seen++;
        }
        after = kept(a, "next");
    } while (after[0] && ++pages < 10);
    CHECK_INT(seen, 7);
    CHECK_INT(pages, 2);
}

static void prepare(void)
{
    stranger = person(USER_HOST, "Dr Other");
    room = room_of(&host, "");
}

static const struct check_test TESTS[] = {
    TEST(hosts_and_the_front_desk_make_links_and_nobody_else),
    TEST(the_link_holds_the_code_and_only_its_hash_is_stored),
    TEST(times_must_make_sense),
    TEST(showing_again_is_recorded_and_renewing_voids),
    TEST(a_revoked_link_is_shown_no_more_and_renewed_works_again),
    TEST(lookup_tells_the_landing_page_and_no_more),
    TEST(a_new_link_is_asked_for_once_and_renewing_answers),
    TEST(dismissing_a_request_closes_it_and_leaves_the_link_as_it_was),
    TEST(the_same_key_makes_one_invitation_and_serves_no_other_request),
    TEST(the_list_goes_page_by_page_without_codes),
    { 0 },
};

PRACTICE_MAIN(TESTS, prepare)
