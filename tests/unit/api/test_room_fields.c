#include "api/room_fields.h"

#include "tests/support/check.h"
#include "util/json_fields.h"

static const uint8_t KEY[KEY_BYTES] = { 3 };

/* Applies JSON with ' for " to the rules; returns the field that was wrong, or "". */
static const char *apply(struct room_rules *r, const char *body)
{
    static struct err e;
    char text[6000];
    json_t *o = NULL;

    snprintf(text, sizeof text, "%s", body);
    for (char *p = text; *p; p++)
        if (*p == '\'')
            *p = '"';
    if (!CHECK_INT(json_parse_object(text, strlen(text), 4, &o, &e), ERR_OK))
        return "(json)";
    err_clear(&e);
    if (room_fields_apply(r, o, KEY, &e) == ERR_OK)
        e.field[0] = '\0';
    json_decref(o);
    return e.field;
}

static struct room_rules fresh(void)
{
    struct room_rules r;

    room_fields_defaults(&r);
    strcpy(r.id, "room1");
    strcpy(r.owner_id, "owner");
    return r;
}

static void the_defaults_are_those_of_the_contract(void)
{
    struct room_rules r = fresh();

    CHECK(r.waiting_room && !r.locked && !r.relay_only && !r.guests_may_stay && !r.has_pin);
    CHECK_INT(r.max_participants, 12);
    CHECK_INT(r.access, ROOM_INVITED);
    CHECK_INT(r.kind, ROOM_MEETING);
    CHECK_INT(r.topology, TOPOLOGY_AUTO);
}

static void omitted_members_stay(void)
{
    struct room_rules r = fresh(), before;

    CHECK_STR(
        apply(&r, "{'name':'A','access':'link','topology':'p2p','max_participants':3,'locked':true,'pin':'1234'}"), "");
    before = r;
    CHECK_STR(apply(&r, "{}"), "");
    CHECK_MEM(&r, &before, sizeof r);
    CHECK_STR(apply(&r, "{'locked':false}"), "");
    CHECK(!r.locked && r.access == ROOM_LINK && r.has_pin);
}

static void a_pin_is_hashed_with_the_room_and_null_clears_it(void)
{
    static const uint8_t NONE[HASH_BYTES];
    struct room_rules r = fresh(), other = fresh();

    strcpy(other.id, "room2");
    CHECK_STR(apply(&r, "{'pin':'4711'}"), "");
    CHECK_STR(apply(&other, "{'pin':'4711'}"), "");
    CHECK(r.has_pin && memcmp(r.pin_hash, NONE, sizeof NONE) != 0);
    CHECK(memcmp(r.pin_hash, other.pin_hash, sizeof r.pin_hash) != 0);
    CHECK_STR(apply(&r, "{'pin':null}"), "");
    CHECK(!r.has_pin && memcmp(r.pin_hash, NONE, sizeof NONE) == 0);
    CHECK_STR(apply(&r, "{'pin':'123'}"), "pin");
    CHECK_STR(apply(&r, "{'pin':''}"), "pin");
    CHECK_STR(apply(&r, "{'pin':'1234567890123'}"), "pin");
    CHECK_STR(apply(&r, "{'pin':'12a4'}"), "pin");
}

static void the_version_of_the_consent_counts_changes_and_never_goes_back(void)
{
    struct room_rules r = fresh();

    CHECK_INT(r.consent_version, 0);
    apply(&r, "{'consent_text':'One'}");
    CHECK_INT(r.consent_version, 1);
    apply(&r, "{'consent_text':'One'}");
    CHECK_INT(r.consent_version, 1);
    apply(&r, "{'consent_text':null}");
    CHECK_STR(r.consent_text, "");
    apply(&r, "{'consent_text':'One'}");
    CHECK_INT(r.consent_version, 3);
}

static void co_hosts_are_distinct_ids_without_the_owner(void)
{
    struct room_rules r = fresh();

    CHECK_STR(apply(&r, "{'cohosts':['a','owner','b','a']}"), "");
    CHECK_INT(r.cohost_count, 2);
    CHECK_STR(r.cohosts[1], "b");
    CHECK_STR(apply(&r, "{'cohosts':[]}"), "");
    CHECK_INT(r.cohost_count, 0);
    CHECK_STR(apply(&r, "{'cohosts':[7]}"), "cohosts");
    CHECK_STR(apply(&r, "{'cohosts':['']}"), "cohosts");
    CHECK_STR(apply(&r, "{'cohosts':['123456789012345678901234567890123']}"), "cohosts");
}

static void names_and_slugs_must_follow_their_rules(void)
{
    struct room_rules r = fresh();
    char name[200] = "{'name':'";

    CHECK_STR(apply(&r, "{'slug':'Not A Slug'}"), "slug");
    CHECK_STR(apply(&r, "{'slug':'dr-rivera'}"), "");
    CHECK_STR(apply(&r, "{'name':'  '}"), "name");
    for (int i = 0; i < 80; i++)
        strcat(name, "n");
    strcat(name, "'}");
    CHECK_STR(apply(&r, name), "");
    name[strlen(name) - 2] = '\0';
    strcat(name, "n'}");
    CHECK_STR(apply(&r, name), "name");
}

static const struct check_test TESTS[] = {
    TEST(the_defaults_are_those_of_the_contract),
    TEST(omitted_members_stay),
    TEST(a_pin_is_hashed_with_the_room_and_null_clears_it),
    TEST(the_version_of_the_consent_counts_changes_and_never_goes_back),
    TEST(co_hosts_are_distinct_ids_without_the_owner),
    TEST(names_and_slugs_must_follow_their_rules),
    { 0 },
};

int main(int argc, char **argv)
{
    return crypto_start(NULL) == ERR_OK ? check_run(TESTS, argc, argv) : 1;
}
