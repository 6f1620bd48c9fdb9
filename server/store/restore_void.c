#include "store/restore_void.h"

#include <string.h>

#include "domain/crypto.h"
#include "observe/log.h"

/* A statement and its counter. $1, if present, is the wall clock. */
struct step {
    enum restore_count count;
    bool reads; /* the count is its only value; otherwise the number of rows changed */
    const char *sql;
};

/* Each secret that is in force while it is stored. tests/unit/store/test_restore_void walks all columns to find a forgotten one.
 * State 5: ended; 4: by us, which allows no return. A person who comes by a one-person link then counts as somebody else, and
 * waits with that mark; the uses of a link for several start again, because their identities are void. */
static const struct step VOID[] = {
    { RESTORE_SIGN_INS, false, "DELETE FROM sessions" },
    { RESTORE_COUNTS, false, "DELETE FROM devices" },
    { RESTORE_PASSWORD_LINKS, false, "DELETE FROM user_links" },
    { RESTORE_SEATS, false,
      "UPDATE seats SET state = 5, end_reason = 4, gen = gen + 1, ended_ms = $1, held = 0, same_invitation = 0, "
      "away_ms = 0 "
      "WHERE state <> 5" },
    { RESTORE_COUNTS, false,
      "UPDATE seats SET ticket_hash = zeroblob(32), ticket_old_hash = zeroblob(32), admitted_ms = 0" },
    { RESTORE_GUESTS, false, "DELETE FROM invite_uses" },
    { RESTORE_COUNTS, false, "UPDATE invites SET uses = 0 WHERE max_uses > 1" },
    { RESTORE_COUNTS, false, "DELETE FROM pin_failures" },
};

/* Rows of the replaced database, put beside those of the copy. Types: t text, i number, b bytes. */
static const struct loan {
    const char *types, *make, *read, *add;
} LOANS[] = {
    { "tiiti", "CREATE TEMP TABLE was_users (id PRIMARY KEY, role, state, password_hash, password_ms)",
      "SELECT id, role, state, password_hash, password_ms FROM users",
      "INSERT INTO was_users VALUES ($1, $2, $3, $4, $5)" },
    { "ti", "CREATE TEMP TABLE was_rooms (id PRIMARY KEY, revision)", "SELECT id, revision FROM rooms",
      "INSERT INTO was_rooms VALUES ($1, $2)" },
    { "tt", "CREATE TEMP TABLE was_cohosts (room_id, user_id, PRIMARY KEY (room_id, user_id))",
      "SELECT room_id, user_id FROM room_cohosts", "INSERT INTO was_cohosts VALUES ($1, $2)" },
    { "tiiib", "CREATE TEMP TABLE was_invites (id PRIMARY KEY, revoked_ms, generation, uses, code_hash)",
      "SELECT id, revoked_ms, generation, uses, code_hash FROM invites",
      "INSERT INTO was_invites VALUES ($1, $2, $3, $4, $5)" },
    { "ttti", "CREATE TEMP TABLE was_blocks (room_id, participant_id, invitation_id, until_ms)",
      "SELECT room_id, participant_id, invitation_id, until_ms FROM blocks",
      "INSERT INTO was_blocks VALUES ($1, $2, $3, $4)" },
};

/* Revocations stay in force; nothing is granted that the backup does not grant. Role 0 admin; state 0 invited, 1 active, 2 closed. */
static const struct step TAKE_OVER[] = {
    { RESTORE_LINKS_RENEWED, false,
      "UPDATE invites SET generation = w.generation, code_hash = w.code_hash FROM was_invites w "
      "WHERE w.id = invites.id AND w.generation > invites.generation" },
    { RESTORE_LINKS_REVOKED, false,
      "UPDATE invites SET revoked_ms = w.revoked_ms FROM was_invites w "
      "WHERE w.id = invites.id AND w.revoked_ms > 0 AND invites.revoked_ms = 0" },
    { RESTORE_LINKS_USED, false,
      "UPDATE invites SET uses = w.uses FROM was_invites w "
      "WHERE w.id = invites.id AND w.uses > invites.uses AND invites.max_uses = 1" },
    { RESTORE_LINKS_GONE, false,
      "UPDATE invites SET revoked_ms = $1 WHERE revoked_ms = 0 AND id NOT IN (SELECT id FROM was_invites)" },
    { RESTORE_ACCOUNTS_CLOSED, false,
      "UPDATE users SET state = 2, revision = revision + 1 WHERE state <> 2 AND id IN (SELECT id FROM was_users WHERE "
      "state = 2)" },
    { RESTORE_ACCOUNTS_GONE, false,
      "UPDATE users SET state = 2, revision = revision + 1 WHERE state <> 2 AND id NOT IN (SELECT id FROM was_users)" },
    { RESTORE_ROLES, false,
      "UPDATE users SET role = w.role, revision = revision + 1 FROM was_users w "
      "WHERE w.id = users.id AND users.role = 0 AND w.role <> 0" },
    { RESTORE_PASSWORDS, false,
      "UPDATE users SET password_hash = w.password_hash, password_ms = w.password_ms, revision = revision + 1, "
      "state = CASE WHEN users.state = 0 THEN 1 ELSE users.state END FROM was_users w "
      "WHERE w.id = users.id AND w.password_ms > users.password_ms" },
    { RESTORE_COHOSTS, false,
      "DELETE FROM room_cohosts WHERE room_id IN (SELECT id FROM was_rooms) "
      "AND (room_id, user_id) NOT IN (SELECT room_id, user_id FROM was_cohosts)" },
    { RESTORE_BLOCKS, false,
      "INSERT INTO blocks (room_id, participant_id, invitation_id, until_ms) SELECT w.room_id, w.participant_id, "
      "w.invitation_id, w.until_ms FROM was_blocks w WHERE w.until_ms > $1 AND w.room_id IN (SELECT id FROM rooms) "
      "AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.room_id = w.room_id AND b.participant_id = w.participant_id AND "
      "b.until_ms >= w.until_ms)" },
    { RESTORE_ROOMS_BACK, true, "SELECT count(*) FROM rooms WHERE id NOT IN (SELECT id FROM was_rooms)" },
    { RESTORE_ROOMS_CHANGED, true,
      "SELECT count(*) FROM rooms r JOIN was_rooms w ON w.id = r.id WHERE w.revision > r.revision" },
    { RESTORE_ACCOUNTS_LOST, true, "SELECT count(*) FROM was_users WHERE id NOT IN (SELECT id FROM users)" },
    { RESTORE_ROOMS_LOST, true, "SELECT count(*) FROM was_rooms WHERE id NOT IN (SELECT id FROM rooms)" },
    { RESTORE_LINKS_LOST, true, "SELECT count(*) FROM was_invites WHERE id NOT IN (SELECT id FROM invites)" },
};

static const struct step NOW[] = {
    { RESTORE_COUNTS, false,
      "INSERT INTO invite_uses (invite_id, guest_hash, at_ms) SELECT id, randomblob(32), $1 FROM invites WHERE "
      "max_uses = 1 "
      "AND uses > 0" },
    { RESTORE_LINKS_LIVE, true,
      "SELECT count(*) FROM invites WHERE revoked_ms = 0 AND (expires_ms = 0 OR expires_ms > $1)" },
    { RESTORE_ADMINS, true, "SELECT count(*) FROM users WHERE role = 0 AND state = 1" },
};

static enum err_code run_step(struct db *db, const struct step *step, int64_t now_ms, struct restore_report *out,
                              struct err *e)
{
    struct db_stmt *statement = NULL;
    enum err_code rc = db_prepare(db, step->sql, &statement, e);
    int64_t n = 0;

    if (rc == ERR_OK && strstr(step->sql, "$1") && !db_bind_i64(statement, 1, now_ms))
        rc = db_failure(statement, e);
    if (rc == ERR_OK && db_step(statement) == DB_FAILED)
        rc = db_failure(statement, e);
    if (rc == ERR_OK)
        n = step->reads ? db_column_i64(statement, 0) : db_changes(statement);
    if (rc == ERR_OK && step->count < RESTORE_COUNTS)
        out->counts[step->count] = n;
    db_finalize(statement);
    return rc;
}

static enum err_code run_steps(struct db *db, const struct step *steps, size_t count, int64_t now_ms,
                               struct restore_report *out, struct err *e)
{
    enum err_code rc = ERR_OK;

    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        rc = run_step(db, &steps[i], now_ms, out, e);
    return rc;
}

/* --- lending rows --------------------------------------------------------------------------------------------------- */

static bool copy_value(struct db_stmt *to, const struct db_stmt *from, int at, char type)
{
    size_t len;
    const void *bytes;

    switch (type) {
    case 't': return db_bind_text(to, at + 1, db_column_text(from, at));
    case 'i': return db_bind_i64(to, at + 1, db_column_i64(from, at));
    default: bytes = db_column_bytes(from, at, &len); return db_bind_bytes(to, at + 1, bytes, len);
    }
}

static enum err_code lend_row(struct db_stmt *to, const struct db_stmt *from, const char *types, struct err *e)
{
    bool ok = true;

    for (int i = 0; types[i] && ok; i++)
        ok = copy_value(to, from, i, types[i]);
    if (!ok || db_step(to) != DB_DONE)
        return db_failure(to, e);
    db_reset(to);
    return ERR_OK;
}

static enum err_code lend(struct db *copy, struct db *old, const struct loan *loan, struct err *e)
{
    struct db_stmt *from = NULL, *to = NULL;
    enum db_step step = DB_DONE;
    enum err_code rc = db_exec(copy, loan->make, e);

    if (rc == ERR_OK)
        rc = db_prepare(copy, loan->add, &to, e);
    if (rc == ERR_OK)
        rc = db_prepare(old, loan->read, &from, e);
    while (rc == ERR_OK && (step = db_step(from)) == DB_ROW)
        rc = lend_row(to, from, loan->types, e);
    if (rc == ERR_OK && step == DB_FAILED)
        rc = db_failure(from, e);
    db_finalize(from);
    db_finalize(to);
    return rc;
}

static enum err_code take_over(struct db *copy, struct db *old, int64_t now_ms, struct restore_report *out,
                               struct err *e)
{
    enum err_code rc = ERR_OK;

    for (size_t i = 0; i < sizeof LOANS / sizeof LOANS[0] && rc == ERR_OK; i++)
        rc = lend(copy, old, &LOANS[i], e);
    return rc == ERR_OK ? run_steps(copy, TAKE_OVER, sizeof TAKE_OVER / sizeof TAKE_OVER[0], now_ms, out, e) : rc;
}

enum err_code restore_void(struct db *copy, struct db *old, int64_t now_ms, struct restore_report *out, struct err *e)
{
    enum err_code rc = db_exec(copy, "BEGIN IMMEDIATE", e);

    if (rc == ERR_OK)
        rc = run_steps(copy, VOID, sizeof VOID / sizeof VOID[0], now_ms, out, e);
    if (rc == ERR_OK && old)
        rc = take_over(copy, old, now_ms, out, e);
    if (rc == ERR_OK)
        rc = run_steps(copy, NOW, sizeof NOW / sizeof NOW[0], now_ms, out, e);
    if (rc == ERR_OK)
        rc = db_exec(copy, "COMMIT", e);
    if (db_in_transaction(copy) && db_exec(copy, "ROLLBACK", NULL) != ERR_OK)
        log_event(LOG_ERROR, "store.rollback", "restore=1");
    return rc;
}

/* --- descent -------------------------------------------------------------------------------------------------------- */

/* The last row of a record: 0 without any. */
static enum err_code read_last(struct db *db, int64_t *seq, int64_t *at_ms, uint8_t hash[HASH_BYTES], struct err *e)
{
    struct db_stmt *statement = NULL;
    enum err_code rc = db_prepare(db, "SELECT seq, at_ms, hash FROM audit ORDER BY seq DESC LIMIT 1", &statement, e);
    enum db_step step = rc == ERR_OK ? db_step(statement) : DB_DONE;
    const void *bytes;
    size_t len = 0;

    *seq = *at_ms = 0;
    if (step == DB_ROW) {
        *seq = db_column_i64(statement, 0);
        *at_ms = db_column_i64(statement, 1);
        bytes = db_column_bytes(statement, 2, &len);
        memcpy(hash, bytes, len == HASH_BYTES ? len : 0);
    }
    if (step == DB_FAILED)
        rc = db_failure(statement, e);
    db_finalize(statement);
    return rc;
}

static enum err_code has_row(struct db *db, int64_t seq, const uint8_t hash[HASH_BYTES], bool *has, struct err *e)
{
    struct db_stmt *statement = NULL;
    enum err_code rc = db_prepare(db, "SELECT 1 FROM audit WHERE seq = $1 AND hash = $2", &statement, e);
    enum db_step step = DB_DONE;

    if (rc == ERR_OK)
        step = db_bind_i64(statement, 1, seq) && db_bind_bytes(statement, 2, hash, HASH_BYTES) ? db_step(statement)
                                                                                               : DB_FAILED;
    *has = step == DB_ROW;
    if (step == DB_FAILED)
        rc = db_failure(statement, e);
    db_finalize(statement);
    return rc;
}

enum err_code restore_related(struct db *copy, struct db *old, bool *related, struct restore_report *out, struct err *e)
{
    uint8_t hash[HASH_BYTES] = { 0 };
    int64_t seq;
    enum err_code rc = read_last(copy, &seq, &out->since_ms, hash, e);

    *related = false;
    return rc == ERR_OK && old && seq > 0 ? has_row(old, seq, hash, related, e) : rc;
}
