-- What coordinators decided about shards, for people and for the next coordinator. The oldest rows are removed. Kind: 1 it is handed over, 2 it
-- was given a home, 3 it is where it was ordered to, 4 an order was given up.
CREATE TABLE shard_decision (
    nr          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cluster     text        NOT NULL,
    at          timestamptz NOT NULL,
    region      text        NOT NULL,
    shard       integer     NOT NULL,
    kind        integer     NOT NULL,
    from_node   text,
    to_node     text        NOT NULL,
    reason      text        NOT NULL,
    numbers     text        NOT NULL,
    coordinator text        NOT NULL
);
CREATE INDEX shard_decision_shard_idx ON shard_decision (region, shard, nr);
