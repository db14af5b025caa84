-- What callers and agents hear, are asked and recorded by: immutable versions; the last one made is in force.

CREATE TABLE call_flows (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL REFERENCES campaigns (id),
  version INTEGER NOT NULL CHECK (version >= 1),
  flow TEXT NOT NULL,                     -- JSON as in the API, defaults filled in, checked as a graph
  created_at INTEGER NOT NULL,
  UNIQUE (campaign_id, version)
) STRICT;
CREATE TRIGGER call_flows_no_update BEFORE UPDATE ON call_flows BEGIN SELECT RAISE(ABORT, 'call flow versions are immutable'); END;
CREATE TRIGGER call_flows_no_delete BEFORE DELETE ON call_flows BEGIN SELECT RAISE(ABORT, 'call flow versions are immutable'); END;

-- What a call answered at its questions, by question: repeated from its events, so that money and lists can read it.
ALTER TABLE calls ADD COLUMN pressed TEXT NOT NULL DEFAULT '{}';
