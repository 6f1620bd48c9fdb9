#include "store/statements.h"

#include "domain/room_rules.h"

/* Lines are broken where SQL is. */
/* clang-format off */

/* Rows pruned by one insert: more than are added, so tables shrink to their live rows, and no write takes long. */
#define PRUNE "LIMIT 16"

#define USER_COLUMNS "u.id, u.email, u.name, u.role, u.state, u.language, u.timezone, u.created_ms, u.revision"
#define SWITCH_COLUMN(name, ...) "r." #name ", "
#define ROOM_COLUMNS \
    "r.id, r.owner_id, u.name AS owner_name, r.name, r.slug, r.kind, r.access, r.topology, r.max_participants, " \
    ROOM_SWITCHES(SWITCH_COLUMN) "r.pin_hash, r.consent_version, r.consent_text, r.created_ms, r.revision"
#define INVITATION_COLUMNS \
    "id, room_id, created_by, guest_name, email, generation, max_uses, uses, not_before_ms, expires_ms, revoked_ms, created_ms, asked_ms, answered_ms, code_hash"
#define SEAT_COLUMNS \
    "id, room_id, user_id, invitation_id, session_id, name, role, name_from, state, end_reason, held, same_invitation, crowd, gen, instance, since_ms, " \
    "away_ms, ended_ms, blocked_until_ms, admitted_ms, ticket_hash, ticket_old_hash"
#define ASKED "asked_ms > answered_ms AND asked_ms > 0 " /* an index can search by the second */
/* A sign-in made while the clock was ahead would last until then: it cannot have been made a day later than now. */
#define FROM_THE_FUTURE "86400000"
#define NOBODY_SITS "AND NOT EXISTS (SELECT 1 FROM seats t WHERE t.invitation_id = i.id AND t.state <> 5) "

/* The numbers in the text: role 0 admin, state 0 invited, 1 active (users); state 3 inside, 4 away, 5 ended, role 1 host (seats).
 * store_users.c and store_seats.c assert them. */
const char *const STATEMENT_SQL[STATEMENTS] = {
    /* Changes nothing, but is written like any other row. */
    [Q_PROBE] = "UPDATE schema_history SET applied_ms = applied_ms WHERE number = 1",
    /* The value stored last; before the first one, the newest row of the record. */
    [Q_AGE_SEED] = "SELECT coalesce((SELECT value FROM settings WHERE name = $1), 0) AS written_ms, "
                   "coalesce((SELECT at_ms FROM audit ORDER BY seq DESC LIMIT 1), 0) AS recorded_ms",

    /* store_users.c */
    [Q_USER_ADD] = "INSERT INTO users (id, email, name, role, state, language, timezone, password_hash, password_ms, created_ms, revision) "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    [Q_USER_BY_ID] = "SELECT " USER_COLUMNS " FROM users u WHERE u.id = $1",
    [Q_USER_BY_EMAIL] = "SELECT " USER_COLUMNS " FROM users u WHERE u.email = $1",
    [Q_USER_PASSWORD] = "SELECT password_hash FROM users WHERE id = $1",
    [Q_USER_SET_PASSWORD] = "UPDATE users SET password_hash = $1, password_ms = $2, revision = revision + 1, "
                            "state = CASE WHEN state = 0 THEN 1 ELSE state END WHERE id = $3",
    [Q_USER_UPDATE] = "UPDATE users SET name = $1, role = $2, state = $3, language = $4, timezone = $5, revision = revision + 1 "
                      "WHERE id = $6 AND revision = $7",
    [Q_USER_REVISION] = "SELECT revision FROM users WHERE id = $1",
    [Q_USER_OWNS_ROOM] = "SELECT 1 AS found FROM rooms WHERE owner_id = $1 LIMIT 1",
    [Q_USER_LEAVE_ROOMS] = "UPDATE rooms SET revision = revision + 1 WHERE id IN (SELECT room_id FROM room_cohosts WHERE user_id = $1)",
    [Q_USER_DELETE] = "DELETE FROM users WHERE id = $1",
    [Q_USER_FIRST_PAGE] = "SELECT " USER_COLUMNS " FROM users u ORDER BY u.created_ms DESC, u.id DESC LIMIT $1",
    [Q_USER_PAGE] = "SELECT " USER_COLUMNS " FROM users u WHERE (u.created_ms, u.id) < (SELECT created_ms, id FROM users WHERE id = $1) "
                    "ORDER BY u.created_ms DESC, u.id DESC LIMIT $2",
    [Q_USER_COUNT] = "SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM users WHERE role = 0 AND state = 1) AS active_admins",

    [Q_USER_LINKS_DROP] = "DELETE FROM user_links WHERE user_id = $1",
    [Q_USER_LINKS_PRUNE] = "DELETE FROM user_links WHERE code_hash IN (SELECT code_hash FROM user_links WHERE expires_ms <= $1 " PRUNE ")",
    [Q_USER_LINK_ADD] = "INSERT INTO user_links (code_hash, user_id, expires_ms) VALUES ($1, $2, $3)",
    [Q_USER_LINK_FIND] = "SELECT user_id FROM user_links WHERE code_hash = $1 AND expires_ms > $2",
    [Q_USER_LINK_DROP] = "DELETE FROM user_links WHERE code_hash = $1",

    [Q_SETTING_GET] = "SELECT value FROM settings WHERE name = $1",
    [Q_SETTING_SET] = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",

    /* store_sessions.c */
    [Q_SESSION_MAKE_ROOM] = "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE user_id = $1 "
                            "ORDER BY created_ms DESC, id DESC LIMIT 100 OFFSET $2)",
    [Q_SESSIONS_PRUNE] = "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_ms <= $1 " PRUNE ")",
    [Q_SESSION_ADD] = "INSERT INTO sessions (id, user_id, cookie_hash, created_ms, seen_ms, expires_ms, agent) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    [Q_SESSION_FIND] = "SELECT s.id AS session_id, s.user_id, s.cookie_hash, s.created_ms AS started_ms, s.seen_ms, s.expires_ms, s.agent, " USER_COLUMNS
                       " FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.cookie_hash = $1 AND s.expires_ms > $2 AND s.created_ms <= $2 + " FROM_THE_FUTURE " AND u.state = 1",
    [Q_SESSION_LIVE] = "SELECT s.seen_ms, u.role FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1 AND s.expires_ms > $2 AND s.created_ms <= $2 + " FROM_THE_FUTURE " AND u.state = 1",
    [Q_SESSION_SEEN] = "UPDATE sessions SET seen_ms = $1 WHERE id = $2 AND seen_ms <= $3",
    [Q_SESSION_LIST] = "SELECT id AS session_id, user_id, cookie_hash, created_ms AS started_ms, seen_ms, expires_ms, agent FROM sessions "
                       "WHERE user_id = $1 AND expires_ms > $2 ORDER BY created_ms DESC, id DESC LIMIT $3",
    [Q_SESSION_END] = "DELETE FROM sessions WHERE id = $1 AND user_id = $2",
    [Q_SESSION_OTHERS] = "SELECT id AS session_id, user_id, cookie_hash, created_ms AS started_ms, seen_ms, expires_ms, agent FROM sessions "
                         "WHERE user_id = $1 AND id <> $2 ORDER BY created_ms DESC, id DESC LIMIT $3",
    [Q_SESSION_END_OTHERS] = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2",

    /* store_devices.c */
    [Q_DEVICE_KNOWN] = "SELECT 1 AS found FROM devices WHERE cookie_hash = $1 AND seen_ms > $2 LIMIT 1",
    [Q_DEVICE_IS_OF] = "SELECT 1 AS found FROM devices WHERE user_id = $1 AND cookie_hash = $2 AND seen_ms > $3",
    [Q_DEVICES_PRUNE] = "DELETE FROM devices WHERE (user_id, cookie_hash) IN (SELECT user_id, cookie_hash FROM devices WHERE seen_ms <= $1 " PRUNE ")",
    [Q_DEVICE_SEEN] = "INSERT INTO devices (user_id, cookie_hash, seen_ms) VALUES ($1, $2, $3) "
                      "ON CONFLICT (user_id, cookie_hash) DO UPDATE SET seen_ms = excluded.seen_ms",
    [Q_DEVICES_MAKE_ROOM] = "DELETE FROM devices WHERE user_id = $1 AND cookie_hash IN (SELECT cookie_hash FROM devices WHERE user_id = $1 "
                            "ORDER BY seen_ms DESC, cookie_hash LIMIT 100 OFFSET $2)",
    [Q_DEVICES_FORGET] = "DELETE FROM devices WHERE user_id = $1 AND cookie_hash <> $2",

    /* store_rooms.c */
    [Q_ROOM_ADD] = "INSERT INTO rooms (id, owner_id, kind, name, slug, access, topology, max_participants, waiting_room, locked, relay_only, "
                   "guests_may_stay, pin_hash, consent_version, consent_text, created_ms, revision) "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
    [Q_ROOM_FIND] = "SELECT " ROOM_COLUMNS " FROM rooms r JOIN users u ON u.id = r.owner_id WHERE r.id = $1 OR r.slug = $1 "
                    "ORDER BY CASE WHEN r.id = $1 THEN 0 ELSE 1 END LIMIT 1",
    [Q_ROOM_COHOSTS] = "SELECT user_id FROM room_cohosts WHERE room_id = $1 ORDER BY place LIMIT $2",
    [Q_ROOM_COHOSTS_DROP] = "DELETE FROM room_cohosts WHERE room_id = $1",
    [Q_ROOM_COHOST_ADD] = "INSERT INTO room_cohosts (room_id, user_id, place) VALUES ($1, $2, $3)",
    [Q_ROOM_UPDATE] = "UPDATE rooms SET name = $1, slug = $2, access = $3, topology = $4, max_participants = $5, waiting_room = $6, locked = $7, "
                      "relay_only = $8, guests_may_stay = $9, pin_hash = $10, consent_version = $11, consent_text = $12, "
                      "revision = revision + 1 WHERE id = $13 AND revision = $14",
    [Q_ROOM_REVISION] = "SELECT revision FROM rooms WHERE id = $1",
    [Q_ROOM_SET_LOCKED] = "UPDATE rooms SET locked = $1, revision = revision + 1 WHERE id = $2",
    [Q_ROOM_DELETE] = "DELETE FROM rooms WHERE id = $1",
    /* The cursor's own name is looked up: a page continues after it even when rooms were added or deleted meanwhile. */
    [Q_ROOM_LIST_ALL] = "SELECT " ROOM_COLUMNS " FROM rooms r JOIN users u ON u.id = r.owner_id "
                        "WHERE lower(r.name) >= coalesce((SELECT lower(name) FROM rooms WHERE id = $1), '') " /* SQLite can search by this */
                        "AND (lower(r.name), r.id) > (coalesce((SELECT lower(name) FROM rooms WHERE id = $1), ''), $1) "
                        "ORDER BY lower(r.name), r.id LIMIT $2",
    [Q_ROOM_LIST_OF_USER] = "SELECT " ROOM_COLUMNS " FROM rooms r JOIN users u ON u.id = r.owner_id "
                            "WHERE r.id IN (SELECT id FROM rooms WHERE owner_id = $1 UNION SELECT room_id FROM room_cohosts WHERE user_id = $1) "
                            "AND (lower(r.name), r.id) > (coalesce((SELECT lower(name) FROM rooms WHERE id = $2), ''), $2) "
                            "ORDER BY lower(r.name), r.id LIMIT $3",

    /* store_invitations.c */
    [Q_INVITATION_ADD] = "INSERT INTO invites (" INVITATION_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    [Q_INVITATION_BY_ID] = "SELECT " INVITATION_COLUMNS " FROM invites WHERE id = $1",
    [Q_INVITATION_BY_CODE] = "SELECT " INVITATION_COLUMNS " FROM invites WHERE code_hash = $1",
    [Q_INVITATION_FIRST_PAGE] = "SELECT " INVITATION_COLUMNS " FROM invites WHERE room_id = $1 ORDER BY created_ms DESC, id DESC LIMIT $2",
    [Q_INVITATION_PAGE] = "SELECT " INVITATION_COLUMNS " FROM invites WHERE room_id = $1 "
                      "AND (created_ms, id) < (SELECT created_ms, id FROM invites WHERE id = $2) ORDER BY created_ms DESC, id DESC LIMIT $3",
    [Q_INVITATION_REVOKE] = "UPDATE invites SET revoked_ms = CASE WHEN revoked_ms = 0 THEN $1 ELSE revoked_ms END WHERE id = $2",
    [Q_INVITATION_RENEW] = "UPDATE invites SET generation = generation + 1, code_hash = $1, not_before_ms = $2, expires_ms = $3, revoked_ms = 0, uses = 0 WHERE id = $4",
    [Q_INVITATION_ASK] = "UPDATE invites SET asked_ms = $1 WHERE id = $2",
    /* An answered request is closed, even if the clock has jumped meanwhile. */
    [Q_INVITATION_ANSWER] = "UPDATE invites SET answered_ms = CASE WHEN asked_ms > $1 THEN asked_ms ELSE $1 END WHERE id = $2",
    [Q_INVITATION_ASKED_ALL] = "SELECT " INVITATION_COLUMNS " FROM invites WHERE " ASKED "ORDER BY asked_ms, id LIMIT $1",
    [Q_INVITATION_ASKED_OF_USER] = "SELECT " INVITATION_COLUMNS " FROM invites WHERE " ASKED
                               "AND room_id IN (SELECT id FROM rooms WHERE owner_id = $1 UNION SELECT room_id FROM room_cohosts WHERE user_id = $1) "
                               "ORDER BY asked_ms, id LIMIT $2",
    [Q_INVITATION_USES_DROP] = "DELETE FROM invite_uses WHERE invite_id = $1",
    [Q_INVITATION_KNOWN] = "SELECT 1 AS found FROM invite_uses WHERE invite_id = $1 AND guest_hash = $2",
    [Q_INVITATION_FIRST_USE] = "SELECT guest_hash FROM invite_uses WHERE invite_id = $1 ORDER BY at_ms LIMIT 1",
    [Q_INVITATION_USE_ADD] = "INSERT INTO invite_uses (invite_id, guest_hash, at_ms) VALUES ($1, $2, "
                         "(SELECT CASE WHEN max(at_ms) >= $3 THEN max(at_ms) + 1 ELSE $3 END FROM invite_uses WHERE invite_id = $1)) "
                         "ON CONFLICT (invite_id, guest_hash) DO NOTHING",
    [Q_INVITATION_USE_COUNT] = "UPDATE invites SET uses = uses + 1 WHERE id = $1",

    /* guest_hash holds the origin: it was a cookie's hash once */
    [Q_PIN_FAILURES] = "SELECT count(*) AS of_room, coalesce(sum(CASE WHEN guest_hash = $1 THEN 1 ELSE 0 END), 0) AS of_origin "
                       "FROM pin_failures WHERE room_id = $2 AND at_ms > $3",
    [Q_PIN_FAILURES_PRUNE] = "DELETE FROM pin_failures WHERE at_ms <= $1 AND at_ms IN (SELECT at_ms FROM pin_failures WHERE at_ms <= $1 " PRUNE ")",
    [Q_PIN_FAILURE_ADD] = "INSERT INTO pin_failures (room_id, guest_hash, at_ms) VALUES ($1, $2, $3)",

    [Q_IDEMPOTENCY_GET] = "SELECT object_id, asked_hash FROM idempotency_keys WHERE caller_id = $1 AND key = $2 AND at_ms > $3",
    [Q_IDEMPOTENCY_PRUNE] = "DELETE FROM idempotency_keys WHERE (caller_id, key) IN "
                            "(SELECT caller_id, key FROM idempotency_keys WHERE at_ms <= $1 " PRUNE ")",
    [Q_IDEMPOTENCY_PUT] = "INSERT INTO idempotency_keys (caller_id, key, asked_hash, object_id, at_ms) VALUES ($1, $2, $3, $4, $5) "
                          "ON CONFLICT (caller_id, key) DO UPDATE SET asked_hash = excluded.asked_hash, object_id = excluded.object_id, at_ms = excluded.at_ms",
    [Q_IDEMPOTENCY_MAKE_ROOM] = "DELETE FROM idempotency_keys WHERE caller_id = $1 AND key IN (SELECT key FROM idempotency_keys WHERE caller_id = $1 "
                                "ORDER BY at_ms DESC, key LIMIT 100 OFFSET $2)",

    /* store_selftests.c */
    [Q_SELFTESTS_PRUNE] = "DELETE FROM selftests WHERE code IN (SELECT code FROM selftests WHERE at_ms <= $1 " PRUNE ")",
    [Q_SELFTEST_ADD] = "INSERT INTO selftests (code, at_ms, result) VALUES ($1, $2, $3) ON CONFLICT (code) DO NOTHING",
    [Q_SELFTESTS_MAKE_ROOM] = "DELETE FROM selftests WHERE code IN (SELECT code FROM selftests WHERE at_ms > 0 ORDER BY at_ms DESC, code DESC LIMIT 100 OFFSET $1)",
    [Q_SELFTEST_FIND] = "SELECT at_ms, result FROM selftests WHERE code = $1 AND at_ms > $2",

    /* store_seats.c */
    [Q_SEAT_FIND] = "SELECT " SEAT_COLUMNS " FROM seats WHERE id = $1",
    [Q_SEAT_PUT] = "INSERT INTO seats (" SEAT_COLUMNS ") "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22) ON CONFLICT (id) DO UPDATE SET "
                   "room_id = excluded.room_id, user_id = excluded.user_id, invitation_id = excluded.invitation_id, session_id = excluded.session_id, name = excluded.name, "
                   "role = excluded.role, name_from = excluded.name_from, state = excluded.state, end_reason = excluded.end_reason, "
                   "held = excluded.held, same_invitation = excluded.same_invitation, crowd = excluded.crowd, gen = excluded.gen, instance = excluded.instance, "
                   "since_ms = excluded.since_ms, away_ms = excluded.away_ms, ended_ms = excluded.ended_ms, "
                   "blocked_until_ms = excluded.blocked_until_ms, admitted_ms = excluded.admitted_ms, "
                   "ticket_hash = excluded.ticket_hash, ticket_old_hash = excluded.ticket_old_hash",
    [Q_SEAT_COUNT_INSIDE] = "SELECT count(*) AS inside, coalesce(sum(CASE WHEN role = 1 THEN 1 ELSE 0 END), 0) AS hosts FROM seats "
                            "WHERE room_id = $1 AND state IN (3, 4) AND state <> 5",
    [Q_SEAT_HOST_LOST] = "SELECT coalesce(max(ended_ms), 0) AS at_ms FROM seats WHERE room_id = $1 AND role = 1 AND state = 5 AND end_reason = 5",
    [Q_SEATS_END_LOST] = "UPDATE seats SET end_reason = 4 WHERE room_id = $1 AND state = 5 AND end_reason = 5 AND admitted_ms > 0 AND ended_ms >= $2",
    [Q_SEATS_FORGET_ADMISSION] = "UPDATE seats SET admitted_ms = 0 WHERE room_id = $1 AND role = 0 AND state = 5 AND end_reason = 5 AND ended_ms >= $2",
    [Q_SEAT_COUNT_CROWD] = "SELECT count(*) AS n FROM seats WHERE room_id = $1 AND state IN (1, 2) AND state <> 5 AND crowd = 1",
    [Q_SEATS_OPEN_COUNT] = "SELECT count(*) AS n FROM seats WHERE room_id = $1 AND state <> 5",
    /* People of a crowd who were neither let in nor sent away; the newest thousand of a room stay. */
    [Q_SEATS_CROWD_PRUNE] = "DELETE FROM seats WHERE id IN (SELECT id FROM seats WHERE room_id = $1 AND state = 5 AND crowd = 1 AND admitted_ms = 0 "
                            "AND blocked_until_ms = 0 AND end_reason NOT IN (2, 3) ORDER BY ended_ms DESC LIMIT 200 OFFSET 1000)",
    [Q_SEAT_LIST_OPEN] = "SELECT " SEAT_COLUMNS " FROM seats WHERE state <> 5 ORDER BY room_id",
    [Q_SEAT_LIST_ROOM] = "SELECT " SEAT_COLUMNS " FROM seats WHERE room_id = $1 AND state <> 5",

    [Q_BLOCKS_PRUNE] = "DELETE FROM blocks WHERE until_ms <= $1 AND until_ms IN (SELECT until_ms FROM blocks WHERE until_ms <= $1 " PRUNE ")",
    [Q_BLOCK_ADD] = "INSERT INTO blocks (room_id, participant_id, invitation_id, until_ms) VALUES ($1, $2, $3, $4)",
    [Q_BLOCK_LIST] = "SELECT participant_id, invitation_id, until_ms FROM blocks WHERE room_id = $1 AND until_ms > $2",

    /* store_quality.c */
    [Q_QUALITY_PUT] = "INSERT INTO call_quality (participant_id, began_ms, room_id, name, role, at_ms, good_s, fair_s, poor_s, lost_s, rtt_ms, loss, concealed, "
                      "frozen_ms, path, visit_ms, worst_ms, worst_bad_s, worst_fair_s) "
                      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) ON CONFLICT (participant_id, began_ms) DO UPDATE SET "
                      "name = excluded.name, at_ms = excluded.at_ms, good_s = excluded.good_s, fair_s = excluded.fair_s, poor_s = excluded.poor_s, "
                      "lost_s = excluded.lost_s, rtt_ms = excluded.rtt_ms, loss = excluded.loss, concealed = excluded.concealed, "
                      "frozen_ms = excluded.frozen_ms, path = excluded.path, worst_ms = excluded.worst_ms, worst_bad_s = excluded.worst_bad_s, "
                      "worst_fair_s = excluded.worst_fair_s",
    [Q_QUALITY_LIST] = "SELECT participant_id, began_ms, room_id, name, role, at_ms, good_s, fair_s, poor_s, lost_s, rtt_ms, loss, concealed, frozen_ms, path, "
                       "visit_ms, worst_ms, worst_bad_s, worst_fair_s FROM call_quality WHERE room_id = $1 AND visit_ms IN "
                       "(SELECT DISTINCT visit_ms FROM call_quality WHERE room_id = $1 ORDER BY visit_ms DESC LIMIT $2) "
                       "ORDER BY visit_ms DESC, role DESC, participant_id, began_ms LIMIT $3",
    [Q_QUALITY_FORGET] = "DELETE FROM call_quality WHERE (participant_id, began_ms) IN (SELECT participant_id, began_ms FROM call_quality WHERE at_ms <= $1 LIMIT 200)",

    /* store_retention.c: the uses of an invitation, a thousand at most, are deleted with it. */
    [Q_SEATS_FORGET] = "DELETE FROM seats WHERE id IN (SELECT id FROM seats WHERE state = 5 AND ended_ms <= $1 LIMIT 200)",
    [Q_INVITATIONS_FORGET_EXPIRED] = "DELETE FROM invites WHERE id IN (SELECT i.id FROM invites i WHERE i.expires_ms > 0 AND i.expires_ms <= $1 " NOBODY_SITS
                                 "LIMIT 20)",
    [Q_INVITATIONS_FORGET_REVOKED] = "DELETE FROM invites WHERE id IN (SELECT i.id FROM invites i WHERE i.revoked_ms > 0 AND i.revoked_ms <= $1 " NOBODY_SITS
                                 "LIMIT 20)",

    /* store_audit.c */
    [Q_AUDIT_HEAD] = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1",
    [Q_AUDIT_ADD] = "INSERT INTO audit (seq, at_ms, actor, action, object, facts, detail_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    [Q_AUDIT_DETAIL_ADD] = "INSERT INTO audit_detail (seq, salt, detail) VALUES ($1, $2, $3)",
    [Q_AUDIT_HASH_BEFORE] = "SELECT hash FROM audit WHERE seq <= $1 ORDER BY seq DESC LIMIT 1",
    [Q_AUDIT_WALK] = "SELECT a.seq, a.at_ms, a.actor, a.action, a.object, a.facts, a.detail_hash, a.hash, d.salt, d.detail "
                     "FROM audit a LEFT JOIN audit_detail d ON d.seq = a.seq WHERE a.seq > $1 ORDER BY a.seq",
    [Q_AUDIT_LAST] = "SELECT at_ms FROM audit WHERE action = $1 ORDER BY seq DESC LIMIT 1",

    /* store_keys.c */
    [Q_KEY_NEWEST] = "SELECT kid, public_key, sealed, created_ms FROM signing_keys ORDER BY created_ms DESC, kid DESC LIMIT $1",
    [Q_KEY_ADD] = "INSERT INTO signing_keys (kid, public_key, sealed, created_ms) VALUES ($1, $2, $3, $4)",
    [Q_KEY_DELETE] = "DELETE FROM signing_keys WHERE kid = $1",
};

/* clang-format on */
