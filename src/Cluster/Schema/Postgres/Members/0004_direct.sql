-- Whether the server sees the process at one of its own addresses: only then does the end of its session say something of the process.
ALTER TABLE node ADD COLUMN direct boolean NOT NULL DEFAULT false;
