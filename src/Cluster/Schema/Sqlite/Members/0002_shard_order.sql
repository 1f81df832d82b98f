-- What operators want of single shards: to move once. A row is there until it is done or given up.
CREATE TABLE shard_order (
    cluster    TEXT    NOT NULL,
    region     TEXT    NOT NULL,
    shard      INTEGER NOT NULL,
    node       TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    ordered_by TEXT    NOT NULL,
    ordered_at TEXT    NOT NULL,
    PRIMARY KEY (cluster, region, shard)
) WITHOUT ROWID;
