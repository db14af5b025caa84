-- When recordings are to be erased, as their campaign's call flow said when they were made.
CREATE TABLE recording_expiries (
  call_id TEXT NOT NULL REFERENCES calls (id),
  recording_id TEXT NOT NULL,             -- the provider's
  network_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,            -- later each time the provider could not be asked
  PRIMARY KEY (call_id, recording_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX recording_expiries_due ON recording_expiries (network_id, expires_at);
