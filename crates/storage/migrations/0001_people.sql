CREATE TABLE person (
    id TEXT COLLATE "C" PRIMARY KEY,
    email TEXT NOT NULL,
    email_folded TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT,
    platform_admin BOOLEAN NOT NULL,
    -- Stamped into every session; raising it ends them all.
    session_generation BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX person_platform_admin ON person (id) WHERE platform_admin;

CREATE TABLE session (
    id TEXT COLLATE "C" PRIMARY KEY,
    person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    token_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    generation BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL
);

CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_expiry ON session (expires_at);

-- Browsers that signed in before; their own failures delay them, nobody else's.
CREATE TABLE known_device (
    token_hash TEXT COLLATE "C" NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (token_hash, person_id)
);

CREATE INDEX known_device_person ON known_device (person_id);

CREATE TABLE sign_in_throttle (
    bucket TEXT COLLATE "C" PRIMARY KEY,
    failures BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Counts refusals between two audit entries of the same account and address.
CREATE TABLE sign_in_refusal (
    account TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    minute BIGINT NOT NULL,
    unlogged BIGINT NOT NULL,
    PRIMARY KEY (account, address)
);
