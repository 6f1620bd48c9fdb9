-- Whoever comes by a dead link may ask for a new one; it is open until a host or the front desk has answered.

ALTER TABLE invites ADD COLUMN asked_ms BIGINT NOT NULL DEFAULT 0;    -- when it was asked last; 0: never
ALTER TABLE invites ADD COLUMN answered_ms BIGINT NOT NULL DEFAULT 0; -- when that was renewed or dismissed last; 0: never
CREATE INDEX invites_asked ON invites (asked_ms, id) WHERE asked_ms > answered_ms;
CREATE INDEX invites_asked_of_room ON invites (room_id, asked_ms, id) WHERE asked_ms > answered_ms;
