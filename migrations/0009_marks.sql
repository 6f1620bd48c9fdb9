-- Guests of a link for several people were once marked as if they had taken it from each other. State 5 is SEAT_ENDED.

UPDATE seats SET same_invitation = 0
WHERE same_invitation = 1 AND state <> 5 AND invitation_id IN (SELECT id FROM invites WHERE max_uses > 1);
