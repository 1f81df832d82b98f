-- The tables of Akka.Persistence.Sql in its default mapping, so that the stock plugin reads and writes them too. Where the stock plugin
-- made them already they stay as they are. Two of its indexes on journal and both on snapshot serve no query and are left out.
CREATE TABLE IF NOT EXISTS journal (
    ordering        INTEGER       NOT NULL PRIMARY KEY AUTOINCREMENT,
    created         INTEGER       NOT NULL,
    deleted         Bit           NOT NULL,
    persistence_id  NVarChar(255) NOT NULL,
    sequence_number INTEGER       NOT NULL,
    message         VarBinary     NOT NULL,
    manifest        NVarChar(500),
    identifier      INTEGER,
    writer_uuid     NVarChar(128)
);
CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON journal (persistence_id, sequence_number);

CREATE TABLE IF NOT EXISTS tags (
    ordering_id    INTEGER       NOT NULL,
    tag            NVarChar(64)  NOT NULL,
    sequence_nr    INTEGER       NOT NULL,
    persistence_id NVarChar(255) NOT NULL,
    CONSTRAINT PK_tags PRIMARY KEY (ordering_id, tag)
);
CREATE INDEX IF NOT EXISTS tags_persistence_id_sequence_nr_idx ON tags (persistence_id, sequence_nr);
CREATE INDEX IF NOT EXISTS tags_tag_idx ON tags (tag);

CREATE TABLE IF NOT EXISTS snapshot (
    persistence_id  NVarChar(255) NOT NULL,
    sequence_number INTEGER       NOT NULL,
    created         INTEGER       NOT NULL,
    snapshot        VarBinary,
    manifest        NVarChar(500),
    serializer_id   INTEGER,
    CONSTRAINT PK_snapshot PRIMARY KEY (persistence_id, sequence_number)
);
