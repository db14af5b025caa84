-- Which proven publishers see a call: the one it is booked to, and every other with a share of at least 0.25.
-- A copy of the attribution in force, kept so that a publisher's list reads its own calls and no others.

CREATE TABLE call_shares (
  call_id TEXT NOT NULL,
  publisher_id TEXT NOT NULL,
  network_id TEXT NOT NULL,
  started_at INTEGER NOT NULL,            -- of the call
  share REAL NOT NULL CHECK (share >= 0 AND share <= 1),
  PRIMARY KEY (call_id, publisher_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX call_shares_by_publisher ON call_shares (publisher_id, started_at, call_id);

-- A call reported without a voice hook may turn out to have begun earlier.
CREATE TRIGGER calls_move_shares AFTER UPDATE OF started_at ON calls WHEN NEW.started_at <> OLD.started_at
BEGIN UPDATE call_shares SET started_at = NEW.started_at WHERE call_id = NEW.id; END;

