-- Calls read back from their provider.

-- How far the records of an account's provider have been gone through.
CREATE TABLE provider_sweeps (
  telephony_account_id TEXT NOT NULL PRIMARY KEY REFERENCES telephony_accounts (id),
  network_id TEXT NOT NULL,
  read_through_at INTEGER NOT NULL,       -- calls that began before are all known
  next_at INTEGER NOT NULL,               -- not before then again
  failures INTEGER NOT NULL,              -- in a row
  failure TEXT,                           -- the last one's kind
  swept_at INTEGER,                       -- when it last went well
  imported INTEGER NOT NULL DEFAULT 0     -- calls that nobody had told us of, all in all
) STRICT, WITHOUT ROWID;

-- Calls of which the provider was asked and could not tell all yet: asked again, ever more rarely.
CREATE TABLE provider_questions (
  call_id TEXT NOT NULL PRIMARY KEY REFERENCES calls (id),
  network_id TEXT NOT NULL,
  telephony_account_id TEXT NOT NULL,
  asked INTEGER NOT NULL,
  next_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
