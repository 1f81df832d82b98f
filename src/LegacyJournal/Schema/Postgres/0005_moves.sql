-- Orders to move a shard once; a row goes when the shard is there and has stayed for a time, or when the order cannot be carried out.
CREATE TABLE shard_move (
    shard          integer     PRIMARY KEY,
    node_name      text        COLLATE "C" NOT NULL,
    expected_epoch bigint      NOT NULL,
    reason         text        NOT NULL,
    by_whom        text        NOT NULL,
    at             timestamptz NOT NULL
);
