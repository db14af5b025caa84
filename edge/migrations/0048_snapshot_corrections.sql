-- A snapshot is frozen; what turns out to have been missing or wrong in it is a later version beside it.
CREATE TABLE snapshot_corrections (
  call_id TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  network_id TEXT NOT NULL,
  corrected_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  snapshot TEXT NOT NULL,                 -- JSON, as in candidate_snapshots
  sessions TEXT NOT NULL,                 -- JSON
  PRIMARY KEY (call_id, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER snapshot_corrections_no_update BEFORE UPDATE ON snapshot_corrections BEGIN SELECT RAISE(ABORT, 'snapshots are frozen'); END;
CREATE TRIGGER snapshot_corrections_no_delete BEFORE DELETE ON snapshot_corrections BEGIN SELECT RAISE(ABORT, 'snapshots are frozen'); END;
