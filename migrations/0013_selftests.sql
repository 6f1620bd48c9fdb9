-- Results of self tests, under the code that people read out to the practice. They name nobody.

CREATE TABLE selftests (
    code   TEXT PRIMARY KEY,
    at_ms  BIGINT NOT NULL,
    result TEXT NOT NULL
);
CREATE INDEX selftests_at ON selftests (at_ms, code);
