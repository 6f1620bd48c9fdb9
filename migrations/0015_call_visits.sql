-- Stretches of people who were in a call together belong to one visit: the time at which two were inside first. Stretches from before
-- are put together by their times. Of each stretch the worst report: when it came, and its seconds.

ALTER TABLE call_quality ADD COLUMN visit_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE call_quality ADD COLUMN worst_ms BIGINT NOT NULL DEFAULT 0;      -- 0: all seconds were good, or it is not known
ALTER TABLE call_quality ADD COLUMN worst_bad_s BIGINT NOT NULL DEFAULT 0;   -- poor, or without a connection
ALTER TABLE call_quality ADD COLUMN worst_fair_s BIGINT NOT NULL DEFAULT 0;

UPDATE call_quality SET visit_ms = (SELECT MIN(other.began_ms) FROM call_quality AS other WHERE other.room_id = call_quality.room_id
    AND other.began_ms <= call_quality.at_ms AND other.at_ms >= call_quality.began_ms);

DROP INDEX call_quality_of_room;
CREATE INDEX call_quality_of_room ON call_quality (room_id, visit_ms);
