-- Write-only values that workspace settings name; encrypted under keys that lie elsewhere.
CREATE TABLE organization_secret (
    id TEXT COLLATE "C" PRIMARY KEY,
    org_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL,
    sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    UNIQUE (org_id, name)
);
