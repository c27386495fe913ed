-- How people sign in to the organization, as JSON; saved under a version of its own.
ALTER TABLE organization ADD COLUMN auth_policy TEXT NOT NULL DEFAULT '{}';
ALTER TABLE organization ADD COLUMN auth_version BIGINT NOT NULL DEFAULT 1;

-- A counter for the whole instance that every reset raises. Sessions and tokens are stamped with it when they are issued,
-- and one stamped before an organization's last reset is refused there: no clock is asked.
CREATE TABLE auth_epoch (
    id BIGINT PRIMARY KEY,
    value BIGINT NOT NULL
);

INSERT INTO auth_epoch (id, value) VALUES (1, 0);

ALTER TABLE organization ADD COLUMN auth_epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE token ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
