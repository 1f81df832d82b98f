-- Every changing call of the management API: written before it is carried out, completed afterwards. Outcome: 0 unknown, 1 allowed,
-- 2 denied, 3 failed.
CREATE TABLE audit (
    nr      INTEGER NOT NULL PRIMARY KEY,
    at      TEXT    NOT NULL,
    node    TEXT    NOT NULL,
    who     TEXT    NOT NULL,
    by_whom TEXT    NOT NULL,
    role    TEXT    NOT NULL,
    remote  TEXT    NOT NULL,
    method  TEXT    NOT NULL,
    path    TEXT    NOT NULL,
    action  TEXT    NOT NULL,
    target  TEXT    NOT NULL,
    why     TEXT    NOT NULL,
    status  INTEGER,
    outcome INTEGER NOT NULL
);
CREATE INDEX audit_denied_idx ON audit (nr) WHERE outcome = 2;
