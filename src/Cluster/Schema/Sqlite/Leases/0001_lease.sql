-- The fence, read in the transaction of every append, and so in the journal's file. Never deleted; epochs only grow.
CREATE TABLE IF NOT EXISTS lease (
    cluster TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    owner   TEXT,
    epoch   INTEGER NOT NULL CHECK (epoch >= 0),
    PRIMARY KEY (cluster, name)
) WITHOUT ROWID;
