-- What the model learned and what it remembers.

-- One immutable version a pool and night. The version carries the hash of its parameters and of what they came from.
CREATE TABLE attribution_models (
  version TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  pool_id TEXT NOT NULL,
  fitted_at INTEGER NOT NULL,             -- in force for calls that begin from then on
  from_at INTEGER NOT NULL,               -- what was looked at
  to_at INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  start_version TEXT NOT NULL,            -- what the rates were shrunk towards
  sha256 TEXT NOT NULL,
  parameters TEXT NOT NULL,               -- JSON
  UNIQUE (pool_id, to_at)
) STRICT;
CREATE INDEX attribution_models_by_pool ON attribution_models (pool_id, fitted_at);
CREATE TRIGGER attribution_models_no_update BEFORE UPDATE ON attribution_models BEGIN SELECT RAISE(ABORT, 'models are never changed'); END;
CREATE TRIGGER attribution_models_no_delete BEFORE DELETE ON attribution_models BEGIN SELECT RAISE(ABORT, 'models are never changed'); END;

-- What later calls remember of an attributed call of a pool: a copy of its attribution in force. Whoever writes the
-- same seq of a pool twice decided without the other's step, and decides again.
CREATE TABLE attribution_steps (
  call_id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  pool_id TEXT NOT NULL,
  seq INTEGER NOT NULL CHECK (seq >= 1),
  number_key INTEGER NOT NULL,
  caller TEXT,                            -- fingerprint; null: hidden
  started_at INTEGER NOT NULL,
  provider_call_id TEXT NOT NULL,
  none REAL NOT NULL CHECK (none >= 0 AND none <= 1),
  UNIQUE (pool_id, seq)
) STRICT;
CREATE INDEX attribution_steps_by_number ON attribution_steps (pool_id, number_key, started_at);
CREATE INDEX attribution_steps_by_caller ON attribution_steps (pool_id, caller, started_at) WHERE caller IS NOT NULL;

CREATE TABLE attribution_touches (
  call_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  network_id TEXT NOT NULL,
  pool_id TEXT NOT NULL,
  visitor TEXT NOT NULL,
  share REAL NOT NULL CHECK (share > 0 AND share <= 1),
  PRIMARY KEY (call_id, session_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX attribution_touches_by_visitor ON attribution_touches (pool_id, visitor);

-- What the decision was made of beside the frozen snapshot: what earlier calls said. With the model's version and the
-- snapshot any replay gives the same bits.
ALTER TABLE attributions ADD COLUMN inputs TEXT;
