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

-- One module's configuration in one ledger, and where it stands.
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
    message TEXT,
    UNIQUE (ledger, module)
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
CREATE TABLE mirror (
    ledger INTEGER NOT NULL REFERENCES ledger (id),
    place TEXT NOT NULL,
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    modified INTEGER NOT NULL,
    raw TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('here', 'gone', 'hidden', 'converted', 'merged')),
    survivor TEXT,
    scopes TEXT NOT NULL DEFAULT '',
    fence INTEGER NOT NULL DEFAULT 0,
    pass INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (ledger, place, id)
) STRICT, WITHOUT ROWID;

-- What a contact can be recognised by, for look-ups in both directions.
CREATE TABLE evidence (
    ledger INTEGER NOT NULL,
    place TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('key', 'name', 'org', 'mark')),
    value TEXT NOT NULL,
    PRIMARY KEY (ledger, place, id, kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_by_value ON evidence (ledger, place, kind, value);

-- What changed since it was last settled; a run's work follows this, not the address book's size.
CREATE TABLE dirty (
    sync INTEGER NOT NULL REFERENCES sync (id),
    side TEXT NOT NULL CHECK (side IN ('zoho', 'google')),
    id TEXT NOT NULL,
    PRIMARY KEY (sync, side, id)
) STRICT, WITHOUT ROWID;

-- The durable pairing, with what each side said last time both were settled. A stopped pair is
-- remembered so that neither contact is created again.
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
    flips TEXT NOT NULL DEFAULT '{}'
) STRICT;
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
    origin_id TEXT
) STRICT;

-- Questions that wait for the person, and what was decided.
CREATE TABLE review (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sync INTEGER NOT NULL REFERENCES sync (id),
    key TEXT NOT NULL,
    question TEXT NOT NULL,
    chosen TEXT,
    open INTEGER NOT NULL DEFAULT 1,
    UNIQUE (sync, key)
) STRICT;

CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sync INTEGER NOT NULL REFERENCES sync (id),
    report TEXT NOT NULL,
    open INTEGER NOT NULL DEFAULT 1,
    undoes INTEGER
) STRICT;

-- What each run wrote, a row a contact and side.
CREATE TABLE change (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL REFERENCES run (id),
    side TEXT NOT NULL,
    kind TEXT NOT NULL,
    contact TEXT NOT NULL,
    zoho_id TEXT,
    google_id TEXT,
    why TEXT NOT NULL,
    fields TEXT NOT NULL
) STRICT;
CREATE INDEX change_by_run ON change (run);

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
