-- People with an account, their sign-ins and one-time password links; settings of the practice.
-- Times are milliseconds since 1970 (UTC). Enumerations are stored as their number in server/domain.

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,                  -- lower case
    name TEXT NOT NULL,
    role BIGINT NOT NULL,                        -- enum user_role
    state BIGINT NOT NULL,                       -- enum user_state
    language TEXT NOT NULL DEFAULT '',           -- '': the practice's
    timezone TEXT NOT NULL DEFAULT '',           -- IANA name, '': the practice's
    password_hash TEXT NOT NULL DEFAULT '',      -- Argon2id text, '' while invited
    password_ms BIGINT NOT NULL DEFAULT 0,       -- when it was set
    created_ms BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX users_newest ON users (created_ms, id);
CREATE INDEX users_by_role ON users (role, state);

CREATE TABLE user_links (
    code_hash BLOB NOT NULL PRIMARY KEY,         -- BLAKE2b of the code
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX user_links_of_user ON user_links (user_id);
CREATE INDEX user_links_expiry ON user_links (expires_ms);

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    cookie_hash BLOB NOT NULL UNIQUE,            -- BLAKE2b of the cookie
    created_ms BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    agent TEXT NOT NULL DEFAULT ''
);
CREATE INDEX sessions_of_user ON sessions (user_id, created_ms, id);
CREATE INDEX sessions_expiry ON sessions (expires_ms);

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
