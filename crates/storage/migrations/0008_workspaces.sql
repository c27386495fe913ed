CREATE TABLE workspace (
    id TEXT COLLATE "C" PRIMARY KEY,
    org_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id),
    -- A DNS label, one namespace with archived ones.
    name TEXT COLLATE "C" NOT NULL,
    -- active, asleep, archived
    state TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    archived_at BIGINT,
    UNIQUE (org_id, name)
);

CREATE INDEX workspace_state ON workspace (org_id, state, name);

-- What a job that belongs to no process works on.
ALTER TABLE job ADD COLUMN payload TEXT;
ALTER TABLE job ADD COLUMN last_error TEXT;
