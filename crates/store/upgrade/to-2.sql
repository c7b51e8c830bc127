-- From version 1: a contact's traces stand in its mirror row, what was received comes last, and the
-- newest time that was known at the read is kept (0: not known, so that a guard trusts the contact's
-- own time alone). What a journalled step learned is a list.
ALTER TABLE mirror RENAME TO mirror_1;
ALTER TABLE evidence RENAME TO evidence_1;
DROP INDEX evidence_by_value;

CREATE TABLE mirror (
    ledger INTEGER NOT NULL REFERENCES ledger (id),
    place TEXT NOT NULL,
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    modified INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('here', 'gone', 'hidden', 'converted', 'merged')),
    survivor TEXT,
    scopes TEXT NOT NULL DEFAULT '',
    fence INTEGER NOT NULL DEFAULT 0,
    pass INTEGER NOT NULL DEFAULT 0,
    seen INTEGER NOT NULL DEFAULT 0,
    traces TEXT NOT NULL,
    raw TEXT NOT NULL,
    PRIMARY KEY (ledger, place, id)
) STRICT;
CREATE INDEX mirror_here ON mirror (ledger, place, modified) WHERE state = 'here';
CREATE TABLE evidence (
    ledger INTEGER NOT NULL,
    place TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('key', 'name', 'org', 'mark')),
    value TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (ledger, place, kind, value, id)
) STRICT, WITHOUT ROWID;

INSERT INTO evidence (ledger, place, kind, value, id)
    SELECT ledger, place, kind, value, id FROM evidence_1;
INSERT INTO mirror
    SELECT m.ledger, m.place, m.id, m.version, m.modified, m.state, m.survivor, m.scopes, m.fence,
        m.pass, 0,
        json_object(
            'keys', json((SELECT json_group_array(value) FROM evidence_1 e WHERE
                e.ledger = m.ledger AND e.place = m.place AND e.id = m.id AND e.kind = 'key')),
            'names', json((SELECT json_group_array(value) FROM evidence_1 e WHERE
                e.ledger = m.ledger AND e.place = m.place AND e.id = m.id AND e.kind = 'name')),
            'orgs', json((SELECT json_group_array(value) FROM evidence_1 e WHERE
                e.ledger = m.ledger AND e.place = m.place AND e.id = m.id AND e.kind = 'org')),
            'marks', json((SELECT json_group_array(value) FROM evidence_1 e WHERE
                e.ledger = m.ledger AND e.place = m.place AND e.id = m.id AND e.kind = 'mark'))),
        m.raw
    FROM mirror_1 m;
DROP TABLE mirror_1;
DROP TABLE evidence_1;

UPDATE journal SET step = json_set(step, '$.learn', json((
    SELECT json_group_array(json_array(CAST(key AS INTEGER), json(value)))
    FROM json_each(journal.step, '$.learn'))));
ALTER TABLE sync DROP COLUMN message;
