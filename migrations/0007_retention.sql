-- What is found by its age, so that it can be forgotten (server/store/store_retention.c). State 5 is SEAT_ENDED.

CREATE INDEX seats_ended ON seats (ended_ms) WHERE state = 5;
CREATE INDEX invites_expired ON invites (expires_ms) WHERE expires_ms > 0;
CREATE INDEX invites_revoked ON invites (revoked_ms) WHERE revoked_ms > 0;
