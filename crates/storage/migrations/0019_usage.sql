-- Meters beside the built-in ones.
CREATE TABLE meter (
    key TEXT COLLATE "C" PRIMARY KEY,
    label TEXT NOT NULL,
    unit TEXT NOT NULL,
    -- sum, last, max, unique; never changes.
    aggregation TEXT COLLATE "C" NOT NULL,
    -- JSON: the price of a unit, by currency.
    prices TEXT NOT NULL,
    archived BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- What was told, once each. No foreign keys: the deletion of an organization removes its events a batch at a time.
CREATE TABLE usage_event (
    source TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    org_id TEXT COLLATE "C" NOT NULL,
    -- Empty: of the organization itself.
    workspace_id TEXT COLLATE "C" NOT NULL,
    meter TEXT COLLATE "C" NOT NULL,
    -- Since 1970, in UTC, of the moment `at`.
    day BIGINT NOT NULL,
    at BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    key TEXT COLLATE "C",
    group_name TEXT COLLATE "C",
    received_at BIGINT NOT NULL,
    PRIMARY KEY (source, id)
);

CREATE INDEX usage_event_day ON usage_event (org_id, day);

-- What the events of a workspace's day come to.
CREATE TABLE usage_day (
    org_id TEXT COLLATE "C" NOT NULL,
    workspace_id TEXT COLLATE "C" NOT NULL,
    meter TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    value BIGINT NOT NULL,
    events BIGINT NOT NULL,
    -- Of which event the value is, where a meter keeps the latest.
    latest_at BIGINT,
    latest_source TEXT COLLATE "C",
    latest_id TEXT COLLATE "C",
    PRIMARY KEY (org_id, workspace_id, meter, day)
);

CREATE INDEX usage_day_day ON usage_day (org_id, day);

-- The same, of all workspaces together.
CREATE TABLE usage_total (
    org_id TEXT COLLATE "C" NOT NULL,
    meter TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    value BIGINT NOT NULL,
    events BIGINT NOT NULL,
    PRIMARY KEY (org_id, meter, day)
);

-- What meters of unique things have counted.
CREATE TABLE usage_key (
    org_id TEXT COLLATE "C" NOT NULL,
    workspace_id TEXT COLLATE "C" NOT NULL,
    meter TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (org_id, workspace_id, meter, day, key)
);

-- Organizations whose limits are to be looked at, since when.
CREATE TABLE usage_change (
    org_id TEXT COLLATE "C" PRIMARY KEY,
    since BIGINT NOT NULL
);

CREATE INDEX usage_change_since ON usage_change (since);

-- From where on an organization is warned, or capped.
CREATE TABLE usage_limit (
    org_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    dimension TEXT COLLATE "C" NOT NULL,
    -- In the meters' own units.
    value BIGINT NOT NULL,
    -- warn, cap
    action TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, dimension)
);

-- Steps that were mailed: each once a cycle and limit.
CREATE TABLE usage_step (
    org_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    dimension TEXT COLLATE "C" NOT NULL,
    -- The first day of the cycle.
    cycle BIGINT NOT NULL,
    value BIGINT NOT NULL,
    percent BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (org_id, dimension, cycle, value, percent)
);

-- Caps in force.
CREATE TABLE usage_cap (
    org_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    dimension TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (org_id, dimension)
);

-- Whether a cap had it sleep, so that the end of the cap wakes it.
ALTER TABLE workspace ADD COLUMN capped BOOLEAN NOT NULL DEFAULT FALSE;
