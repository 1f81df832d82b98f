-- What every member must agree on: one row.
CREATE TABLE cluster (
    singleton         boolean     PRIMARY KEY DEFAULT true CHECK (singleton),
    cluster_name      text        NOT NULL,
    shard_count       integer     NOT NULL CHECK (shard_count BETWEEN 1 AND 65536),
    database_identity text        NOT NULL,
    generation        bigint      NOT NULL CHECK (generation >= 0)
);

-- One row for each run of a process. Statuses are those of MemberStatus, in lower case.
CREATE TABLE member (
    incarnation        uuid        PRIMARY KEY,
    node_name          text        NOT NULL,
    address            text        NOT NULL,
    management_address text        NOT NULL,
    roles              text        NOT NULL,
    version            text        NOT NULL,
    status             text        NOT NULL CHECK (status IN ('joining', 'up', 'leaving', 'down', 'dead', 'removed')),
    renew_counter      bigint      NOT NULL CHECK (renew_counter >= 0),
    joined_at          timestamptz NOT NULL,
    reason             text        NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE coordinator (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    holder    uuid,
    term      bigint  NOT NULL CHECK (term >= 0)
);
INSERT INTO coordinator (holder, term) VALUES (NULL, 0);

CREATE TABLE shard_target (
    shard      integer     PRIMARY KEY,
    target     uuid        NOT NULL,
    reason     text        NOT NULL,
    decided_by uuid        NOT NULL,
    term       bigint      NOT NULL,
    decided_at timestamptz NOT NULL
);

CREATE TABLE shard_decision (
    shard      integer     NOT NULL,
    nr         bigint      NOT NULL,
    target     uuid        NOT NULL,
    reason     text        NOT NULL,
    decided_by uuid        NOT NULL,
    term       bigint      NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (shard, nr)
);

-- The fence. Appends lock these rows FOR SHARE, so nothing that is frequent may update them.
CREATE TABLE shard_owner (
    shard       integer PRIMARY KEY,
    owner       uuid,
    epoch       bigint  NOT NULL CHECK (epoch >= 0),
    acquired_by text    NOT NULL
) WITH (fillfactor = 50);

-- Every grant; the key makes two owners of one epoch impossible.
CREATE TABLE shard_ownership (
    shard       integer     NOT NULL,
    epoch       bigint      NOT NULL,
    owner       uuid        NOT NULL,
    acquired_by text        NOT NULL,
    at          timestamptz NOT NULL,
    PRIMARY KEY (shard, epoch)
);

CREATE TABLE journal (
    shard        integer     NOT NULL,
    position     bigint      NOT NULL CHECK (position > 0),
    epoch        bigint      NOT NULL,
    entity_kind  text        COLLATE "C" NOT NULL,
    entity_id    text        COLLATE "C" NOT NULL,
    sequence_nr  bigint      NOT NULL CHECK (sequence_nr > 0),
    event_type   text        COLLATE "C" NOT NULL,
    command_id   uuid        NOT NULL,
    at           timestamptz NOT NULL,
    command_hash bytea,
    answer       bytea,
    payload      bytea       NOT NULL,
    CONSTRAINT journal_position PRIMARY KEY (shard, position),
    CONSTRAINT journal_sequence UNIQUE (entity_kind, entity_id, sequence_nr)
);

-- A command's answer is on its last event only, so that the index holds one entry a command.
CREATE INDEX journal_answer ON journal (command_id) WHERE answer IS NOT NULL;

-- Answers that came without an event: refusals, and commands that changed nothing.
CREATE TABLE command_result (
    entity_kind  text        COLLATE "C" NOT NULL,
    entity_id    text        COLLATE "C" NOT NULL,
    command_id   uuid        NOT NULL,
    shard        integer     NOT NULL,
    sequence_nr  bigint      NOT NULL,
    payload_hash bytea,
    answer       bytea       NOT NULL,
    at           timestamptz NOT NULL,
    CONSTRAINT command_result_key PRIMARY KEY (entity_kind, entity_id, command_id)
);
CREATE INDEX command_result_command ON command_result (command_id);
CREATE INDEX command_result_age ON command_result (at);

CREATE TABLE snapshot (
    entity_kind   text        COLLATE "C" NOT NULL,
    entity_id     text        COLLATE "C" NOT NULL,
    shard         integer     NOT NULL,
    sequence_nr   bigint      NOT NULL,
    position      bigint      NOT NULL,
    state_version integer     NOT NULL,
    payload       bytea       NOT NULL,
    at            timestamptz NOT NULL,
    PRIMARY KEY (entity_kind, entity_id)
);
