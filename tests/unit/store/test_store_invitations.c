#include "fixture.h"
#include "store/db.h"
#include "store/store_inside.h"

#define HOUR_MS (3600 * 1000)

static void an_invitation_is_found_by_id_and_code(void)
{
    struct fixture f = fixture_new();
    struct invitation i = make_invitation("i1", "r1", "code"), got;
    uint8_t other[HASH_BYTES];

    fixture_fill(&f);
    snprintf(i.guest_name, sizeof i.guest_name, "Ana");
    snprintf(i.email, sizeof i.email, "ana@example.org");
    i.max_uses = 3;
    i.not_before_ms = NOW_MS + 1;
    i.expires_ms = NOW_MS + 2;
    CHECK_INT(WRITE(f, store_invitation_add(f.s, &i, &f.e)), ERR_OK);
    CHECK_INT(store_invitation_by_id(f.s, "i1", &got, &f.e), ERR_OK);
    CHECK_STR(got.room_id, "r1");
    CHECK_STR(got.created_by, "u1");
    CHECK_STR(got.guest_name, "Ana");
    CHECK_STR(got.email, "ana@example.org");
    CHECK_INT(got.generation, 1);
    CHECK_INT(got.max_uses, 3);
    CHECK_INT(got.uses, 0);
    CHECK_INT(got.not_before_ms, NOW_MS + 1);
    CHECK_INT(got.expires_ms, NOW_MS + 2);
    CHECK_INT(got.revoked_ms, 0);
    CHECK_INT(got.created_ms, NOW_MS);
    CHECK_INT(store_invitation_by_code(f.s, i.code_hash, &got, &f.e), ERR_OK);
    CHECK_STR(got.id, "i1");
    hash_of("other", other);
    CHECK_INT(store_invitation_by_code(f.s, other, &got, &f.e), ERR_NOT_FOUND);
    i = make_invitation("i2", "nowhere", "code2");
    CHECK_INT(WRITE(f, store_invitation_add(f.s, &i, &f.e)), ERR_NOT_FOUND);
    fixture_end(&f);
}

static void an_identity_is_counted_once(void)
{
    struct fixture f = fixture_new();
    struct invitation i = make_invitation("i1", "r1", "code");
    uint8_t ana[HASH_BYTES], ben[HASH_BYTES];
    bool known = true;

    fixture_fill(&f);
    hash_of("ana", ana);
    hash_of("ben", ben);
    CHECK_INT(WRITE(f, store_invitation_add(f.s, &i, &f.e)), ERR_OK);
    CHECK_INT(store_invitation_known(f.s, "i1", ana, &known, &f.e), ERR_OK);
    CHECK(!known);
    CHECK_INT(WRITE(f, store_invitation_use(f.s, "i1", ana, NOW_MS, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_invitation_use(f.s, "i1", ana, NOW_MS, &f.e)), ERR_OK);
    CHECK_INT(store_invitation_known(f.s, "i1", ana, &known, &f.e), ERR_OK);
    CHECK(known);
    CHECK_INT(store_invitation_known(f.s, "i1", ben, &known, &f.e), ERR_OK);
    CHECK(!known);
    CHECK_INT(WRITE(f, store_invitation_use(f.s, "i1", ben, NOW_MS, &f.e)), ERR_OK);
    CHECK_INT(store_invitation_by_id(f.s, "i1", &i, &f.e), ERR_OK);
    CHECK_INT(i.uses, 2);
    CHECK_INT(WRITE(f, store_invitation_use(f.s, "nothing", ben, NOW_MS, &f.e)), ERR_NOT_FOUND);
    fixture_end(&f);
}

/* Two may come within a millisecond, and a clock may be set back. */
static void the_first_to_use_it_stays_the_first(void)
{
    struct fixture f = fixture_new();
    struct invitation i = make_invitation("i1", "r1", "code");
    uint8_t ana[HASH_BYTES], ben[HASH_BYTES];
    bool anothers = true;

    fixture_fill(&f);
    hash_of("ana", ana);
    hash_of("ben", ben);
    CHECK_INT(WRITE(f, store_invitation_add(f.s, &i, &f.e)), ERR_OK);
    CHECK_INT(store_invitation_is_anothers(f.s, "i1", ana, &anothers, &f.e), ERR_OK);
    CHECK(!anothers);
    CHECK_INT(WRITE(f, store_invitation_use(f.s, "i1", ana, NOW_MS, &f.e)), ERR_OK);
    for (int64_t at_ms = NOW_MS; at_ms > NOW_MS - 2; at_ms--) {
        CHECK_INT(WRITE(f, store_invitation_use(f.s, "i1", ben, at_ms, &f.e)), ERR_OK);
        CHECK_INT(store_invitation_is_anothers(f.s, "i1", ana, &anothers, &f.e), ERR_OK);
        CHECK(!anothers);
        CHECK_INT(store_invitation_is_anothers(f.s, "i1", ben, &anothers, &f.e), ERR_OK);
        CHECK(anothers);
        hash_of("cleo", ben);
    }
    CHECK_INT(WRITE(f, store_invitation_renew(f.s, &i, &f.e)), ERR_OK);
    CHECK_INT(store_invitation_is_anothers(f.s, "i1", ben, &anothers, &f.e), ERR_OK);
    CHECK(!anothers);
    fixture_end(&f);
}

static void renewing_voids_the_old_code_and_lifts_a_revocation(void)
{
    struct fixture f = fixture_new();
    struct invitation i = make_invitation("i1", "r1", "code"), got;
    uint8_t ana[HASH_BYTES], fresh[HASH_BYTES];
    bool known;

    fixture_fill(&f);
    hash_of("ana", ana);
    hash_of("fresh", fresh);
    CHECK_INT(WRITE(f, store_invitation_add(f.s, &i, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_invitation_use(f.s, "i1", ana, NOW_MS, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_invitation_revoke(f.s, "i1", NOW_MS + 1, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_invitation_revoke(f.s, "i1", NOW_MS + 9, &f.e)), ERR_OK);
    CHECK_INT(store_invitation_by_id(f.s, "i1", &got, &f.e), ERR_OK);
    CHECK_INT(got.revoked_ms, NOW_MS + 1);
    memcpy(got.code_hash, fresh, HASH_BYTES);
    got.not_before_ms = NOW_MS + 8;
    got.expires_ms = NOW_MS + 9;
    CHECK_INT(WRITE(f, store_invitation_renew(f.s, &got, &f.e)), ERR_OK);
    CHECK_INT(store_invitation_by_code(f.s, i.code_hash, &got, &f.e), ERR_NOT_FOUND);
    CHECK_INT(store_invitation_by_code(f.s, fresh, &got, &f.e), ERR_OK);
    CHECK_INT(got.not_before_ms, NOW_MS + 8);
    CHECK_INT(got.expires_ms, NOW_MS + 9);
    CHECK_INT(got.generation, 2);
    CHECK_INT(got.uses, 0);
    CHECK_INT(got.revoked_ms, 0);
    CHECK_INT(store_invitation_known(f.s, "i1", ana, &known, &f.e), ERR_OK);
    CHECK(!known);
    i = make_invitation("nothing", "r1", "none");
    CHECK_INT(WRITE(f, store_invitation_renew(f.s, &i, &f.e)), ERR_NOT_FOUND);
    CHECK_INT(WRITE(f, store_invitation_revoke(f.s, "nothing", NOW_MS, &f.e)), ERR_NOT_FOUND);
    fixture_end(&f);
}

static void lists_are_of_one_room_and_newest_first(void)
{
    struct fixture f = fixture_new();
    struct room_rules other = make_room("r2", "u1", "room-two");
    char after[ID_SIZE] = "";
    struct invitation_list l;
    int seen = 0;
    bool more;

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_room_add(f.s, &other, &f.e)), ERR_OK);
    for (int n = 0; n < 9; n++) {
        char id[16];
        struct invitation i;

        snprintf(id, sizeof id, "i%d", n);
        i = make_invitation(id, n < 7 ? "r1" : "r2", id);
        i.created_ms += n / 3;
        CHECK_INT(WRITE(f, store_invitation_add(f.s, &i, &f.e)), ERR_OK);
    }
    do {
        if (!CHECK_INT(store_invitation_list(f.s, "r1", after, 3, &l, &f.e), ERR_OK))
            break;
        for (size_t i = 0; i < l.count; i++, seen++)
            CHECK_INT(atoi(l.items[i].id + 1), 6 - seen);
        snprintf(after, sizeof after, "%s", l.items[l.count - 1].id);
        more = l.more;
        invitation_list_clear(&l);
    } while (more && seen < 20);
    CHECK_INT(seen, 7);
    CHECK_INT(store_invitation_list(f.s, "r1", "nothing", 3, &l, &f.e), ERR_INVALID);
    fixture_end(&f);
}

/* i1 of r1, asked first; i2 of r2, which belongs to another user. */
static void open_requests_are_listed_for_the_hosts_of_their_rooms(void)
{
    struct fixture f = fixture_new();
    struct invitation i1 = make_invitation("i1", "r1", "one"), i2 = make_invitation("i2", "r2", "two");
    struct room_rules r2 = make_room("r2", "u2", "second");
    struct invitation_list list;

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_room_add(f.s, &r2, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_invitation_add(f.s, &i1, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_invitation_add(f.s, &i2, &f.e)), ERR_OK);
    CHECK_INT(store_invitation_list_asked(f.s, "", &list, &f.e), ERR_OK);
    CHECK_INT(list.count, 0);
    CHECK_INT(WRITE(f, store_invitation_ask(f.s, "i2", NOW_MS + 2, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_invitation_ask(f.s, "i1", NOW_MS + 1, &f.e)), ERR_OK);
    CHECK_INT(store_invitation_list_asked(f.s, "", &list, &f.e), ERR_OK);
    CHECK_INT(list.count, 2);
    CHECK_STR(list.items[0].id, "i1");
    CHECK_INT(list.items[0].asked_ms, NOW_MS + 1);
    invitation_list_clear(&list);
    CHECK_INT(store_invitation_list_asked(f.s, "u1", &list, &f.e), ERR_OK);
    CHECK_INT(list.count, 1);
    invitation_list_clear(&list);
    CHECK_INT(WRITE(f, store_invitation_answer(f.s, "i1", NOW_MS, &f.e)), ERR_OK); /* the clock went back: still over */
    CHECK_INT(store_invitation_list_asked(f.s, "u1", &list, &f.e), ERR_OK);
    CHECK_INT(list.count, 0);
    CHECK_INT(WRITE(f, store_invitation_ask(f.s, "nowhere", NOW_MS, &f.e)), ERR_NOT_FOUND);
    fixture_end(&f);
}

static void wrong_pins_are_counted_for_an_hour(void)
{
    struct fixture f = fixture_new();
    uint8_t ana[HASH_BYTES], ben[HASH_BYTES];
    int mine, all;

    fixture_fill(&f);
    hash_of("ana", ana);
    hash_of("ben", ben);
    for (int i = 0; i < 3; i++)
        CHECK_INT(WRITE(f, store_pin_failed(f.s, "r1", ana, NOW_MS + i, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_pin_failed(f.s, "r1", ben, NOW_MS + 50, &f.e)), ERR_OK);
    CHECK_INT(store_pin_failures(f.s, "r1", ana, NOW_MS + 60, &mine, &all, &f.e), ERR_OK);
    CHECK_INT(mine, 3);
    CHECK_INT(all, 4);
    CHECK_INT(store_pin_failures(f.s, "r2", ana, NOW_MS + 60, &mine, &all, &f.e), ERR_OK);
    CHECK_INT(all, 0);
    CHECK_INT(store_pin_failures(f.s, "r1", ana, NOW_MS + HOUR_MS + 2, &mine, &all, &f.e), ERR_OK);
    CHECK_INT(mine, 0);
    CHECK_INT(all, 1);
    CHECK_INT(WRITE(f, store_pin_failed(f.s, "r1", ana, NOW_MS + 2 * HOUR_MS, &f.e)),
              ERR_OK); /* takes the old ones along */
    CHECK_INT(store_pin_failures(f.s, "r1", ana, NOW_MS, &mine, &all, &f.e), ERR_OK);
    CHECK_INT(all, 1);
    CHECK_INT(WRITE(f, store_pin_failed(f.s, "nowhere", ana, NOW_MS, &f.e)), ERR_NOT_FOUND);
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(an_invitation_is_found_by_id_and_code),  TEST(an_identity_is_counted_once),
    TEST(the_first_to_use_it_stays_the_first),    TEST(renewing_voids_the_old_code_and_lifts_a_revocation),
    TEST(lists_are_of_one_room_and_newest_first), TEST(open_requests_are_listed_for_the_hosts_of_their_rooms),
    TEST(wrong_pins_are_counted_for_an_hour),     { 0 },
};
CHECK_MAIN(TESTS)
