CREATE TABLE plan (
    id TEXT COLLATE "C" PRIMARY KEY,
    token_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    act TEXT COLLATE "C" NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    org_id TEXT COLLATE "C" NOT NULL,
    arguments TEXT NOT NULL,
    -- JSON: the exact sets that were shown.
    shown TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX plan_org ON plan (org_id);
CREATE INDEX plan_expiry ON plan (expires_at);

-- No foreign keys: a process outlives the organization it deletes.
CREATE TABLE process (
    id TEXT COLLATE "C" PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    org_id TEXT COLLATE "C" NOT NULL,
    handle TEXT NOT NULL,
    display_name TEXT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    started_by TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    held_until BIGINT
);

CREATE INDEX process_org ON process (org_id, started_at);

CREATE TABLE process_step (
    process_id TEXT COLLATE "C" NOT NULL REFERENCES process (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    done BIGINT NOT NULL,
    last_error TEXT,
    PRIMARY KEY (process_id, position)
);

CREATE TABLE job (
    id TEXT COLLATE "C" PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    process_id TEXT COLLATE "C" NOT NULL,
    -- ready, running, done
    state TEXT COLLATE "C" NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    -- Raised by every claim; what a worker writes names the fence it claimed with.
    fence BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX job_due ON job (state, run_at);
CREATE INDEX job_process ON job (process_id);
