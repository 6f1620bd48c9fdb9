-- How well each person in a call received the others, in stretches: one from entering until the seat ends, or the server does.
-- Reported by the page twice a minute; figures of this call only, nothing of what was said or shown.

CREATE TABLE call_quality (
    participant_id TEXT NOT NULL,
    began_ms BIGINT NOT NULL,                    -- the first report of the stretch
    room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    name TEXT NOT NULL,                          -- as the others saw it
    role BIGINT NOT NULL,                        -- enum seat_role
    at_ms BIGINT NOT NULL,                       -- the last report
    good_s BIGINT NOT NULL,                      -- seconds by the word that was shown,
    fair_s BIGINT NOT NULL,
    poor_s BIGINT NOT NULL,
    lost_s BIGINT NOT NULL,                      -- and without a connection
    rtt_ms BIGINT NOT NULL,                      -- of these the worst report
    loss BIGINT NOT NULL,                        -- thousandths of the packets
    concealed BIGINT NOT NULL,                   -- thousandths of the sound
    frozen_ms BIGINT NOT NULL,                   -- sum
    path TEXT NOT NULL,                          -- the last: host, srflx, relay/udp, …
    PRIMARY KEY (participant_id, began_ms)
);
CREATE INDEX call_quality_of_room ON call_quality (room_id, at_ms);
CREATE INDEX call_quality_age ON call_quality (at_ms);
