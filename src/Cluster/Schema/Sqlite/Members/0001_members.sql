-- What all members agree on, fixed by the first start. One row: a database serves one cluster.
CREATE TABLE cluster (
    name              TEXT    NOT NULL PRIMARY KEY,
    generation        INTEGER NOT NULL DEFAULT 0,
    founder           TEXT,
    schema            INTEGER NOT NULL,
    shard_counts      TEXT    NOT NULL,
    ca_fingerprint    TEXT,
    database_identity TEXT
) WITHOUT ROWID;

-- One row for each start of a process; never deleted, never used again. The states left and dead are final, so that they may be read while
-- the leases' file is written. Wall-clock times are for people: nothing decides by them.
CREATE TABLE node (
    incarnation    TEXT    NOT NULL PRIMARY KEY,
    cluster        TEXT    NOT NULL,
    generation     INTEGER NOT NULL DEFAULT 0,
    name           TEXT    NOT NULL,
    address        TEXT    NOT NULL,
    uid            INTEGER NOT NULL,
    management_url TEXT,
    gateway_url    TEXT,
    roles          TEXT    NOT NULL,
    version        TEXT    NOT NULL,
    host           TEXT    NOT NULL,
    process_id     INTEGER NOT NULL,
    process_start  INTEGER NOT NULL,
    state          TEXT    NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'down', 'left', 'dead')),
    renewals       INTEGER NOT NULL DEFAULT 0,
    reason         TEXT,
    started_at     TEXT    NOT NULL,
    ended_at       TEXT
) WITHOUT ROWID;
CREATE INDEX node_present_idx ON node (cluster) WHERE state IN ('live', 'down');
