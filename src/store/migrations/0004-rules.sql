-- Rules that go on enrolling, who is not to be enrolled by them again, and a number for
-- what changes of paths without changing the evidence.
ALTER TABLE workspace ADD COLUMN path_version INTEGER NOT NULL DEFAULT 0;

CREATE TABLE enrol_rule(
  id TEXT PRIMARY KEY,
  map_id TEXT NOT NULL REFERENCES map(id) ON DELETE CASCADE,
  rule TEXT NOT NULL, -- a filter of the evidence: [[name, value], …]
  seen_version INTEGER NOT NULL, -- of the evidence, when it was last asked
  created_us INTEGER NOT NULL, created_by TEXT NOT NULL,
  UNIQUE (map_id, rule)
) STRICT;

-- Whom somebody took off a path: a rule leaves them there.
CREATE TABLE taken_out(
  map_id TEXT NOT NULL REFERENCES map(id) ON DELETE CASCADE,
  customer TEXT NOT NULL, at_us INTEGER NOT NULL,
  PRIMARY KEY (map_id, customer)
) STRICT, WITHOUT ROWID;
CREATE INDEX taken_out_customer ON taken_out(customer);
