CREATE TABLE token (
    id TEXT COLLATE "C" PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    token_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- Whose rights it has; none for tokens of the instance.
    person_id TEXT COLLATE "C" REFERENCES person (id) ON DELETE CASCADE,
    scopes TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT
);

CREATE INDEX token_person ON token (person_id, created_at);

-- Names of the holds in order, separated by commas; empty for none.
ALTER TABLE organization ADD COLUMN holds TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE member ADD COLUMN revoked_at BIGINT;

-- What a create under an idempotency key made, for its replays.
CREATE TABLE idempotency (
    -- Of the actor, the route and the key.
    scope TEXT COLLATE "C" NOT NULL,
    request_hash TEXT NOT NULL,
    resource TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (scope)
);

CREATE INDEX idempotency_expiry ON idempotency (expires_at);
