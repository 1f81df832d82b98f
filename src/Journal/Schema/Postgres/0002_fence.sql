-- Who wrote a row, and for which command. All nullable: a row of the stock plugin has none of it and is valid.
ALTER TABLE journal
    ADD COLUMN lease_name     text,
    ADD COLUMN epoch          bigint,
    ADD COLUMN command_id     text,
    ADD COLUMN transaction_id xid8;
-- Apart from ADD COLUMN: a volatile default there would rewrite the table and give old rows the migration's transaction.
ALTER TABLE journal ALTER COLUMN transaction_id SET DEFAULT pg_current_xact_id();
CREATE UNIQUE INDEX journal_command_uq ON journal (persistence_id, command_id) WHERE command_id IS NOT NULL;

ALTER TABLE snapshot
    ADD COLUMN lease_name text,
    ADD COLUMN epoch      bigint;
