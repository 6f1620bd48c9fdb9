-- Signing keys, the secret half sealed with the master key.

CREATE TABLE signing_keys (
    kid TEXT NOT NULL PRIMARY KEY,
    public_key BLOB NOT NULL,
    sealed BLOB NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE INDEX signing_keys_newest ON signing_keys (created_ms, kid);
