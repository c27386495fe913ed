CREATE TABLE organization (
    id TEXT COLLATE "C" PRIMARY KEY,
    handle TEXT NOT NULL,
    handle_folded TEXT COLLATE "C" NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    managed_by TEXT COLLATE "C" REFERENCES organization (id),
    -- Of the settings; every save is version + 1 and a revision.
    version BIGINT NOT NULL,
    settings TEXT NOT NULL,
    -- Copied out of the settings for lists and authorization.
    partner BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX organization_name ON organization (name_folded, id);
CREATE INDEX organization_handle ON organization (handle_folded, id);
CREATE INDEX organization_created ON organization (created_at, id);
CREATE INDEX organization_state_name ON organization (state, name_folded, id);
CREATE INDEX organization_state_handle ON organization (state, handle_folded, id);
CREATE INDEX organization_state_created ON organization (state, created_at, id);
CREATE INDEX organization_managed_by ON organization (managed_by) WHERE managed_by IS NOT NULL;

-- The one namespace of handles: live, aliases and held ones.
CREATE TABLE name_claim (
    folded TEXT COLLATE "C" PRIMARY KEY,
    dns_label TEXT COLLATE "C" NOT NULL UNIQUE,
    org_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    held_until BIGINT
);

CREATE INDEX name_claim_org ON name_claim (org_id);

CREATE TABLE login_domain (
    domain TEXT COLLATE "C" PRIMARY KEY,
    org_id TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES organization (id) ON DELETE CASCADE
);

-- Search: the words an organization is found by.
CREATE TABLE organization_word (
    word TEXT COLLATE "C" NOT NULL,
    org_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    PRIMARY KEY (word, org_id)
);

CREATE INDEX organization_word_org ON organization_word (org_id, word);

CREATE TABLE member (
    id TEXT COLLATE "C" PRIMARY KEY,
    org_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id),
    person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
    role TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX member_current ON member (org_id, person_id) WHERE state <> 'revoked';
CREATE INDEX member_person ON member (person_id, state);
CREATE INDEX member_org ON member (org_id, role, state);

CREATE TABLE one_time_link (
    id TEXT COLLATE "C" PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    org_id TEXT COLLATE "C" REFERENCES organization (id),
    token_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    opened_at BIGINT,
    redeemed_at BIGINT,
    revoked_at BIGINT
);

CREATE INDEX one_time_link_org ON one_time_link (org_id, created_at);

CREATE TABLE revision (
    org_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id),
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    author_id TEXT COLLATE "C",
    author_name TEXT NOT NULL,
    reason TEXT,
    settings TEXT NOT NULL,
    -- JSON array of field names.
    changed TEXT NOT NULL,
    restored_from BIGINT,
    redacted_at BIGINT,
    PRIMARY KEY (org_id, version)
);
