-- Who wrote a row, and for which command. All nullable: a row of the stock plugin has none of it and is valid. There is no transaction
-- id: SQLite writes one transaction after the other, so ordering is the order of commit.
ALTER TABLE journal ADD COLUMN lease_name TEXT;
ALTER TABLE journal ADD COLUMN epoch INTEGER;
ALTER TABLE journal ADD COLUMN command_id TEXT;
CREATE UNIQUE INDEX journal_command_uq ON journal (persistence_id, command_id) WHERE command_id IS NOT NULL;

ALTER TABLE snapshot ADD COLUMN lease_name TEXT;
ALTER TABLE snapshot ADD COLUMN epoch INTEGER;
