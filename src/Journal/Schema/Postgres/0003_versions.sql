-- What a member reads, as compact JSON by kind (null: a program that did not say), and the up members it is not connected with.
ALTER TABLE member ADD COLUMN reads text;
ALTER TABLE member ADD COLUMN unreachable text NOT NULL DEFAULT '';

-- Every event type that was ever written. A row comes before the first event of its type, and is never deleted.
CREATE TABLE event_type (
    entity_kind text        COLLATE "C" NOT NULL,
    event_type  text        COLLATE "C" NOT NULL,
    since       timestamptz NOT NULL,
    written_by  text        NOT NULL,
    PRIMARY KEY (entity_kind, event_type)
);
INSERT INTO event_type (entity_kind, event_type, since, written_by)
SELECT entity_kind, event_type, min(at), '' FROM journal GROUP BY entity_kind, event_type;
