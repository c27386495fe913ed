-- What a step is about, where there are several of a kind; and who gave it up, and why.
ALTER TABLE process_step ADD COLUMN subject TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE process_step ADD COLUMN label TEXT NOT NULL DEFAULT '';
ALTER TABLE process_step ADD COLUMN abandoned_by TEXT;
ALTER TABLE process_step ADD COLUMN abandon_reason TEXT;

-- Moves with every change, so that those who watch ask again only then.
ALTER TABLE process ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
-- When a deletion with a time of grace begins.
ALTER TABLE process ADD COLUMN due_at BIGINT;

CREATE INDEX process_started ON process (started_at, id);

CREATE TABLE process_log (
    process_id TEXT COLLATE "C" NOT NULL REFERENCES process (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (process_id, seq)
);

-- What restoring a deleted organization goes back to.
ALTER TABLE organization ADD COLUMN state_before TEXT;

-- What the platform's people set for the whole instance.
CREATE TABLE instance_setting (
    name TEXT COLLATE "C" PRIMARY KEY,
    value TEXT NOT NULL
);
