-- Where an organization's audit log is delivered to, and how far that has come. Whoever delivers holds the row's lease.
CREATE TABLE audit_stream (
    org_id TEXT COLLATE "C" PRIMARY KEY REFERENCES organization (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    sealed_secret TEXT COLLATE "C" NOT NULL,
    paused BOOLEAN NOT NULL,
    -- Counts the changes that people make.
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- The last entry that arrived, and when one did.
    seq BIGINT NOT NULL,
    delivered_at BIGINT,
    -- The last entry of a batch that was sent and may not have arrived: it is sent again as it was.
    batch_end BIGINT,
    -- Attempts since something arrived, when the next one is, and why the last one failed.
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    failed_at BIGINT,
    last_error TEXT,
    -- Raised by every claim; what a deliverer writes names the fence it claimed with.
    fence BIGINT NOT NULL,
    lease_until BIGINT NOT NULL
);

-- How many REST requests processes have taken for a client in a minute.
CREATE TABLE rate_count (
    -- A token's hash, or a network address.
    bucket TEXT COLLATE "C" NOT NULL,
    -- Since 1970.
    minute BIGINT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (bucket, minute)
);

CREATE INDEX rate_count_minute ON rate_count (minute);
