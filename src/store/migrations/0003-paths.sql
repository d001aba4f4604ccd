-- Customers who are led along a map: what they did on it, their private links, and what
-- calls for somebody. All that is somebody's hangs on `enrolment`, and goes with it.
ALTER TABLE workspace ADD COLUMN
  webhook_secret TEXT; -- what signs the calls out; NULL: none was made yet

CREATE TABLE enrolment(
  id TEXT PRIMARY KEY,
  map_id TEXT NOT NULL REFERENCES map(id) ON DELETE CASCADE,
  customer TEXT NOT NULL, -- by any of the names that the evidence has for the person
  at_us INTEGER NOT NULL, -- when the way began
  body TEXT NOT NULL, -- where it began, baselines and targets of one's own: one JSON object
  left_us INTEGER, left_because TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL, created_us INTEGER NOT NULL, created_by TEXT NOT NULL,
  UNIQUE (map_id, customer)
) STRICT;
CREATE INDEX enrolment_customer ON enrolment(customer);

-- Each row is an event of the log, too, beside those of the imports (overlay.c).
CREATE TABLE progress(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  enrolment_id TEXT NOT NULL REFERENCES enrolment(id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN
    ('done', 'reading', 'milestone', 'proof', 'feeling', 'message', 'note')),
  item TEXT NOT NULL, -- step, metric, phase or proof of the map; "" where it is about none
  at_us INTEGER NOT NULL,
  activity TEXT NOT NULL, -- what the event is called
  value REAL, -- of a reading, a feeling
  text TEXT NOT NULL,
  by_client INTEGER NOT NULL CHECK (by_client IN (0, 1)),
  who TEXT NOT NULL, created_us INTEGER NOT NULL,
  client TEXT -- the sender's own name for it: sent twice, it counts once
) STRICT;
CREATE INDEX progress_enrolment ON progress(enrolment_id);
CREATE UNIQUE INDEX progress_client ON progress(enrolment_id, client) WHERE client IS NOT NULL;

CREATE TABLE proof_file(
  id TEXT PRIMARY KEY,
  progress_id INTEGER NOT NULL REFERENCES progress(id) ON DELETE CASCADE,
  name TEXT NOT NULL, type TEXT NOT NULL, body BLOB NOT NULL, created_us INTEGER NOT NULL
) STRICT;
CREATE INDEX proof_file_progress ON proof_file(progress_id);

CREATE TABLE client_link(
  id TEXT PRIMARY KEY, token_hash BLOB NOT NULL UNIQUE,
  enrolment_id TEXT NOT NULL REFERENCES enrolment(id) ON DELETE CASCADE,
  lang TEXT NOT NULL CHECK (lang IN ('it', 'en')),
  created_us INTEGER NOT NULL, created_by TEXT NOT NULL, expires_us INTEGER NOT NULL,
  revoked_us INTEGER, opened INTEGER NOT NULL DEFAULT 0, opened_us INTEGER
) STRICT;
CREATE INDEX client_link_enrolment ON client_link(enrolment_id);

-- One for each crossing: over_us says that it ended, the next one is another.
CREATE TABLE alert(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  enrolment_id TEXT NOT NULL REFERENCES enrolment(id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('stuck', 'behind', 'silent', 'low')),
  place TEXT NOT NULL, -- the phase in which it happened
  since_us INTEGER NOT NULL, at_us INTEGER NOT NULL,
  snoozed_us INTEGER, -- not shown before
  over_us INTEGER
) STRICT;
CREATE UNIQUE INDEX alert_open ON alert(enrolment_id, kind) WHERE over_us IS NULL;

-- What a playbook gave somebody to do, once for each crossing.
CREATE TABLE task(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  enrolment_id TEXT NOT NULL REFERENCES enrolment(id) ON DELETE CASCADE,
  alert_id INTEGER REFERENCES alert(id) ON DELETE CASCADE,
  playbook TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('task', 'email')),
  title TEXT NOT NULL, text TEXT NOT NULL, owner TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'dropped')),
  created_us INTEGER NOT NULL, closed_us INTEGER, closed_by TEXT
) STRICT;
CREATE INDEX task_enrolment ON task(enrolment_id);
CREATE UNIQUE INDEX task_once ON task(alert_id, playbook);

CREATE TABLE delivery(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  enrolment_id TEXT NOT NULL REFERENCES enrolment(id) ON DELETE CASCADE,
  alert_id INTEGER NOT NULL REFERENCES alert(id) ON DELETE CASCADE,
  playbook TEXT NOT NULL, url TEXT NOT NULL, body TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
  tries INTEGER NOT NULL DEFAULT 0, next_us INTEGER NOT NULL,
  answer TEXT NOT NULL DEFAULT '', created_us INTEGER NOT NULL
) STRICT;
CREATE INDEX delivery_enrolment ON delivery(enrolment_id);
CREATE UNIQUE INDEX delivery_once ON delivery(alert_id, playbook);
