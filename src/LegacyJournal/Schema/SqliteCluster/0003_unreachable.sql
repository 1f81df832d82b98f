-- The up members that a member is not connected with.
ALTER TABLE member ADD COLUMN unreachable TEXT NOT NULL DEFAULT '';
