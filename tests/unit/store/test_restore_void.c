#include "store/restore_void.h"

#include "fixture.h"
#include "store/store_audit.h"
#include "store/store_inside.h"
#include "store/store_restore.h"
#include "store/tables.h"

/* --- no secret comes back ------------------------------------------------------------------------------------------- */

/* Columns of hashes and bytes that a restore leaves as they are, and why that is right. Any other must be voided, or this test fails. */
static const struct {
    const char *column, *why;
} STAY[] = {
    { "users.password_hash", "the password of the backup, unless it was changed since" },
    { "rooms.pin_hash", "a PIN is a setting of its room" },
    { "invites.code_hash", "the link that was sent goes on working, unless it was renewed or revoked since" },
    { "idempotency_keys.asked_hash", "of a request, no secret" },
    { "audit.detail_hash", "the record" },
    { "audit.hash", "the record" },
    { "audit_detail.salt", "the record" },
    { "signing_keys.public_key", "replaced by `parlour restore`, which needs them to see whether the master key fits" },
    { "signing_keys.sealed", "as above" },
};

static bool may_stay(const char *table, const char *column)
{
    char name[130];

    snprintf(name, sizeof name, "%s.%s", table, column);
    for (size_t i = 0; i < sizeof STAY / sizeof *STAY; i++)
        if (strcmp(STAY[i].column, name) == 0)
            return true;
    return false;
}

static bool is_secret(const char *column, const char *type)
{
    size_t len = strlen(column);

    return strcmp(type, "BLOB") == 0 || (len > 5 && strcmp(column + len - 5, "_hash") == 0);
}

/* One row a table: 'x' in texts, 1 in numbers, 32 bytes of 7 in secrets; so references point to each other. */
static void fill_table(struct db *c, const char *table)
{
    char ask[160], sql[4000];
    struct db_stmt *s = NULL;
    int n;

    snprintf(ask, sizeof ask, "SELECT name, type FROM pragma_table_info('%s')", table);
    CHECK_INT(db_prepare(c, ask, &s, NULL), ERR_OK);
    n = snprintf(sql, sizeof sql, "INSERT OR REPLACE INTO %s VALUES (", table);
    for (int i = 0; db_step(s) == DB_ROW; i++) {
        const char *type = db_column_text(s, 1);
        const char *value = is_secret(db_column_text(s, 0), type)
                                ? "CAST(replace(hex(zeroblob(16)), '00', '77') AS BLOB)"
                            : strstr(type, "INT") != NULL ? "1"
                                                          : "'x'";

        n += snprintf(sql + n, sizeof sql - (size_t)n, "%s%s", i ? ", " : "", value);
    }
    db_finalize(s);
    snprintf(sql + n, sizeof sql - (size_t)n, ")");
    if (!CHECK_INT(db_exec(c, sql, NULL), ERR_OK))
        printf("%s\n", sql);
}

static void check_table_void(struct db *c, const char *table)
{
    char ask[160];
    struct db_stmt *s = NULL;

    snprintf(ask, sizeof ask, "SELECT name, type FROM pragma_table_info('%s')", table);
    CHECK_INT(db_prepare(c, ask, &s, NULL), ERR_OK);
    while (db_step(s) == DB_ROW) {
        const char *column = db_column_text(s, 0);
        char sql[300];

        if (!is_secret(column, db_column_text(s, 1)))
            continue;
        snprintf(
            sql, sizeof sql,
            "SELECT count(*) FROM %s WHERE CAST(%s AS BLOB) = CAST(replace(hex(zeroblob(16)), '00', '77') AS BLOB)",
            table, column);
        if (!CHECK_INT(fixture_number(c, sql), may_stay(table, column)))
            printf("%s.%s: neither void after a restore nor named here with a reason\n", table, column);
    }
    db_finalize(s);
}

static void each_column_that_holds_a_secret_is_void_or_named_with_its_reason(void)
{
    struct fixture f = fixture_new();
    struct restore_report report = { .since_ms = 0 };

    CHECK_INT(db_exec(f.db->writer.db, "PRAGMA foreign_keys = OFF", &f.e), ERR_OK);
    for (const struct db_table *t = TABLES; t->name; t++)
        fill_table(f.db->writer.db, t->name);
    for (const struct db_table *t = TABLES; t->name; t++) {
        char sql[100];

        snprintf(sql, sizeof sql, "SELECT count(*) > 0 FROM %s", t->name);
        CHECK_INT(fixture_number(f.db->writer.db, sql), 1);
    }
    CHECK_INT(restore_void(f.db->writer.db, NULL, NOW_MS, &report, &f.e), ERR_OK);
    for (const struct db_table *t = TABLES; t->name; t++)
        check_table_void(f.db->writer.db, t->name);
    fixture_end(&f);
}

/* --- revocations stay in force ----------------------------------------------------------------------------------- */

static void note(struct fixture *f, enum audit_action action)
{
    struct audit_event event = { .action = action, .actor = "cli", .at_ms = NOW_MS };

    CHECK_INT(WRITE(*f, store_audit_add(f->s, &event, &f->e)), ERR_OK);
}

static void run(struct fixture *f, const char *sql)
{
    if (!CHECK_INT(db_exec(f->db->writer.db, sql, &f->e), ERR_OK))
        printf("%s\n", sql);
}

static void put_invitation(struct fixture *f, const char *id, int max_uses)
{
    struct invitation i = make_invitation(id, "r1", id);

    i.max_uses = max_uses;
    CHECK_INT(WRITE(*f, store_invitation_add(f->s, &i, &f->e)), ERR_OK);
}

static struct fixture practice_with_backup(char backup[PATH_MAX])
{
    struct fixture f = fixture_new();
    struct session x = make_session("s1", "u1", "cookie");
    struct seat t = make_seat("p1", "r1", SEAT_INSIDE);
    struct room_rules r = make_room("r2", "u1", "room-two");

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_room_add(f.s, &r, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_session_add(f.s, &x, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_seat_put(f.s, &t, &f.e)), ERR_OK);
    for (const char *id = "abcde"; *id; id++)
        put_invitation(&f, (char[2]){ *id, '\0' }, *id == 'e' ? 5 : 1);
    run(&f, "UPDATE users SET role = 0, state = 1 WHERE id IN ('u1', 'u2')");
    run(&f, "INSERT INTO room_cohosts VALUES ('r1', 'u2', 0)");
    run(&f, "UPDATE invites SET uses = 3 WHERE id = 'e'");
    note(&f, AUDIT_BACKUP);
    CHECK_INT(fixture_backup(&f, fixture_path(&f, "backup", backup)), ERR_OK);
    return f;
}

static void take_back(struct fixture *f)
{
    run(f, "UPDATE invites SET revoked_ms = 7 WHERE id = 'a'");
    run(f, "UPDATE invites SET generation = 2, code_hash = zeroblob(32) WHERE id = 'b'");
    run(f, "UPDATE invites SET uses = 1 WHERE id = 'c'");
    run(f, "DELETE FROM invites WHERE id = 'd'");
    run(f, "UPDATE users SET password_hash = 'newer', password_ms = 9, role = 2 WHERE id = 'u2'");
    run(f, "DELETE FROM room_cohosts");
    run(f, "DELETE FROM rooms WHERE id = 'r2'");
    run(f, "INSERT INTO blocks VALUES ('r1', 'p9', '', 9999999999999)");
    put_invitation(f, "z", 1);
    note(f, AUDIT_INVITATION_REVOKE);
}

static void revocations_since_the_backup_stay_in_force(void)
{
    char backup[PATH_MAX];
    struct fixture f = practice_with_backup(backup);
    struct restore_report r;

    take_back(&f);
    fixture_shut(&f);
    CHECK_INT(store_restore(f.folder, backup, NOW_MS, &r, &f.e), ERR_OK);
    CHECK_INT(r.compared, RESTORE_COMPARED);
    CHECK_INT(r.since_ms, NOW_MS);
    for (int i = 0; i < RESTORE_COUNTS; i++) {
        static const int64_t WANTED[RESTORE_COUNTS] = {
            [RESTORE_SIGN_INS] = 1,      [RESTORE_SEATS] = 1,      [RESTORE_LINKS_REVOKED] = 1,
            [RESTORE_LINKS_RENEWED] = 1, [RESTORE_LINKS_USED] = 1, [RESTORE_LINKS_GONE] = 1,
            [RESTORE_ROLES] = 1,         [RESTORE_PASSWORDS] = 1,  [RESTORE_COHOSTS] = 1,
            [RESTORE_BLOCKS] = 1,        [RESTORE_ROOMS_BACK] = 1, [RESTORE_LINKS_LOST] = 1,
            [RESTORE_LINKS_LIVE] = 3,    [RESTORE_ADMINS] = 1,
        };

        if (!CHECK_INT(r.counts[i], WANTED[i]))
            printf("%s\n", RESTORE_NAMES[i].name);
    }
    fixture_open(&f);
    CHECK_INT(fixture_number(f.db->writer.db, "SELECT count(*) FROM invites WHERE revoked_ms > 0 AND id IN ('a', 'd')"),
              2);
    CHECK_INT(fixture_number(f.db->writer.db,
                             "SELECT generation = 2 AND code_hash = zeroblob(32) FROM invites WHERE id = 'b'"),
              1);
    CHECK_INT(fixture_number(f.db->writer.db, "SELECT uses FROM invites WHERE id = 'c'"), 1);
    CHECK_INT(fixture_number(f.db->writer.db, "SELECT uses FROM invites WHERE id = 'e'"),
              0); /* its three guests are strangers now */
    CHECK_INT(fixture_number(f.db->writer.db, "SELECT password_hash = 'newer' AND role = 2 FROM users WHERE id = 'u2'"),
              1);
    CHECK_INT(fixture_number(f.db->writer.db, "SELECT count(*) FROM room_cohosts"), 0);
    CHECK_INT(fixture_number(f.db->writer.db, "SELECT count(*) FROM seats WHERE state <> 5"), 0);
    CHECK_INT(fixture_number(f.db->writer.db, "SELECT count(*) FROM invites WHERE id = 'z'"), 0);
    fixture_end(&f);
}

static void a_database_that_does_not_descend_from_the_backup_says_nothing_about_it(void)
{
    char backup[PATH_MAX];
    struct fixture f = practice_with_backup(backup), other = fixture_new();
    struct restore_report r;

    note(&other, AUDIT_SETUP); /* a new practice: in it, all that the backup holds is missing */
    fixture_shut(&other);
    CHECK_INT(store_restore(other.folder, backup, NOW_MS, &r, &f.e), ERR_OK);
    CHECK_INT(r.compared, RESTORE_UNRELATED);
    CHECK_INT(r.counts[RESTORE_LINKS_LIVE], 5);
    CHECK_INT(r.counts[RESTORE_SIGN_INS], 1);
    CHECK_INT(r.counts[RESTORE_ADMINS], 2);
    fixture_end(&other);
    fixture_end(&f);
}

static void a_database_that_cannot_be_compared_is_reported(void)
{
    char backup[PATH_MAX], path[PATH_MAX];
    struct fixture f = practice_with_backup(backup);
    struct restore_report r;

    take_back(&f);
    fixture_shut(&f);
    CHECK_INT(truncate(fixture_path(&f, "parlour.db", path), 8192), 0);
    CHECK_INT(store_restore(f.folder, backup, NOW_MS, &r, &f.e), ERR_OK);
    CHECK_INT(r.compared, RESTORE_UNREADABLE);
    CHECK_INT(r.counts[RESTORE_LINKS_LIVE], 5);
    unlink(path);
    CHECK_INT(store_restore(f.folder, backup, NOW_MS, &r, &f.e), ERR_OK);
    CHECK_INT(r.compared, RESTORE_NOTHING_THERE);
    fixture_end(&f);
}

static void a_second_restore_of_the_same_backup_takes_over_what_the_first_one_did(void)
{
    char backup[PATH_MAX];
    struct fixture f = practice_with_backup(backup);
    struct restore_report r;

    take_back(&f);
    fixture_shut(&f);
    for (int i = 0; i < 2; i++) {
        CHECK_INT(store_restore(f.folder, backup, NOW_MS, &r, &f.e), ERR_OK);
        CHECK_INT(r.compared, RESTORE_COMPARED);
        CHECK_INT(r.counts[RESTORE_LINKS_LIVE], 3);
        CHECK_INT(r.counts[RESTORE_PASSWORDS], 1);
    }
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(each_column_that_holds_a_secret_is_void_or_named_with_its_reason),
    TEST(revocations_since_the_backup_stay_in_force),
    TEST(a_database_that_does_not_descend_from_the_backup_says_nothing_about_it),
    TEST(a_database_that_cannot_be_compared_is_reported),
    TEST(a_second_restore_of_the_same_backup_takes_over_what_the_first_one_did),
    { 0 },
};
CHECK_MAIN(TESTS)
