-- Seats, one row a participant, and who is refused for a while.
-- State 5 is SEAT_ENDED: the two indexes hold the few seats that are open.

CREATE TABLE seats (
    id TEXT NOT NULL PRIMARY KEY,                -- participant id
    room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,                       -- '' for guests
    invitation_id TEXT NOT NULL,                 -- '' for users and guests of a link room
    session_id TEXT NOT NULL,                    -- sign-in that took it, '' for guests
    name TEXT NOT NULL,
    role BIGINT NOT NULL,                        -- enum seat_role
    name_from BIGINT NOT NULL,                   -- enum seat_name_from
    state BIGINT NOT NULL,                       -- enum seat_state
    end_reason BIGINT NOT NULL,                  -- enum seat_end
    held BIGINT NOT NULL,                        -- 0 or 1
    same_invitation BIGINT NOT NULL,             -- 0 or 1
    gen BIGINT NOT NULL,
    instance BIGINT NOT NULL,
    since_ms BIGINT NOT NULL,
    away_ms BIGINT NOT NULL,                     -- 0 while connected
    ended_ms BIGINT NOT NULL,                    -- 0 while open
    blocked_until_ms BIGINT NOT NULL,            -- 0: not
    admitted_ms BIGINT NOT NULL,                 -- 0: never
    ticket_hash BLOB NOT NULL,
    ticket_old_hash BLOB NOT NULL
);
CREATE INDEX seats_of_room ON seats (room_id);
CREATE INDEX seats_open ON seats (room_id, state, role) WHERE state <> 5;
CREATE INDEX seats_of_invitation ON seats (invitation_id) WHERE state <> 5;

CREATE TABLE blocks (
    room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL,
    invitation_id TEXT NOT NULL,                 -- '': none
    until_ms BIGINT NOT NULL
);
CREATE INDEX blocks_of_participant ON blocks (room_id, participant_id);
CREATE INDEX blocks_of_invitation ON blocks (room_id, invitation_id);
CREATE INDEX blocks_expiry ON blocks (until_ms);
