-- The first form of the data file. Forward only: what is here is never edited again.
CREATE TABLE workspace(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  uid TEXT NOT NULL,
  title TEXT NOT NULL,
  created_us INTEGER NOT NULL,
  epoch INTEGER NOT NULL DEFAULT 0 -- grows when stored evidence or aliases change: an older image is void
) STRICT;

-- Lists that people keep. `body` is one JSON object; `version` grows with each change.
CREATE TABLE person(
  id TEXT PRIMARY KEY, body TEXT NOT NULL, version INTEGER NOT NULL,
  updated_us INTEGER NOT NULL, updated_by TEXT NOT NULL,
  email TEXT UNIQUE -- the same as in body
) STRICT;
CREATE TABLE department(
  id TEXT PRIMARY KEY, body TEXT NOT NULL, version INTEGER NOT NULL,
  updated_us INTEGER NOT NULL, updated_by TEXT NOT NULL
) STRICT;
CREATE TABLE channel(
  id TEXT PRIMARY KEY, body TEXT NOT NULL, version INTEGER NOT NULL,
  updated_us INTEGER NOT NULL, updated_by TEXT NOT NULL
) STRICT;
CREATE TABLE persona(
  id TEXT PRIMARY KEY, body TEXT NOT NULL, version INTEGER NOT NULL,
  updated_us INTEGER NOT NULL, updated_by TEXT NOT NULL
) STRICT;
CREATE TABLE action(
  id TEXT PRIMARY KEY, body TEXT NOT NULL, version INTEGER NOT NULL,
  updated_us INTEGER NOT NULL, updated_by TEXT NOT NULL
) STRICT;
CREATE TABLE saved_filter(
  id TEXT PRIMARY KEY, body TEXT NOT NULL, version INTEGER NOT NULL,
  updated_us INTEGER NOT NULL, updated_by TEXT NOT NULL
) STRICT;
CREATE TABLE setting(
  id TEXT PRIMARY KEY, body TEXT NOT NULL, version INTEGER NOT NULL,
  updated_us INTEGER NOT NULL, updated_by TEXT NOT NULL
) STRICT;

CREATE TABLE session(
  token_hash BLOB PRIMARY KEY, -- never the token itself
  person_id TEXT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
  created_us INTEGER NOT NULL, seen_us INTEGER NOT NULL, expires_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_person ON session(person_id);

-- Each row's hash covers the row and the hash before it: a changed row is found.
CREATE TABLE audit(
  seq INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
  about TEXT NOT NULL, hash BLOB NOT NULL
) STRICT;

-- A map is its operations; a snapshot spares replaying them all.
CREATE TABLE map(
  id TEXT PRIMARY KEY, title TEXT NOT NULL, head INTEGER NOT NULL,
  created_us INTEGER NOT NULL, updated_us INTEGER NOT NULL, deleted_us INTEGER
) STRICT;
CREATE TABLE map_operation(
  map_id TEXT NOT NULL REFERENCES map(id) ON DELETE CASCADE, seq INTEGER NOT NULL,
  at_us INTEGER NOT NULL, who TEXT NOT NULL,
  client TEXT,             -- the sender's own name for it: sent twice, it counts once
  body TEXT NOT NULL,
  inverse TEXT,            -- what takes it back; NULL: it came too late and changed nothing
  PRIMARY KEY (map_id, seq)
) STRICT;
CREATE UNIQUE INDEX map_operation_client ON map_operation(map_id, client) WHERE client IS NOT NULL;
CREATE TABLE map_snapshot(
  map_id TEXT NOT NULL REFERENCES map(id) ON DELETE CASCADE, seq INTEGER NOT NULL,
  at_us INTEGER NOT NULL, label TEXT, body TEXT NOT NULL,
  PRIMARY KEY (map_id, seq)
) STRICT;

-- Where evidence came from.
CREATE TABLE source(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE import(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source_id INTEGER NOT NULL REFERENCES source(id),
  at_us INTEGER NOT NULL, who TEXT NOT NULL,
  row_count INTEGER NOT NULL, rejected INTEGER NOT NULL,
  added INTEGER NOT NULL,  -- events that were new; row_count = rejected + added + known
  known INTEGER NOT NULL,
  report TEXT NOT NULL -- how the file was understood, without any of its rows
) STRICT;
CREATE INDEX import_source ON import(source_id);

-- Evidence: one batch per import that added something, never changed, in compressed columns.
-- The image is one more batch: all of them, joined and sorted; derived, and made again at need.
CREATE TABLE batch(
  id INTEGER PRIMARY KEY,
  import_id INTEGER UNIQUE REFERENCES import(id) ON DELETE CASCADE, -- NULL: the image
  events INTEGER NOT NULL, traces INTEGER NOT NULL, first_us INTEGER NOT NULL, last_us INTEGER NOT NULL
) STRICT;
CREATE TABLE block(
  id INTEGER PRIMARY KEY,
  batch_id INTEGER NOT NULL REFERENCES batch(id) ON DELETE CASCADE,
  name TEXT NOT NULL, part INTEGER NOT NULL,
  value_count INTEGER NOT NULL, raw_bytes INTEGER NOT NULL, body BLOB NOT NULL,
  UNIQUE (batch_id, name, part)
) STRICT;
CREATE TABLE image(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  batch_id INTEGER NOT NULL REFERENCES batch(id) ON DELETE CASCADE,
  version INTEGER NOT NULL, epoch INTEGER NOT NULL, last_import INTEGER NOT NULL
) STRICT;
CREATE INDEX image_batch ON image(batch_id);

-- What tells one event from another: 64-bit hashes, in order of time, some thousand a row.
CREATE TABLE identity(
  id INTEGER PRIMARY KEY,
  batch_id INTEGER NOT NULL REFERENCES batch(id) ON DELETE CASCADE,
  first_us INTEGER NOT NULL, last_us INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX identity_batch ON identity(batch_id);
CREATE INDEX identity_time ON identity(last_us, first_us);

-- Names of one person that were joined; undone_us says that it was taken back.
CREATE TABLE alias(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  main TEXT NOT NULL, other TEXT NOT NULL, at_us INTEGER NOT NULL, who TEXT NOT NULL, undone_us INTEGER
) STRICT;
CREATE INDEX alias_main ON alias(main);
CREATE INDEX alias_other ON alias(other);
