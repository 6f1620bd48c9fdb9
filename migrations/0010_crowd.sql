-- Who came by a link for several people, or by the address of an open room, is one of a crowd: its places are bounded.
-- State 5 is SEAT_ENDED, role 0 a guest.

ALTER TABLE seats ADD COLUMN crowd BIGINT NOT NULL DEFAULT 0; -- 0 or 1

UPDATE seats SET crowd = 1
WHERE state <> 5 AND role = 0 AND (invitation_id = '' OR invitation_id IN (SELECT id FROM invites WHERE max_uses <> 1));
