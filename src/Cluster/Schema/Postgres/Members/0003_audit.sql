-- Every changing call of the management API: written before it is carried out, completed afterwards. Outcome: 0 unknown, 1 allowed,
-- 2 denied, 3 failed.
CREATE TABLE audit (
    nr      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    node    text        NOT NULL,
    who     text        NOT NULL,
    by_whom text        NOT NULL,
    role    text        NOT NULL,
    remote  text        NOT NULL,
    method  text        NOT NULL,
    path    text        NOT NULL,
    action  text        NOT NULL,
    target  text        NOT NULL,
    why     text        NOT NULL,
    status  integer,
    outcome integer     NOT NULL
);
CREATE INDEX audit_denied_idx ON audit (nr) WHERE outcome = 2;
