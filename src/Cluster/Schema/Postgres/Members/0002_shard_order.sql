-- What operators want of single shards: to move once. A row is there until it is done or given up.
CREATE TABLE shard_order (
    cluster    text        NOT NULL,
    region     text        NOT NULL,
    shard      integer     NOT NULL,
    node       text        NOT NULL,
    reason     text        NOT NULL,
    ordered_by text        NOT NULL,
    ordered_at timestamptz NOT NULL,
    PRIMARY KEY (cluster, region, shard)
);
