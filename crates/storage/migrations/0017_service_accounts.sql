-- Programs that belong to an organization; they have tokens and never sign in.
CREATE TABLE service_account (
    id TEXT COLLATE "C" PRIMARY KEY,
    org_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    description TEXT NOT NULL,
    -- owner, member
    role TEXT COLLATE "C" NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (org_id, name_folded)
);

-- Whose a token is: a person's, a service account's, a workspace's, or the instance's.
ALTER TABLE token ADD COLUMN service_account_id TEXT COLLATE "C" REFERENCES service_account (id) ON DELETE CASCADE;
ALTER TABLE token ADD COLUMN workspace_id TEXT COLLATE "C" REFERENCES workspace (id) ON DELETE CASCADE;

CREATE INDEX token_holder ON token (COALESCE(person_id, service_account_id, workspace_id, 'instance'), created_at);
CREATE INDEX token_service_account ON token (service_account_id) WHERE service_account_id IS NOT NULL;
CREATE INDEX token_workspace ON token (workspace_id) WHERE workspace_id IS NOT NULL;

-- On how many days before it expires its people were told of that last; many for not yet.
ALTER TABLE token ADD COLUMN warned_days BIGINT NOT NULL DEFAULT 1000;

CREATE INDEX token_expiry ON token (expires_at) WHERE expires_at IS NOT NULL;

-- As auth_epoch, for tokens of service accounts and workspaces, which a reset spares unless told otherwise.
ALTER TABLE organization ADD COLUMN service_epoch BIGINT NOT NULL DEFAULT 0;

-- Mail goes with the person it is for.
CREATE INDEX mail_to_person ON mail (to_person) WHERE to_person IS NOT NULL;
