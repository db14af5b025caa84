-- Outcomes that came as a CSV: how far an upload was taken in. The row and what it counts are one write with the outcomes.

CREATE TABLE signal_imports (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,          -- who sent it
  status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed')),
  next_line INTEGER,                      -- the first line of the file that is not taken in; null when all are
  accepted INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  errors TEXT NOT NULL,                   -- JSON: the first rejected lines; of a failed one, last, where it broke off
  created_at INTEGER NOT NULL,
  progressed_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX signal_imports_by_network ON signal_imports (network_id, id);
CREATE INDEX signal_imports_running ON signal_imports (network_id, progressed_at) WHERE status = 'running';
CREATE TRIGGER signal_imports_end_once BEFORE UPDATE ON signal_imports WHEN OLD.status <> 'running'
BEGIN SELECT RAISE(ABORT, 'this import has ended'); END;
