-- No foreign keys: entries outlive what they speak of.
CREATE TABLE audit_entry (
    chain TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C",
    body TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (chain, seq)
);

CREATE INDEX audit_entry_at ON audit_entry (chain, at);

CREATE TABLE audit_head (
    chain TEXT COLLATE "C" PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    closed BOOLEAN NOT NULL
);

-- The plain form of what entries hold as salted hashes; erasing a person clears it and every chain still verifies.
CREATE TABLE audit_personal (
    chain TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    salt TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (chain, seq, name)
);
