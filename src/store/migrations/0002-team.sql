-- People who log in, what they say to each other, what they share; taking an import back.
ALTER TABLE workspace ADD COLUMN
  evidence_version INTEGER NOT NULL DEFAULT 0; -- grows with every import, alias, erasing: what caches hold on to

ALTER TABLE person ADD COLUMN
  role TEXT NOT NULL DEFAULT 'reader' CHECK (role IN ('owner', 'editor', 'reader'));
ALTER TABLE person ADD COLUMN
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1));
ALTER TABLE person ADD COLUMN
  created_us INTEGER NOT NULL DEFAULT 0;
-- Whoever writes the statement: a workspace that has an owner keeps one.
CREATE TRIGGER person_keeps_an_owner AFTER UPDATE OF role, disabled ON person
WHEN OLD.role = 'owner' AND OLD.disabled = 0
  AND NOT EXISTS (SELECT 1 FROM person WHERE role = 'owner' AND disabled = 0)
BEGIN SELECT raise(ABORT, 'the last owner'); END;
CREATE TRIGGER person_keeps_its_owner AFTER DELETE ON person
WHEN OLD.role = 'owner' AND OLD.disabled = 0
  AND NOT EXISTS (SELECT 1 FROM person WHERE role = 'owner' AND disabled = 0)
BEGIN SELECT raise(ABORT, 'the last owner'); END;

CREATE TABLE credential(
  person_id TEXT PRIMARY KEY REFERENCES person(id) ON DELETE CASCADE,
  hash TEXT NOT NULL, -- argon2id, with its salt and cost
  changed_us INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, tried_us INTEGER NOT NULL DEFAULT 0 -- failed ones since the last that worked
) STRICT;

ALTER TABLE session ADD COLUMN idle_us INTEGER NOT NULL DEFAULT 0; -- over when unused for so long; 0: never
ALTER TABLE session ADD COLUMN agent TEXT NOT NULL DEFAULT '';

CREATE TABLE api_token(
  id TEXT PRIMARY KEY, token_hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL,
  scopes INTEGER NOT NULL, -- bits: 1 read, 2 write, 4 admin
  person_id TEXT REFERENCES person(id) ON DELETE CASCADE, -- may no more than this person; NULL: made without login
  created_us INTEGER NOT NULL, expires_us INTEGER NOT NULL, used_us INTEGER, revoked_us INTEGER
) STRICT;
CREATE INDEX api_token_person ON api_token(person_id);

CREATE TABLE invitation(
  id TEXT PRIMARY KEY, token_hash BLOB NOT NULL UNIQUE,
  setup INTEGER NOT NULL DEFAULT 0, -- 1: makes the first owner
  role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'reader')),
  email TEXT, -- only for this address; NULL: for whoever has the link
  created_us INTEGER NOT NULL, created_by TEXT NOT NULL, expires_us INTEGER NOT NULL,
  used_us INTEGER, used_by TEXT
) STRICT;

CREATE TABLE comment(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  map_id TEXT NOT NULL REFERENCES map(id) ON DELETE CASCADE,
  item TEXT NOT NULL, field TEXT NOT NULL, -- "": the whole map, the whole item
  text TEXT NOT NULL, -- "" with deleted_us: taken out, but answers to it remain
  who TEXT NOT NULL, name TEXT NOT NULL, -- as they were called when they wrote it
  at_us INTEGER NOT NULL, edited_us INTEGER, resolved_us INTEGER, resolved_by TEXT, deleted_us INTEGER,
  reply_to INTEGER REFERENCES comment(id) ON DELETE CASCADE
) STRICT;
CREATE INDEX comment_map ON comment(map_id);
CREATE INDEX comment_reply ON comment(reply_to);

CREATE TABLE file(
  id TEXT PRIMARY KEY, -- hash of its bytes: the same picture is kept once
  type TEXT NOT NULL, body BLOB NOT NULL, created_us INTEGER NOT NULL, who TEXT NOT NULL
) STRICT;

CREATE TABLE share(
  id TEXT PRIMARY KEY, token_hash BLOB NOT NULL UNIQUE,
  map_id TEXT NOT NULL REFERENCES map(id) ON DELETE CASCADE,
  what TEXT NOT NULL CHECK (what IN ('map', 'report')), filter TEXT NOT NULL,
  created_us INTEGER NOT NULL, created_by TEXT NOT NULL, expires_us INTEGER NOT NULL,
  password TEXT, -- its hash
  revoked_us INTEGER, opened INTEGER NOT NULL DEFAULT 0, opened_us INTEGER
) STRICT;
CREATE INDEX share_map ON share(map_id);

ALTER TABLE map_snapshot ADD COLUMN who TEXT; -- who gave the label

-- Which events of another import's batch an import brought, too: one bit each, in the order of
-- their identities (zstd). Whoever takes an import back hands on what others brought as well.
ALTER TABLE import ADD COLUMN tracked INTEGER NOT NULL DEFAULT 0; -- 1: `known` is all told in the table
CREATE TABLE known(
  import_id INTEGER NOT NULL REFERENCES import(id) ON DELETE CASCADE,
  batch_id INTEGER NOT NULL REFERENCES batch(id) ON DELETE CASCADE,
  body BLOB NOT NULL, PRIMARY KEY (import_id, batch_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_batch ON known(batch_id);

-- Rows that were left out: CSV (zstd), where there are not too many.
CREATE TABLE reject(
  import_id INTEGER PRIMARY KEY REFERENCES import(id) ON DELETE CASCADE,
  row_count INTEGER NOT NULL, raw_bytes INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
