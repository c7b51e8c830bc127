-- From version 3: a contact can be one whose newest answer could not be read. What writes are planned
-- from carries a checksum.
CREATE TABLE mirror_new (
    ledger INTEGER NOT NULL REFERENCES ledger (id),
    place TEXT NOT NULL,
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    modified INTEGER NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('here', 'gone', 'hidden', 'unreadable', 'converted', 'merged')),
    survivor TEXT,
    scopes TEXT NOT NULL DEFAULT '',
    fence INTEGER NOT NULL DEFAULT 0,
    pass INTEGER NOT NULL DEFAULT 0,
    seen INTEGER NOT NULL DEFAULT 0,
    gone_in INTEGER,
    sum INTEGER NOT NULL,
    traces TEXT NOT NULL,
    raw TEXT NOT NULL,
    PRIMARY KEY (ledger, place, id)
) STRICT;
INSERT INTO mirror_new SELECT ledger, place, id, version, modified, state, survivor, scopes, fence,
    pass, seen, CASE WHEN state IN ('gone', 'converted', 'merged') THEN (SELECT max(id) FROM run) END,
    checksum(id, version, modified, raw, traces), traces, raw FROM mirror;
DROP TABLE mirror;
ALTER TABLE mirror_new RENAME TO mirror;
CREATE INDEX mirror_here ON mirror (ledger, place, modified) WHERE state = 'here';
CREATE INDEX mirror_gone ON mirror (gone_in) WHERE gone_in IS NOT NULL;
CREATE INDEX mirror_unreadable ON mirror (ledger, place) WHERE state = 'unreadable';

-- A run that added a person to the sync's label can be undone: the history names the label.
ALTER TABLE change ADD COLUMN label TEXT;

-- A place follows its entry where a label was changed: the entries are kept with the bases.
ALTER TABLE link ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE link ADD COLUMN entries TEXT NOT NULL DEFAULT '{}';
UPDATE link SET sum = checksum(zoho_id, google_id, base_zoho, base_google, entries);

-- A plan that writes because of a changed setup waits for approval, and an approval approves what was
-- shown.
ALTER TABLE sync ADD COLUMN renewed TEXT;
CREATE TABLE shown (
    sync INTEGER PRIMARY KEY REFERENCES sync (id),
    writes TEXT NOT NULL,
    approved INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Contacts are looked up by every e-mail address, not only by the one that pairs people.
CREATE TABLE evidence_new (
    ledger INTEGER NOT NULL,
    place TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('key', 'name', 'org', 'mark', 'email')),
    value TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (ledger, place, kind, value, id)
) STRICT, WITHOUT ROWID;
INSERT INTO evidence_new SELECT ledger, place, kind, value, id FROM evidence;
DROP TABLE evidence;
ALTER TABLE evidence_new RENAME TO evidence;
UPDATE mirror SET traces = json_set(traces, '$.emails', json((
    SELECT json_group_array(DISTINCT lower(trim(json_extract(e.value, '$.value'))))
    FROM json_each(mirror.raw, '$.emailAddresses') e
    WHERE json_extract(e.value, '$.value') IS NOT NULL
        AND lower(trim(json_extract(e.value, '$.value'))) NOT IN
            (SELECT value FROM json_each(mirror.traces, '$.keys')))))
WHERE place = 'google' AND state = 'here' AND json_valid(raw);
UPDATE mirror SET traces = json_set(traces, '$.emails',
    json_array(lower(trim(json_extract(raw, '$.Secondary_Email')))))
WHERE place <> 'google' AND state = 'here' AND json_valid(raw)
    AND trim(json_extract(raw, '$.Secondary_Email')) <> ''
    AND lower(trim(json_extract(raw, '$.Secondary_Email'))) NOT IN
        (SELECT value FROM json_each(mirror.traces, '$.keys'));
INSERT OR IGNORE INTO unlisted (ledger, place, id)
    SELECT ledger, place, id FROM mirror WHERE json_type(traces, '$.emails') = 'array';
UPDATE mirror SET sum = checksum(id, version, modified, raw, traces)
    WHERE json_type(traces, '$.emails') = 'array';

-- A database that was put back from a backup is noticed, and its pairs are doubted.
CREATE TABLE generation (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO generation (id, number) VALUES (1, 0);
ALTER TABLE link ADD COLUMN doubted INTEGER NOT NULL DEFAULT 0;
CREATE INDEX link_doubted ON link (sync) WHERE doubted = 1;

-- What was written to Zoho counts as said there once a read has shown it.
ALTER TABLE link ADD COLUMN sent TEXT;

-- A pair that differs in a field is not in step: every pair is looked at once.
ALTER TABLE link ADD COLUMN differs TEXT NOT NULL DEFAULT '[]';
CREATE INDEX link_differs ON link (sync) WHERE differs <> '[]';
INSERT OR IGNORE INTO dirty (sync, side, id) SELECT sync, 'zoho', zoho_id FROM link WHERE state = 'live';

-- The overview counts what the runs of each day did.
ALTER TABLE run ADD COLUMN started INTEGER AS (unixepoch(report ->> '$.started_at'));
CREATE INDEX run_by_start ON run (started);

-- Contacts are listed by name with where each stands, and can be left out.
-- What each contact is listed by: its name, folded for sorting, and everything it is found by. A
-- contact about which something is new stands in `unlisted_names` until the list is asked for.
CREATE TABLE listed (
    ledger INTEGER NOT NULL,
    place TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    words TEXT NOT NULL,
    state TEXT NOT NULL,
    scopes TEXT NOT NULL,
    PRIMARY KEY (ledger, place, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX listed_by_name ON listed (ledger, place, name, id);
CREATE TABLE unlisted_names (
    ledger INTEGER NOT NULL,
    place TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (ledger, place, id)
) STRICT, WITHOUT ROWID;

-- The contacts that the person left out of a sync.
CREATE TABLE left_out (
    sync INTEGER NOT NULL REFERENCES sync (id),
    side TEXT NOT NULL CHECK (side IN ('zoho', 'google')),
    id TEXT NOT NULL,
    PRIMARY KEY (sync, side, id)
) STRICT, WITHOUT ROWID;
INSERT INTO unlisted_names SELECT ledger, place, id FROM mirror;
ALTER TABLE review ADD COLUMN zoho_id TEXT GENERATED ALWAYS AS (question ->> '$.ids.zoho') VIRTUAL;
ALTER TABLE review ADD COLUMN google_id TEXT GENERATED ALWAYS AS (question ->> '$.ids.google') VIRTUAL;
CREATE INDEX review_by_zoho ON review (sync, zoho_id) WHERE zoho_id IS NOT NULL;
CREATE INDEX review_by_google ON review (sync, google_id) WHERE google_id IS NOT NULL;
CREATE INDEX change_by_zoho ON change (zoho_id);
CREATE INDEX change_by_google ON change (google_id);
