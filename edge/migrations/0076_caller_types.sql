-- What a provider's lookup said of a caller: asked after a call, for campaigns that wish it, and known at the next.
CREATE TABLE caller_types (
  network_id TEXT NOT NULL,
  from_hash TEXT NOT NULL,                -- the caller's keyed fingerprint, never the number
  type TEXT CHECK (type IN ('mobile', 'landline', 'voip')),  -- null: the provider does not know either
  looked_up_at INTEGER NOT NULL,
  PRIMARY KEY (network_id, from_hash)
) STRICT, WITHOUT ROWID;
