-- Devices from which somebody has signed in: other people's wrong passwords for the account do not make them wait.

CREATE TABLE devices (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    cookie_hash BLOB NOT NULL,                   -- BLAKE2b of the device cookie; a shared device has a row for each account
    seen_ms BIGINT NOT NULL,                     -- newest sign-in
    PRIMARY KEY (user_id, cookie_hash)
);
CREATE INDEX devices_by_cookie ON devices (cookie_hash);
CREATE INDEX devices_age ON devices (seen_ms);
