-- Repeated requests: what was asked is kept as a hash, so that the same key with another question can be refused. Keys are hashed
-- from now on; those from before are forgotten within a day.

ALTER TABLE idempotency_keys ADD COLUMN asked_hash BLOB NOT NULL DEFAULT '';
CREATE INDEX idempotency_keys_of_caller ON idempotency_keys (caller_id, at_ms, key);
