-- An order of a shard is to move once, or to be at home on a node for as long as the row is there.
ALTER TABLE shard_order ADD COLUMN kind TEXT NOT NULL DEFAULT 'move' CHECK (kind IN ('move', 'pin'));

-- What operators want of nodes, by name, whoever runs under it: that one gets no more shards, or gives all it has away. A row is there until
-- it is taken back.
CREATE TABLE node_order (
    cluster    TEXT NOT NULL,
    node       TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('cordon', 'drain')),
    reason     TEXT NOT NULL,
    ordered_by TEXT NOT NULL,
    ordered_at TEXT NOT NULL,
    PRIMARY KEY (cluster, node)
) WITHOUT ROWID;
