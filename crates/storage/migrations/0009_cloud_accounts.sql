CREATE TABLE cloud_account (
    id TEXT COLLATE "C" PRIMARY KEY,
    org_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id),
    name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    provider TEXT NOT NULL,
    connector TEXT COLLATE "C" NOT NULL,
    url TEXT NOT NULL,
    selector TEXT NOT NULL,
    ca TEXT,
    sealed_secret TEXT NOT NULL,
    -- Whether the connector is told of workspaces.
    events BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When its resources were listed last, and why that failed.
    listed_at BIGINT,
    list_error TEXT,
    UNIQUE (org_id, name_folded)
);

CREATE TABLE cloud_resource (
    id TEXT COLLATE "C" PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES cloud_account (id) ON DELETE CASCADE,
    org_id TEXT COLLATE "C" NOT NULL,
    -- As the connector knows it.
    remote_id TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    UNIQUE (account_id, remote_id)
);

CREATE INDEX cloud_resource_org ON cloud_resource (org_id, name, id);
