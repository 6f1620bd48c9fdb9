-- The hash-chained record. Rows are only ever added; personal detail can be erased with its salt, and the chain still holds.

CREATE TABLE audit (
    seq INTEGER NOT NULL PRIMARY KEY,            -- 1, 2, … without gaps
    at_ms BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,                        -- audit_action_name()
    object TEXT NOT NULL,
    facts TEXT NOT NULL,
    detail_hash BLOB NOT NULL,
    hash BLOB NOT NULL
);

CREATE TABLE audit_detail (
    seq INTEGER NOT NULL PRIMARY KEY REFERENCES audit (seq),
    salt BLOB NOT NULL,
    detail TEXT NOT NULL
);
