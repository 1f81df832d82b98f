-- The same tables as in PostgreSQL. Ids of processes and commands are 16 bytes, big-endian; times are microseconds since 1970, UTC.
CREATE TABLE cluster (
    singleton         INTEGER PRIMARY KEY CHECK (singleton = 1),
    cluster_name      TEXT    NOT NULL,
    shard_count       INTEGER NOT NULL CHECK (shard_count BETWEEN 1 AND 65536),
    database_identity TEXT    NOT NULL,
    generation        INTEGER NOT NULL CHECK (generation >= 0)
);

CREATE TABLE shard_owner (
    shard       INTEGER PRIMARY KEY,
    owner       BLOB,
    epoch       INTEGER NOT NULL CHECK (epoch >= 0),
    acquired_by TEXT    NOT NULL
);

CREATE TABLE shard_ownership (
    shard       INTEGER NOT NULL,
    epoch       INTEGER NOT NULL,
    owner       BLOB    NOT NULL,
    acquired_by TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (shard, epoch)
) WITHOUT ROWID;

-- Clustered by position: a batch touches one tail page for each of its shards.
CREATE TABLE journal (
    shard        INTEGER NOT NULL,
    position     INTEGER NOT NULL CHECK (position > 0),
    epoch        INTEGER NOT NULL,
    entity_kind  TEXT    NOT NULL,
    entity_id    TEXT    NOT NULL,
    sequence_nr  INTEGER NOT NULL CHECK (sequence_nr > 0),
    event_type   TEXT    NOT NULL,
    command_id   BLOB    NOT NULL,
    at           INTEGER NOT NULL,
    command_hash BLOB,
    answer       BLOB,
    payload      BLOB    NOT NULL,
    PRIMARY KEY (shard, position)
) WITHOUT ROWID;
CREATE UNIQUE INDEX journal_sequence ON journal (entity_kind, entity_id, sequence_nr);
CREATE INDEX journal_answer ON journal (command_id) WHERE answer IS NOT NULL;

CREATE TABLE command_result (
    entity_kind  TEXT    NOT NULL,
    entity_id    TEXT    NOT NULL,
    command_id   BLOB    NOT NULL,
    shard        INTEGER NOT NULL,
    sequence_nr  INTEGER NOT NULL,
    payload_hash BLOB,
    answer       BLOB    NOT NULL,
    at           INTEGER NOT NULL,
    PRIMARY KEY (entity_kind, entity_id, command_id)
) WITHOUT ROWID;
CREATE INDEX command_result_command ON command_result (command_id);
CREATE INDEX command_result_age ON command_result (at);

CREATE TABLE snapshot (
    entity_kind   TEXT    NOT NULL,
    entity_id     TEXT    NOT NULL,
    shard         INTEGER NOT NULL,
    sequence_nr   INTEGER NOT NULL,
    position      INTEGER NOT NULL,
    state_version INTEGER NOT NULL,
    payload       BLOB    NOT NULL,
    at            INTEGER NOT NULL,
    PRIMARY KEY (entity_kind, entity_id)
);
