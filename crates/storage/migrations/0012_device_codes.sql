-- Programs that wait for somebody to sign them in (RFC 8628).
CREATE TABLE device_code (
    id TEXT COLLATE "C" PRIMARY KEY,
    device_code_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    -- Without its hyphen.
    user_code_folded TEXT COLLATE "C" NOT NULL UNIQUE,
    client TEXT COLLATE "C" NOT NULL,
    address TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- The program has to wait this long between two questions.
    interval_seconds BIGINT NOT NULL,
    last_polled_at BIGINT,
    -- pending, approved, denied, redeemed
    state TEXT COLLATE "C" NOT NULL,
    -- Who decided, and their session generation then.
    person_id TEXT COLLATE "C" REFERENCES person (id) ON DELETE CASCADE,
    generation BIGINT
);

CREATE INDEX device_code_expiry ON device_code (expires_at);
CREATE INDEX device_code_person ON device_code (person_id) WHERE person_id IS NOT NULL;
