-- Orders to move a shard once; a row goes when the shard is there and has stayed for a time, or when the order cannot be carried out.
CREATE TABLE shard_move (
    shard          INTEGER PRIMARY KEY,
    node_name      TEXT    NOT NULL,
    expected_epoch INTEGER NOT NULL,
    reason         TEXT    NOT NULL,
    by_whom        TEXT    NOT NULL,
    at             INTEGER NOT NULL
);
