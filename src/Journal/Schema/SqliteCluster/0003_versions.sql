-- What a member reads, as compact JSON by kind (null: a program that did not say), and the up members it is not connected with.
ALTER TABLE member ADD COLUMN reads TEXT;
ALTER TABLE member ADD COLUMN unreachable TEXT NOT NULL DEFAULT '';

-- Every event type that was ever written. A row comes before the first event of its type, and is never deleted. It stands beside the member
-- rows, whose readable versions it is checked against; what the journal held before is filled in when the store is opened.
CREATE TABLE event_type (
    entity_kind TEXT    NOT NULL,
    event_type  TEXT    NOT NULL,
    since       INTEGER NOT NULL,
    written_by  TEXT    NOT NULL,
    PRIMARY KEY (entity_kind, event_type)
) WITHOUT ROWID;
