-- People who are being erased from what the audit log shows, and how far that has come. No foreign keys: the person is
-- gone by then.
CREATE TABLE erasure (
    id TEXT COLLATE "C" PRIMARY KEY,
    person_id TEXT COLLATE "C" NOT NULL,
    -- The last entry that was looked at.
    chain TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    finished_at BIGINT
);

CREATE INDEX erasure_person ON erasure (person_id);

CREATE INDEX revision_author ON revision (author_id) WHERE author_id IS NOT NULL;
