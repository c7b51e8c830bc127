-- The tables. Where rows carry a checksum, `sum`, rows.rs tells over which columns and what keeps it.

-- Who the links belong to: one Zoho user of one organisation, one Google account. Another account
-- is another ledger, and nothing is mixed.
CREATE TABLE ledger (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    org TEXT NOT NULL,
    zoho_user TEXT NOT NULL,
    google TEXT NOT NULL,
    UNIQUE (org, zoho_user, google)
) STRICT;

-- The account that is connected on each side; tokens are in the keychain.
CREATE TABLE account (
    service TEXT PRIMARY KEY CHECK (service IN ('zoho', 'google')),
    grant_json TEXT NOT NULL,
    standing INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One module's configuration in one ledger, and where it stands. `renewed` is what changed in a setup
-- whose writes were not approved yet.
CREATE TABLE sync (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ledger INTEGER NOT NULL REFERENCES ledger (id),
    module TEXT NOT NULL,
    setup TEXT NOT NULL,
    rules TEXT NOT NULL,
    enabled INTEGER NOT NULL DEFAULT 1,
    approved INTEGER NOT NULL DEFAULT 0,
    first_done INTEGER NOT NULL DEFAULT 0,
    narrowed INTEGER NOT NULL DEFAULT 0,
    last_synced_at TEXT,
    last_attempt_at TEXT,
    waiting INTEGER NOT NULL DEFAULT 0,
    renewed TEXT,
    UNIQUE (ledger, module)
) STRICT;

-- What the plan that waits for approval showed: a digest of each of its writes. Once it is approved,
-- runs write that and nothing else until one is done.
CREATE TABLE shown (
    sync INTEGER PRIMARY KEY REFERENCES sync (id),
    writes TEXT NOT NULL,
    approved INTEGER NOT NULL DEFAULT 0,
    sum INTEGER NOT NULL DEFAULT 0
) STRICT;

-- How far each feed was read: Google's sync token, Zoho's newest times. Saved in the transaction
-- of the page that ended the read.
CREATE TABLE cursor (
    ledger INTEGER NOT NULL REFERENCES ledger (id),
    feed TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (ledger, feed)
) STRICT, WITHOUT ROWID;

-- The newest copy of every contact that was read. `place` is 'google' or a Zoho module. `fence` is
-- the wall-clock second until which an absence or an older version is not believed, because a
-- write of our own is younger than the service's lag. `pass` is the last full read that saw it.
-- `seen` is the service's newest time that was known when this copy was read: whoever changes the
-- contact after that changes it at that time or later. `traces` is what the contact can be looked up
-- by. `gone_in` is the run during which it was found deleted; `survivor` is into whom it was merged, or,
-- of one that is gone, '?' where that may be and '' where not, as the first whole read after it told.
-- `sum` is the checksum of what a write is planned from: a copy that does not match it was damaged on
-- the disk. What was received comes last: everything before it is read without it.
CREATE TABLE mirror (
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
CREATE INDEX mirror_here ON mirror (ledger, place, modified) WHERE state = 'here';
CREATE INDEX mirror_gone ON mirror (gone_in) WHERE gone_in IS NOT NULL;
CREATE INDEX mirror_unreadable ON mirror (ledger, place) WHERE state = 'unreadable';

-- The traces of every contact that is there, for looking contacts up in both directions.
CREATE TABLE evidence (
    ledger INTEGER NOT NULL,
    place TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('key', 'name', 'org', 'mark', 'email')),
    value TEXT NOT NULL,
    id TEXT NOT NULL,
    sum INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (ledger, place, kind, value, id)
) STRICT, WITHOUT ROWID;

-- The contacts whose traces are not in there yet.
CREATE TABLE unlisted (
    ledger INTEGER NOT NULL,
    place TEXT NOT NULL,
    id TEXT NOT NULL,
    sum INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (ledger, place, id)
) STRICT, WITHOUT ROWID;

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

-- What changed since it was last settled; a run's work follows this, not the address book's size.
CREATE TABLE dirty (
    sync INTEGER NOT NULL REFERENCES sync (id),
    side TEXT NOT NULL CHECK (side IN ('zoho', 'google')),
    id TEXT NOT NULL,
    sum INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (sync, side, id)
) STRICT, WITHOUT ROWID;

-- The durable pairing, with what each side said last time both were settled. A stopped pair is
-- remembered so that neither contact is created again. `entries` is how the person's entries stood at
-- the last look, where labels do not tell which place each filled. `sum` is the checksum of all the rest.
-- `doubted` tells that this may be older than what was last settled. `differs` are the
-- fields in which the two differed at the last look and were left so.
CREATE TABLE link (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sync INTEGER NOT NULL REFERENCES sync (id),
    zoho_id TEXT NOT NULL,
    google_id TEXT NOT NULL,
    base_zoho TEXT NOT NULL,
    base_google TEXT NOT NULL,
    fresh INTEGER NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'stopped')),
    asleep TEXT,
    flips TEXT NOT NULL DEFAULT '{}',
    sum INTEGER NOT NULL DEFAULT 0,
    entries TEXT NOT NULL DEFAULT '{}',
    doubted INTEGER NOT NULL DEFAULT 0,
    sent TEXT,
    differs TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE INDEX link_doubted ON link (sync) WHERE doubted = 1;
CREATE INDEX link_differs ON link (sync) WHERE differs <> '[]';
CREATE UNIQUE INDEX link_by_zoho ON link (sync, zoho_id);
CREATE UNIQUE INDEX link_by_google ON link (sync, google_id);

-- Writes that were sent or are about to be. A row leaves only with its outcome settled.
CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL,
    sync INTEGER NOT NULL REFERENCES sync (id),
    side TEXT NOT NULL,
    step TEXT NOT NULL,
    since TEXT NOT NULL,
    at INTEGER NOT NULL,
    origin_side TEXT,
    origin_id TEXT,
    sum INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Questions that wait for the person, and what was decided.
CREATE TABLE review (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sync INTEGER NOT NULL REFERENCES sync (id),
    key TEXT NOT NULL,
    question TEXT NOT NULL,
    chosen TEXT,
    open INTEGER NOT NULL DEFAULT 1,
    zoho_id TEXT GENERATED ALWAYS AS (question ->> '$.ids.zoho') VIRTUAL,
    google_id TEXT GENERATED ALWAYS AS (question ->> '$.ids.google') VIRTUAL,
    sum INTEGER NOT NULL DEFAULT 0,
    UNIQUE (sync, key)
) STRICT;
CREATE INDEX review_by_zoho ON review (sync, zoho_id) WHERE zoho_id IS NOT NULL;
CREATE INDEX review_by_google ON review (sync, google_id) WHERE google_id IS NOT NULL;

-- `started` is the second in which it began.
CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sync INTEGER NOT NULL REFERENCES sync (id),
    report TEXT NOT NULL,
    open INTEGER NOT NULL DEFAULT 1,
    undoes INTEGER,
    started INTEGER AS (unixepoch(report ->> '$.started_at')),
    sum INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX run_by_start ON run (started);

-- What each run wrote, a row a contact and side. `label` is the label that the person
-- joined or left.
CREATE TABLE change (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL REFERENCES run (id),
    side TEXT NOT NULL,
    kind TEXT NOT NULL,
    contact TEXT NOT NULL,
    zoho_id TEXT,
    google_id TEXT,
    why TEXT NOT NULL,
    fields TEXT NOT NULL,
    label TEXT,
    sum INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX change_by_run ON change (run);
CREATE INDEX change_by_zoho ON change (zoho_id);
CREATE INDEX change_by_google ON change (google_id);

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How often runs have changed what the pairs are believed to say. The keychain holds the same number: a
-- lower one here means that an older copy of the database was put back. A new database has none.
CREATE TABLE generation (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL
) STRICT;

-- The checksum of the few rows that everything is written from: accounts, syncs, settings.
CREATE TABLE seal (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    sum INTEGER NOT NULL
) STRICT;

-- How many rows a table has and the sum of their checksums, kept by triggers: a row that is missing, or an
-- older one that the disk has in the place of the newest, has a right checksum of its own.
CREATE TABLE total (
    name TEXT PRIMARY KEY,
    rows INTEGER NOT NULL,
    sum INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
