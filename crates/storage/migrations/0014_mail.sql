-- Mail: what waits to be sent, what was sent, and what is only kept because no mail server is set. No foreign keys: it
-- outlives whom it was addressed to.
CREATE TABLE mail (
    id TEXT COLLATE "C" PRIMARY KEY,
    to_address TEXT NOT NULL,
    to_person TEXT COLLATE "C",
    org_id TEXT COLLATE "C",
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT NOT NULL,
    -- Texts, links and attachments; empty once they were sent.
    sealed_body TEXT COLLATE "C" NOT NULL,
    has_link BOOLEAN NOT NULL,
    -- queued, sent, failed, kept
    state TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    attempts BIGINT NOT NULL,
    last_error TEXT,
    -- What must be mailed once only.
    dedupe_key TEXT COLLATE "C" UNIQUE
);

CREATE INDEX mail_state ON mail (state, id);
CREATE INDEX mail_org ON mail (org_id) WHERE org_id IS NOT NULL;
