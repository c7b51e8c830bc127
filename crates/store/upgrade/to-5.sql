-- From version 4: whatever a write is planned from carries a checksum, and the few rows that everything
-- else hangs from are sealed together. What is damaged already is not made whole by it.
ALTER TABLE shown ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
UPDATE shown SET sum = checksum(sync, writes, approved);
ALTER TABLE journal ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
UPDATE journal SET sum = checksum(run, sync, side, step, since, at, origin_side, origin_id);
ALTER TABLE review ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
UPDATE review SET sum = checksum(id, sync, key, question, chosen, open);
UPDATE link SET sum = checksum(
    id, sync, zoho_id, google_id, base_zoho, base_google, fresh, reason, state,
    asleep, flips, entries, doubted, sent, differs)
    WHERE sum = checksum(zoho_id, google_id, base_zoho, base_google, entries);
UPDATE mirror SET sum = checksum(id, version, modified, raw, traces, state, survivor, scopes)
    WHERE sum = checksum(id, version, modified, raw, traces);
CREATE TABLE seal (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    sum INTEGER NOT NULL
) STRICT;
