-- A DNS label belongs to one organization, which may have several names with it.
CREATE TABLE dns_label_claim (
    dns_label TEXT COLLATE "C" PRIMARY KEY,
    org_id TEXT COLLATE "C" NOT NULL
);

INSERT INTO dns_label_claim (dns_label, org_id) SELECT dns_label, org_id FROM name_claim;

CREATE TABLE name (
    folded TEXT COLLATE "C" PRIMARY KEY,
    handle TEXT NOT NULL,
    dns_label TEXT COLLATE "C" NOT NULL,
    org_id TEXT COLLATE "C" NOT NULL,
    -- live, alias, held
    kind TEXT COLLATE "C" NOT NULL,
    held_until BIGINT,
    -- Of an alias: since when, how often it was followed, and when last.
    since BIGINT,
    hits BIGINT NOT NULL,
    last_hit_at BIGINT
);

INSERT INTO name (folded, handle, dns_label, org_id, kind, held_until, hits)
    SELECT c.folded, COALESCE(o.handle, c.folded), c.dns_label, c.org_id, c.kind, c.held_until, 0
    FROM name_claim c LEFT JOIN organization o ON o.handle_folded = c.folded;

DROP TABLE name_claim;
ALTER TABLE name RENAME TO name_claim;

CREATE INDEX name_claim_org_kind ON name_claim (org_id, kind);
CREATE INDEX name_claim_label ON name_claim (dns_label);

-- When an organization's people renamed it; they may do so a few times a month.
CREATE TABLE rename (
    org_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    at BIGINT NOT NULL
);

CREATE INDEX rename_org ON rename (org_id, at);

-- Of the display name and the handle; the settings have their own.
ALTER TABLE organization ADD COLUMN profile_version BIGINT NOT NULL DEFAULT 1;
