-- Which message an event accepted; only on the last event of a message.
ALTER TABLE journal
    ADD COLUMN sender_kind text   COLLATE "C",
    ADD COLUMN sender_id   text   COLLATE "C",
    ADD COLUMN message_nr  bigint;

-- Timers and inbox of the entity, opaque here.
ALTER TABLE snapshot ADD COLUMN engine_state bytea;

CREATE TABLE timer (
    entity_kind text        COLLATE "C" NOT NULL,
    entity_id   text        COLLATE "C" NOT NULL,
    name        text        COLLATE "C" NOT NULL,
    shard       integer     NOT NULL,
    version     bigint      NOT NULL,
    due_at      timestamptz NOT NULL,
    PRIMARY KEY (entity_kind, entity_id, name)
);
CREATE INDEX timer_due ON timer (due_at);

-- Messages not yet acknowledged, and of each channel the last acknowledged one, emptied: a mark that the receiver still remembers the sender.
CREATE TABLE outbox (
    sender_kind     text        COLLATE "C" NOT NULL,
    sender_id       text        COLLATE "C" NOT NULL,
    receiver_kind   text        COLLATE "C" NOT NULL,
    receiver_id     text        COLLATE "C" NOT NULL,
    nr              bigint      NOT NULL,
    shard           integer     NOT NULL,
    acting_user     text        NOT NULL,
    command         bytea       NOT NULL,
    at              timestamptz NOT NULL,
    acknowledged_at timestamptz,
    PRIMARY KEY (sender_kind, sender_id, receiver_kind, receiver_id, nr)
);
CREATE INDEX outbox_pending ON outbox (shard, sender_kind, sender_id, nr) WHERE acknowledged_at IS NULL;
CREATE INDEX outbox_marks ON outbox (acknowledged_at) WHERE acknowledged_at IS NOT NULL;

CREATE TABLE remembered_entity (
    entity_kind text    COLLATE "C" NOT NULL,
    entity_id   text    COLLATE "C" NOT NULL,
    shard       integer NOT NULL,
    PRIMARY KEY (entity_kind, entity_id)
);
CREATE INDEX remembered_entity_shard ON remembered_entity (shard, entity_kind, entity_id);
