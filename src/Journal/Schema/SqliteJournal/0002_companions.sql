-- Which message an event accepted; only on the last event of a message.
ALTER TABLE journal ADD COLUMN sender_kind TEXT;
ALTER TABLE journal ADD COLUMN sender_id TEXT;
ALTER TABLE journal ADD COLUMN message_nr INTEGER;

-- Timers and inbox of the entity, opaque here.
ALTER TABLE snapshot ADD COLUMN engine_state BLOB;

CREATE TABLE timer (
    entity_kind TEXT    NOT NULL,
    entity_id   TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    shard       INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    PRIMARY KEY (entity_kind, entity_id, name)
) WITHOUT ROWID;
CREATE INDEX timer_due ON timer (due_at);

-- Messages not yet acknowledged, and of each channel the last acknowledged one, emptied: a mark that the receiver still remembers the sender.
CREATE TABLE outbox (
    sender_kind     TEXT    NOT NULL,
    sender_id       TEXT    NOT NULL,
    receiver_kind   TEXT    NOT NULL,
    receiver_id     TEXT    NOT NULL,
    nr              INTEGER NOT NULL,
    shard           INTEGER NOT NULL,
    acting_user     TEXT    NOT NULL,
    command         BLOB    NOT NULL,
    at              INTEGER NOT NULL,
    acknowledged_at INTEGER,
    PRIMARY KEY (sender_kind, sender_id, receiver_kind, receiver_id, nr)
);
CREATE INDEX outbox_pending ON outbox (shard, sender_kind, sender_id, nr) WHERE acknowledged_at IS NULL;
CREATE INDEX outbox_marks ON outbox (acknowledged_at) WHERE acknowledged_at IS NOT NULL;

CREATE TABLE remembered_entity (
    entity_kind TEXT    NOT NULL,
    entity_id   TEXT    NOT NULL,
    shard       INTEGER NOT NULL,
    PRIMARY KEY (entity_kind, entity_id)
) WITHOUT ROWID;
CREATE INDEX remembered_entity_shard ON remembered_entity (shard, entity_kind, entity_id);
