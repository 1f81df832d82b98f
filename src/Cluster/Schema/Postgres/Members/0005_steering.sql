-- An order of a shard is to move once, or to be at home on a node for as long as the row is there.
ALTER TABLE shard_order ADD COLUMN kind text NOT NULL DEFAULT 'move' CHECK (kind IN ('move', 'pin'));

-- What operators want of nodes, by name, whoever runs under it: that one gets no more shards, or gives all it has away. A row is there until
-- it is taken back.
CREATE TABLE node_order (
    cluster    text        NOT NULL,
    node       text        NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('cordon', 'drain')),
    reason     text        NOT NULL,
    ordered_by text        NOT NULL,
    ordered_at timestamptz NOT NULL,
    PRIMARY KEY (cluster, node)
);
