-- From version 6: how many rows a table has that writes are planned from, and the sum of their checksums, so
-- that a row that is missing or an older one is noticed. The counts are made with the triggers that keep them.
CREATE TABLE total (
    name TEXT PRIMARY KEY,
    rows INTEGER NOT NULL,
    sum INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
