-- What all members agree on, fixed by the first start. One row: a database serves one cluster.
CREATE TABLE cluster (
    name              text    PRIMARY KEY,
    generation        bigint  NOT NULL DEFAULT 0,
    founder           text,
    schema            integer NOT NULL,
    shard_counts      text    NOT NULL,
    ca_fingerprint    text,
    database_identity text
);

-- One row for each start of a process; never deleted, never used again. The states left and dead are final. Wall-clock times are for
-- people: nothing decides by them. The fill factor keeps the renewals, which touch no index, on their page.
CREATE TABLE node (
    incarnation    text        PRIMARY KEY,
    cluster        text        NOT NULL,
    generation     bigint      NOT NULL DEFAULT 0,
    name           text        NOT NULL,
    address        text        NOT NULL,
    uid            bigint      NOT NULL,
    management_url text,
    gateway_url    text,
    roles          text[]      NOT NULL,
    version        text        NOT NULL,
    process_id     integer     NOT NULL,
    process_start  bigint      NOT NULL,
    state          text        NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'down', 'left', 'dead')),
    renewals       bigint      NOT NULL DEFAULT 0,
    reason         text,
    lock_key       bigint      NOT NULL,
    backend_pid    integer     NOT NULL,
    backend_start  timestamptz NOT NULL,
    started_at     timestamptz NOT NULL DEFAULT now(),
    ended_at       timestamptz
) WITH (fillfactor = 50);
CREATE INDEX node_present_idx ON node (cluster) WHERE state IN ('live', 'down');
