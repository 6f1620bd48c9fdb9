#include "fixture.h"
#include "store/db.h"
#include "store/store_audit.h"
#include "store/store_inside.h"
#include "util/str.h"

static struct audit_event make_event(enum audit_action action, const char *detail)
{
    struct audit_event v = { .action = action, .actor = "u1", .object = "r1", .facts = "room=r1", .at_ms = NOW_MS };

    snprintf(v.detail, sizeof v.detail, "%s", detail);
    return v;
}

/* Three rows; the second one with detail. */
static void fill(struct fixture *f)
{
    struct audit_event v[] = { make_event(AUDIT_SETUP, ""), make_event(AUDIT_USER_CREATE, "Ana <ana@example.org>"),
                               make_event(AUDIT_SEAT_ADMIT, "") };

    for (int i = 0; i < 3; i++)
        CHECK_INT(WRITE(*f, store_audit_add(f->s, &v[i], &f->e)), ERR_OK);
}

/* Changes that a person with the file and an editor could make. */
static void tamper(struct fixture *f, const char *sql)
{
    CHECK_INT(db_exec(f->db->writer.db, sql, &f->e), ERR_OK);
}

static void rows_form_a_chain(void)
{
    struct fixture f = fixture_new();
    struct audit_check c;
    char head[sizeof c.head];

    CHECK_INT(store_audit_verify(f.s, NULL, &c, &f.e), ERR_OK);
    CHECK_INT(c.rows, 0);
    CHECK_STR(c.head, "");
    fill(&f);
    CHECK_INT(store_audit_verify(f.s, NULL, &c, &f.e), ERR_OK);
    CHECK_INT(c.rows, 3);
    CHECK_INT(c.bad_seq, 0);
    CHECK_INT(strlen(c.head), HASH_BYTES * 2);
    snprintf(head, sizeof head, "%s", c.head);
    CHECK_INT(store_audit_verify(f.s, head, &c, &f.e), ERR_OK);
    fill(&f);
    CHECK_INT(store_audit_verify(f.s, head, &c, &f.e), ERR_OK); /* an older head is still in the chain */
    CHECK_INT(store_audit_verify(f.s, "beef", &c, &f.e), ERR_INVALID);
    CHECK_STR(f.e.field, "head");
    fixture_end(&f);
}

static void an_undone_write_leaves_no_row(void)
{
    struct fixture f = fixture_new();
    struct audit_event v = make_event(AUDIT_SETUP, "x");
    struct audit_check c;

    fill(&f);
    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    CHECK_INT(store_audit_add(f.s, &v, &f.e), ERR_OK);
    CHECK_INT(store_audit_add(f.s, &v, &f.e), ERR_OK);
    CHECK_INT(store_write_end(f.s, ERR_LIMIT, &f.e), ERR_LIMIT);
    fill(&f);
    CHECK_INT(store_audit_verify(f.s, NULL, &c, &f.e), ERR_OK);
    CHECK_INT(c.rows, 6);
    fixture_end(&f);
}

static void every_change_of_a_row_is_found(void)
{
    static const struct {
        const char *sql;
        int64_t bad_seq;
    } CASES[] = {
        { "UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 2", 2 },
        { "UPDATE audit SET actor = 'u2' WHERE seq = 1", 1 },
        { "UPDATE audit SET action = 'user.delete' WHERE seq = 2", 2 },
        { "UPDATE audit SET action = 'no.such' WHERE seq = 2", 2 },
        { "UPDATE audit SET object = 'r2' WHERE seq = 3", 3 },
        { "UPDATE audit SET facts = 'room=r2' WHERE seq = 3", 3 },
        { "UPDATE audit SET facts = facts || replace(hex(zeroblob(200)), '0', 'x') WHERE seq = 3", 3 },
        { "UPDATE audit SET hash = zeroblob(32) WHERE seq = 1", 1 },
        { "UPDATE audit SET hash = zeroblob(3) WHERE seq = 1", 1 },
        { "UPDATE audit SET detail_hash = zeroblob(32) WHERE seq = 2", 2 },
        { "UPDATE audit_detail SET detail = 'Ben' WHERE seq = 2", 2 },
        { "UPDATE audit_detail SET salt = zeroblob(16) WHERE seq = 2", 2 },
        { "DELETE FROM audit_detail; DELETE FROM audit WHERE seq = 2", 2 },
        { "DELETE FROM audit WHERE seq = 1", 1 },
        { "UPDATE audit SET seq = 7 WHERE seq = 3", 3 },
        { "INSERT INTO audit SELECT 4, at_ms, actor, action, object, facts, detail_hash, hash FROM audit WHERE seq = 3",
          4 },
    };

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct fixture f = fixture_new();
        struct audit_check c;

        fill(&f);
        tamper(&f, CASES[i].sql);
        CHECK_INT(store_audit_verify(f.s, NULL, &c, &f.e), ERR_CONFLICT);
        CHECK_STR(f.e.code, "chain_broken");
        if (!CHECK_INT(c.bad_seq, CASES[i].bad_seq))
            printf("  %s\n", CASES[i].sql);
        fixture_end(&f);
    }
}

static void a_cut_tail_is_found_by_the_noted_head(void)
{
    struct fixture f = fixture_new();
    struct audit_check c;
    char head[sizeof c.head];

    fill(&f);
    CHECK_INT(store_audit_verify(f.s, NULL, &c, &f.e), ERR_OK);
    snprintf(head, sizeof head, "%s", c.head);
    tamper(&f, "DELETE FROM audit WHERE seq = 3");
    CHECK_INT(store_audit_verify(f.s, NULL, &c, &f.e), ERR_OK); /* nothing to see without it */
    CHECK_INT(store_audit_verify(f.s, head, &c, &f.e), ERR_CONFLICT);
    CHECK_INT(c.bad_seq, 3);
    tamper(&f, "DELETE FROM audit_detail; DELETE FROM audit");
    CHECK_INT(store_audit_verify(f.s, head, &c, &f.e), ERR_CONFLICT);
    CHECK_INT(c.bad_seq, 1);
    fixture_end(&f);
}

static void detail_can_be_erased_with_its_salt(void)
{
    struct fixture f = fixture_new();
    struct audit_check c;

    fill(&f);
    tamper(&f, "DELETE FROM audit_detail WHERE seq = 2");
    CHECK_INT(store_audit_verify(f.s, NULL, &c, &f.e), ERR_OK);
    CHECK_INT(c.rows, 3);
    fixture_end(&f);
}

struct seen {
    int count; /* rows so far */
    int most;  /* stop after this many */
    int64_t seq[8];
    struct audit_row last;
};

static bool on_row(const struct audit_row *row, void *arg)
{
    struct seen *s = arg;

    s->seq[s->count++] = row->seq;
    s->last = *row;
    return s->count < s->most;
}

static void rows_are_read_in_order_from_anywhere(void)
{
    struct fixture f = fixture_new();
    struct seen s = { .most = 8 };
    uint8_t hash[HASH_BYTES];

    fill(&f);
    CHECK_INT(store_audit_each(f.s, 0, on_row, &s, &f.e), ERR_OK);
    CHECK_INT(s.count, 3);
    CHECK_INT(s.seq[0], 1);
    CHECK_INT(s.seq[2], 3);
    audit_row_hash(&s.last, hash);
    CHECK_MEM(hash, s.last.hash, HASH_BYTES);
    s = (struct seen){ .most = 1 };
    CHECK_INT(store_audit_each(f.s, 1, on_row, &s, &f.e), ERR_OK);
    CHECK_INT(s.count, 1);
    CHECK_INT(s.seq[0], 2);
    CHECK_STR(s.last.event.detail, "Ana <ana@example.org>");
    CHECK_INT(s.last.event.action, AUDIT_USER_CREATE);
    audit_row_hash(&s.last, hash); /* needs prev of a row that was not handed out */
    CHECK_MEM(hash, s.last.hash, HASH_BYTES);
    audit_detail_hash(&s.last, hash);
    CHECK_MEM(hash, s.last.detail_hash, HASH_BYTES);
    tamper(&f, "UPDATE audit SET action = 'no.such' WHERE seq = 2");
    CHECK_INT(store_audit_each(f.s, 0, on_row, &s, &f.e), ERR_OK); /* most is reached before */
    s = (struct seen){ .most = 8 };
    CHECK_INT(store_audit_each(f.s, 0, on_row, &s, &f.e), ERR_CONFLICT);
    CHECK_INT(s.count, 1);
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(rows_form_a_chain),
    TEST(an_undone_write_leaves_no_row),
    TEST(every_change_of_a_row_is_found),
    TEST(a_cut_tail_is_found_by_the_noted_head),
    TEST(detail_can_be_erased_with_its_salt),
    TEST(rows_are_read_in_order_from_anywhere),
    { 0 },
};
CHECK_MAIN(TESTS)
