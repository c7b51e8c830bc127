-- From version 5: also what contacts are looked up by, what changed and what was done carries a checksum, and a
-- contact's covers the times by which it is believed. What is damaged already is not made whole by it.
ALTER TABLE evidence ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
UPDATE evidence SET sum = checksum(ledger, place, kind, value, id);
ALTER TABLE unlisted ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
UPDATE unlisted SET sum = checksum(ledger, place, id);
ALTER TABLE dirty ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
UPDATE dirty SET sum = checksum(sync, side, id);
ALTER TABLE run ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
UPDATE run SET sum = checksum(sync, report, open, undoes);
ALTER TABLE change ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
UPDATE change SET sum = checksum(run, side, kind, contact, zoho_id, google_id, why, fields, label);
UPDATE mirror
    SET sum = checksum(id, version, modified, raw, traces, state, survivor, scopes, fence, seen)
    WHERE sum = checksum(id, version, modified, raw, traces, state, survivor, scopes);
