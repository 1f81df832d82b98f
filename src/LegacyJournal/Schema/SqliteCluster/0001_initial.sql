-- Leases and targets live in a file of their own, so that appends never starve them.
CREATE TABLE member (
    incarnation        BLOB    PRIMARY KEY,
    node_name          TEXT    NOT NULL,
    address            TEXT    NOT NULL,
    management_address TEXT    NOT NULL,
    roles              TEXT    NOT NULL,
    version            TEXT    NOT NULL,
    status             TEXT    NOT NULL CHECK (status IN ('joining', 'up', 'leaving', 'down', 'dead', 'removed')),
    renew_counter      INTEGER NOT NULL CHECK (renew_counter >= 0),
    joined_at          INTEGER NOT NULL,
    reason             TEXT    NOT NULL
) WITHOUT ROWID;

CREATE TABLE coordinator (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    holder    BLOB,
    term      INTEGER NOT NULL CHECK (term >= 0)
);
INSERT INTO coordinator (singleton, holder, term) VALUES (1, NULL, 0);

CREATE TABLE shard_target (
    shard      INTEGER PRIMARY KEY,
    target     BLOB    NOT NULL,
    reason     TEXT    NOT NULL,
    decided_by BLOB    NOT NULL,
    term       INTEGER NOT NULL,
    decided_at INTEGER NOT NULL
);

CREATE TABLE shard_decision (
    shard      INTEGER NOT NULL,
    nr         INTEGER NOT NULL,
    target     BLOB    NOT NULL,
    reason     TEXT    NOT NULL,
    decided_by BLOB    NOT NULL,
    term       INTEGER NOT NULL,
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (shard, nr)
) WITHOUT ROWID;
