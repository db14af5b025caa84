-- Outcomes that are reported of a call, such as a sale. Facts: never changed, never deleted.

CREATE TABLE signals (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  call_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,                    -- JSON: a text, a number, true or false
  revenue_micros INTEGER,                 -- what the advertiser says it was worth; no posting follows from it
  occurred_at INTEGER NOT NULL,
  reported_at INTEGER NOT NULL,
  actor TEXT NOT NULL,                    -- who reported it: an api key's id or a user's
  UNIQUE (call_id, name, value, occurred_at)
) STRICT;
CREATE TRIGGER signals_no_update BEFORE UPDATE ON signals BEGIN SELECT RAISE(ABORT, 'signals are append-only'); END;
CREATE TRIGGER signals_no_delete BEFORE DELETE ON signals BEGIN SELECT RAISE(ABORT, 'signals are append-only'); END;
