-- The hash of the avatar's files, which lie in the object store; without one it is generated from the id.
ALTER TABLE organization ADD COLUMN avatar TEXT COLLATE "C";

CREATE INDEX organization_avatar ON organization (avatar) WHERE avatar IS NOT NULL;

-- Files that are, or may be, in the object store: none is put there, or taken away, without a row here.
CREATE TABLE avatar_file (
    hash TEXT COLLATE "C" PRIMARY KEY,
    -- Somebody puts them there and has yet to use them.
    claimed_until BIGINT NOT NULL,
    -- They are being taken away.
    going BOOLEAN NOT NULL
);
