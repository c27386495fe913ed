-- What an organization can be on. Named `billing_plan`, since `plan` is what previews are kept in.
CREATE TABLE billing_plan (
    key TEXT COLLATE "C" PRIMARY KEY,
    name TEXT NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    -- Of a cycle, in minor units.
    price BIGINT NOT NULL,
    -- JSON, a value a dimension: what is included, in the meters' own units, and what more costs.
    included TEXT NOT NULL,
    overage TEXT NOT NULL,
    trial_days BIGINT NOT NULL,
    -- owners, partners, nobody
    buyer TEXT COLLATE "C" NOT NULL,
    archived BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- On which plan an organization is; without a row on none.
CREATE TABLE subscription (
    org_id TEXT COLLATE "C" PRIMARY KEY REFERENCES organization (id) ON DELETE CASCADE,
    plan TEXT COLLATE "C" NOT NULL REFERENCES billing_plan (key),
    -- direct, partner, platform
    provided_by TEXT COLLATE "C" NOT NULL,
    -- trial, active, lapsed
    state TEXT COLLATE "C" NOT NULL,
    -- Cycles are months from this day.
    anchor BIGINT NOT NULL,
    -- JSON: the running cycle, and what its days are billed by.
    cycle TEXT NOT NULL,
    -- The first day after it: when the next one begins.
    turns_on BIGINT,
    cancels BOOLEAN NOT NULL,
    -- What the last invoice carried on, in minor units.
    credit BIGINT NOT NULL,
    -- On how many days before the trial's end its owners were told of that last; many for not yet.
    warned_days BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX subscription_turn ON subscription (turns_on) WHERE turns_on IS NOT NULL;
CREATE INDEX subscription_plan ON subscription (plan);

-- Cycles that were billed, as long as late events may change them.
CREATE TABLE billed_cycle (
    org_id TEXT COLLATE "C" NOT NULL,
    starts_on BIGINT NOT NULL,
    ends_on BIGINT NOT NULL,
    -- JSON: what its days are billed by.
    terms TEXT NOT NULL,
    PRIMARY KEY (org_id, starts_on)
);

-- The values they were billed with.
CREATE TABLE billed_day (
    org_id TEXT COLLATE "C" NOT NULL,
    starts_on BIGINT NOT NULL,
    -- A dimension's name, or `meter:` and a key.
    metered TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (org_id, starts_on, metered, day)
);

-- The last number that was given; its row's lock keeps the numbers without gaps.
CREATE TABLE invoice_counter (
    name TEXT COLLATE "C" PRIMARY KEY,
    last BIGINT NOT NULL
);

-- No foreign key: invoices outlive their organization.
CREATE TABLE invoice (
    number BIGINT PRIMARY KEY,
    org_id TEXT COLLATE "C" NOT NULL,
    -- JSON, and nothing of it ever changes.
    content TEXT NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    total BIGINT NOT NULL,
    issued_on BIGINT NOT NULL,
    due_on BIGINT NOT NULL,
    -- open, paid, void
    state TEXT COLLATE "C" NOT NULL,
    settled_at BIGINT,
    -- How it was paid, or why it is void.
    note TEXT NOT NULL,
    -- Whether the organization is held until it is paid.
    required BOOLEAN NOT NULL,
    -- After how many days overdue its owners were reminded last.
    reminded BIGINT NOT NULL,
    -- At the provider, once it was asked to pay.
    payment TEXT COLLATE "C",
    payment_attempt BIGINT NOT NULL,
    payment_error TEXT,
    created_at BIGINT NOT NULL
);

CREATE INDEX invoice_org ON invoice (org_id, number);
CREATE INDEX invoice_state ON invoice (state, due_on);
CREATE INDEX invoice_payment ON invoice (payment) WHERE payment IS NOT NULL;

-- How an organization pays: a card at the provider, or what was agreed.
CREATE TABLE payment_method (
    id TEXT COLLATE "C" PRIMARY KEY,
    org_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    -- The provider's; empty for what was agreed.
    reference TEXT COLLATE "C" NOT NULL,
    label TEXT NOT NULL,
    is_default BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (org_id, reference, label)
);

-- Who an organization is at the provider.
CREATE TABLE payment_customer (
    org_id TEXT COLLATE "C" PRIMARY KEY REFERENCES organization (id) ON DELETE CASCADE,
    reference TEXT COLLATE "C" NOT NULL UNIQUE
);

-- What the provider told already.
CREATE TABLE payment_event (
    id TEXT COLLATE "C" PRIMARY KEY,
    received_at BIGINT NOT NULL
);

CREATE INDEX payment_event_received ON payment_event (received_at);

-- Whether it had a trial: there is one, whatever the plan.
ALTER TABLE organization ADD COLUMN trialed BOOLEAN NOT NULL DEFAULT FALSE;
