-- When members were last seen, and on which days in UTC at which times first and last: enough to tell who was active between
-- any two midnights. No foreign keys: it is written down some seconds later.
ALTER TABLE member ADD COLUMN last_seen_at BIGINT;

CREATE TABLE member_day (
    org_id TEXT COLLATE "C" NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, person_id, day)
);

CREATE INDEX member_day_day ON member_day (day);

-- Which organizations' reports are to be looked at, and when: a save of settings asks for it at once.
CREATE TABLE report (
    org_id TEXT COLLATE "C" PRIMARY KEY REFERENCES organization (id) ON DELETE CASCADE,
    look_at BIGINT NOT NULL,
    -- Schedule and time zone that `done_at` was reckoned with.
    plan TEXT NOT NULL,
    -- What was due until then has been mailed, or was not to be.
    done_at BIGINT NOT NULL
);

CREATE INDEX report_look ON report (look_at);

INSERT INTO report (org_id, look_at, plan, done_at) SELECT id, 0, '', 0 FROM organization;

-- Whom reports went to, by the hash of the address, with the token that ends them.
CREATE TABLE report_recipient (
    id TEXT COLLATE "C" PRIMARY KEY,
    org_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    address_hash TEXT COLLATE "C" NOT NULL,
    token_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    sealed_token TEXT COLLATE "C" NOT NULL,
    unsubscribed_at BIGINT
);

CREATE UNIQUE INDEX report_recipient_address ON report_recipient (org_id, address_hash);
