-- From version 2: traces are listed for looking up together, before anybody is looked up.
CREATE TABLE unlisted (
    ledger INTEGER NOT NULL,
    place TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (ledger, place, id)
) STRICT, WITHOUT ROWID;
