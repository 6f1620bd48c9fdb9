#include "domain/audit.h"
#include "domain/crypto.h"
#include "tests/support/check.h"

static struct audit_row row(void)
{
    struct audit_row r = { .seq = 7,
                           .event = { .action = AUDIT_ROOM_CREATE,
                                      .actor = "usr",
                                      .object = "room",
                                      .facts = "kind=meeting",
                                      .detail = "Dr Rivera",
                                      .at_ms = 1234567890123 },
                           .salt = { 1, 2, 3 },
                           .prev = { 9, 9 } };

    audit_row_seal(&r);
    return r;
}

static bool holds(const struct audit_row *r)
{
    uint8_t hash[HASH_BYTES];

    audit_row_hash(r, hash);
    return crypto_equal(hash, r->hash, sizeof hash);
}

static void every_action_has_a_name_of_its_own_and_is_found_by_it(void)
{
    for (int i = 0; i < AUDIT_ACTIONS; i++) {
        const char *name = audit_action_name((enum audit_action)i);

        if (CHECK(name != NULL))
            CHECK_INT(audit_action_from_name(name), i);
    }
    CHECK_INT(audit_action_from_name("room.explode"), -1);
}

static void changing_any_part_of_a_row_breaks_its_hash(void)
{
    struct audit_row r = row();

    CHECK(holds(&r));
    r.seq++;
    CHECK(!holds(&r));
    r = row(), r.event.at_ms++;
    CHECK(!holds(&r));
    r = row(), r.event.actor[0] ^= 1;
    CHECK(!holds(&r));
    r = row(), r.event.action = AUDIT_ROOM_DELETE;
    CHECK(!holds(&r));
    r = row(), r.event.object[1] ^= 1;
    CHECK(!holds(&r));
    r = row(), r.event.facts[2] ^= 1;
    CHECK(!holds(&r));
    r = row(), r.prev[0] ^= 1;
    CHECK(!holds(&r));
    r = row(), r.detail_hash[3] ^= 1;
    CHECK(!holds(&r));
}

static void moving_a_letter_to_the_next_part_changes_the_hash(void)
{
    struct audit_row r = row();

    strcpy(r.event.actor, "usrr");
    strcpy(r.event.object, "oom");
    CHECK(!holds(&r));
}

static void erasing_the_detail_leaves_the_chain_valid_and_a_false_detail_is_seen(void)
{
    struct audit_row r = row();
    uint8_t hash[HASH_BYTES];

    memset(r.event.detail, 0, sizeof r.event.detail);
    memset(r.salt, 0, sizeof r.salt);
    CHECK(holds(&r));
    r = row();
    r.event.detail[3] = 'X';
    audit_detail_hash(&r, hash);
    CHECK(!crypto_equal(hash, r.detail_hash, sizeof hash));
}

static void the_longest_row_fits(void)
{
    struct audit_row r = row();

    memset(r.event.actor, 'a', sizeof r.event.actor - 1);
    memset(r.event.object, 'o', sizeof r.event.object - 1);
    memset(r.event.facts, 'f', sizeof r.event.facts - 1);
    memset(r.event.detail, 'd', sizeof r.event.detail - 1);
    audit_row_seal(&r);
    CHECK(holds(&r));
}

static const struct check_test TESTS[] = {
    TEST(every_action_has_a_name_of_its_own_and_is_found_by_it),
    TEST(changing_any_part_of_a_row_breaks_its_hash),
    TEST(moving_a_letter_to_the_next_part_changes_the_hash),
    TEST(erasing_the_detail_leaves_the_chain_valid_and_a_false_detail_is_seen),
    TEST(the_longest_row_fits),
    { 0 },
};
CHECK_MAIN(TESTS)
