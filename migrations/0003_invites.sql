-- Invitations, the guest identities that used them, tries at PINs, and keys of repeated requests.

CREATE TABLE invites (
    id TEXT NOT NULL PRIMARY KEY,
    room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    created_by TEXT NOT NULL,                    -- user id; stays when the user goes
    guest_name TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    generation BIGINT NOT NULL,                  -- counted up by renew
    max_uses BIGINT NOT NULL,
    uses BIGINT NOT NULL,                        -- identities that joined
    not_before_ms BIGINT NOT NULL,               -- 0: any time
    expires_ms BIGINT NOT NULL,                  -- 0: never
    revoked_ms BIGINT NOT NULL,                  -- 0: not
    created_ms BIGINT NOT NULL,
    code_hash BLOB NOT NULL UNIQUE               -- BLAKE2b of the code in force
);
CREATE INDEX invites_of_room ON invites (room_id, created_ms, id);

CREATE TABLE invite_uses (
    invite_id TEXT NOT NULL REFERENCES invites (id) ON DELETE CASCADE,
    guest_hash BLOB NOT NULL,                    -- BLAKE2b of the guest cookie
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (invite_id, guest_hash)
);

CREATE TABLE pin_failures (
    room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    guest_hash BLOB NOT NULL,
    at_ms BIGINT NOT NULL
);
CREATE INDEX pin_failures_of_room ON pin_failures (room_id, at_ms, guest_hash);
CREATE INDEX pin_failures_age ON pin_failures (at_ms);

CREATE TABLE idempotency_keys (
    caller_id TEXT NOT NULL,
    key TEXT NOT NULL,
    object_id TEXT NOT NULL,                     -- what the first request made
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (caller_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (at_ms);
