-- Orders of operators, by node name: an order outlives the process that has the name. The key compares bytewise, like the names of nodes.
CREATE TABLE node_order (
    node_name text        COLLATE "C" PRIMARY KEY,
    kind      text        NOT NULL CHECK (kind IN ('cordon', 'drain')),
    reason    text        NOT NULL,
    by_whom   text        NOT NULL,
    at        timestamptz NOT NULL
);

CREATE TABLE shard_pin (
    shard     integer     PRIMARY KEY,
    node_name text        COLLATE "C" NOT NULL,
    reason    text        NOT NULL,
    by_whom   text        NOT NULL,
    at        timestamptz NOT NULL
);

-- The figures behind a decision, as JSON; null: there are none.
ALTER TABLE shard_decision ADD COLUMN numbers text;
