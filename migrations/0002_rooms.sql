-- Rooms with their rules, owner and co-hosts. Who is inside stands in seats.

CREATE TABLE rooms (
    id TEXT NOT NULL PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE,                   -- lower case
    kind BIGINT NOT NULL,                        -- enum room_kind
    access BIGINT NOT NULL,                      -- enum room_access
    topology BIGINT NOT NULL,                    -- enum room_topology
    max_participants BIGINT NOT NULL,            -- inside and away
    waiting_room BIGINT NOT NULL,                -- 0 or 1, as all that follow
    locked BIGINT NOT NULL,
    relay_only BIGINT NOT NULL,
    guests_may_stay BIGINT NOT NULL,
    pin_hash BLOB,                               -- keyed BLAKE2b of room id and PIN; NULL: no PIN
    consent_version BIGINT NOT NULL,             -- 0: no consent text
    consent_text TEXT NOT NULL DEFAULT '',
    created_ms BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX rooms_by_name ON rooms (lower(name), id);
CREATE INDEX rooms_of_owner ON rooms (owner_id);

CREATE TABLE room_cohosts (
    room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,                       -- 0, 1, …: the order in which they were given
    PRIMARY KEY (room_id, user_id)
);
CREATE INDEX room_cohosts_of_user ON room_cohosts (user_id);
