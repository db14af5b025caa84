-- A number that goes to another campaign rests first: people still hold it in their hands.
-- While it rests it keeps its assignment, so that late calls reach whom they were meant for, and is shown to nobody.
CREATE TABLE number_rests (
  number_key INTEGER NOT NULL PRIMARY KEY REFERENCES numbers (key),
  network_id TEXT NOT NULL,
  since_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  -- Where it goes then; all null: it stays where it is.
  campaign_id TEXT REFERENCES campaigns (id),
  pool_id TEXT REFERENCES pools (id),
  publisher_id TEXT REFERENCES organizations (id),
  CHECK (until_at > since_at),
  CHECK (campaign_id IS NOT NULL OR (pool_id IS NULL AND publisher_id IS NULL))
) STRICT;
CREATE INDEX number_rests_by_network ON number_rests (network_id, until_at);

-- Whether a number was ever somebody's before.
CREATE INDEX numbers_by_e164 ON numbers (e164);
