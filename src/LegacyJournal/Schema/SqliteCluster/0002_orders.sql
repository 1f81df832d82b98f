-- Orders of operators, by node name: an order outlives the process that has the name.
CREATE TABLE node_order (
    node_name TEXT    PRIMARY KEY,
    kind      TEXT    NOT NULL CHECK (kind IN ('cordon', 'drain')),
    reason    TEXT    NOT NULL,
    by_whom   TEXT    NOT NULL,
    at        INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE shard_pin (
    shard     INTEGER PRIMARY KEY,
    node_name TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    by_whom   TEXT    NOT NULL,
    at        INTEGER NOT NULL
);

-- The figures behind a decision, as JSON; null: there are none.
ALTER TABLE shard_decision ADD COLUMN numbers TEXT;
