-- What coordinators decided about shards, for people and for the next coordinator. The oldest rows are removed. Kind: 1 it is handed over, 2 it
-- was given a home, 3 it is where it was ordered to, 4 an order was given up.
CREATE TABLE shard_decision (
    nr          INTEGER NOT NULL PRIMARY KEY,
    cluster     TEXT    NOT NULL,
    at          TEXT    NOT NULL,
    region      TEXT    NOT NULL,
    shard       INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    from_node   TEXT,
    to_node     TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    numbers     TEXT    NOT NULL,
    coordinator TEXT    NOT NULL
);
CREATE INDEX shard_decision_shard_idx ON shard_decision (region, shard, nr);
