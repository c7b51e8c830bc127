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
CREATE TRIGGER mirror_spoilt BEFORE UPDATE OF version, modified, raw, traces, state, survivor, scopes
    ON mirror WHEN old.sum <> checksum(old.id, old.version, old.modified, old.raw, old.traces, old.state,
        old.survivor, old.scopes)
BEGIN
    SELECT RAISE(ABORT, 'not what was written there');
END;
CREATE TRIGGER link_made AFTER INSERT ON link BEGIN
    UPDATE link SET sum = checksum(
        id, sync, zoho_id, google_id, base_zoho, base_google, fresh, reason, state, asleep, flips,
        entries, doubted, sent, differs)
        WHERE id = new.id;
END;
CREATE TRIGGER link_changed AFTER UPDATE OF
    sync, zoho_id, google_id, base_zoho, base_google, fresh, reason, state, asleep, flips, entries,
    doubted, sent, differs
    ON link BEGIN
    UPDATE link SET sum = checksum(
        id, sync, zoho_id, google_id, base_zoho, base_google, fresh, reason, state, asleep, flips,
        entries, doubted, sent, differs)
        WHERE id = new.id;
END;
CREATE TRIGGER link_spoilt BEFORE UPDATE OF
    sync, zoho_id, google_id, base_zoho, base_google, fresh, reason, state, asleep, flips, entries,
    doubted, sent, differs
    ON link WHEN old.sum <> checksum(
        old.id, old.sync, old.zoho_id, old.google_id, old.base_zoho, old.base_google, old.fresh,
        old.reason, old.state, old.asleep, old.flips, old.entries, old.doubted, old.sent,
        old.differs)
BEGIN
    SELECT RAISE(ABORT, 'not what was written there');
END;
CREATE TRIGGER review_made AFTER INSERT ON review BEGIN
    UPDATE review SET sum = checksum(
        id, sync, key, question, chosen, open)
        WHERE id = new.id;
END;
CREATE TRIGGER review_changed AFTER UPDATE OF
    sync, key, question, chosen, open
    ON review BEGIN
    UPDATE review SET sum = checksum(
        id, sync, key, question, chosen, open)
        WHERE id = new.id;
END;
CREATE TRIGGER review_spoilt BEFORE UPDATE OF
    sync, key, question, chosen, open
    ON review WHEN old.sum <> checksum(
        old.id, old.sync, old.key, old.question, old.chosen, old.open)
BEGIN
    SELECT RAISE(ABORT, 'not what was written there');
END;
CREATE TABLE seal (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    sum INTEGER NOT NULL
) STRICT;
