-- What a network owns to be called at: provider accounts, numbers and their assignments over time, pools, sites.

CREATE TABLE telephony_accounts (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  provider TEXT NOT NULL CHECK (provider IN ('twilio', 'telnyx', 'signalwire', 'plivo', 'sandbox')),
  name TEXT NOT NULL,
  account_sid TEXT NOT NULL,
  auth_token_sealed TEXT NOT NULL,        -- AES-GCM, see edge/platform/crypto.ts
  next_auth_token_sealed TEXT,            -- accepted too while a secret is rotated
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;
CREATE INDEX telephony_accounts_by_network ON telephony_accounts (network_id, id);

-- Webhooks refused for their signature: a counter by account and day, nothing else is kept of them.
CREATE TABLE signature_refusals (
  telephony_account_id TEXT NOT NULL,
  day TEXT NOT NULL,
  refused INTEGER NOT NULL,
  PRIMARY KEY (telephony_account_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE pools (
  id TEXT NOT NULL PRIMARY KEY,
  key INTEGER NOT NULL UNIQUE,            -- the short name inside a lease token
  network_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL REFERENCES campaigns (id),
  publisher_id TEXT REFERENCES organizations (id),   -- set: every number of it proves this publisher
  name TEXT NOT NULL,
  lease_ttl_s INTEGER NOT NULL CHECK (lease_ttl_s BETWEEN 60 AND 14400),
  cooldown_s INTEGER NOT NULL CHECK (cooldown_s BETWEEN 0 AND 86400),
  late_window_s INTEGER NOT NULL CHECK (late_window_s BETWEEN 0 AND 7776000),
  assignment_version INTEGER NOT NULL DEFAULT 1,     -- grows with every change of its numbers
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;
CREATE INDEX pools_by_network ON pools (network_id, id);

CREATE TABLE numbers (
  key INTEGER NOT NULL PRIMARY KEY,       -- the short name used by leases, sessions and calls
  id TEXT NOT NULL UNIQUE,
  network_id TEXT NOT NULL,
  telephony_account_id TEXT NOT NULL REFERENCES telephony_accounts (id),
  e164 TEXT NOT NULL,
  label TEXT,
  sub1 TEXT, sub2 TEXT, sub3 TEXT, sub4 TEXT, sub5 TEXT,
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;
CREATE UNIQUE INDEX numbers_in_use ON numbers (e164) WHERE retired_at IS NULL;
CREATE INDEX numbers_by_network ON numbers (network_id, id);

-- A call is always read with the assignment of its moment. Rows are only ever closed, once.
CREATE TABLE number_assignments (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  number_key INTEGER NOT NULL REFERENCES numbers (key),
  from_at INTEGER NOT NULL,
  to_at INTEGER,                          -- half-open [from_at, to_at); null: still in force
  campaign_id TEXT NOT NULL REFERENCES campaigns (id),
  pool_id TEXT REFERENCES pools (id),     -- null: a static number
  publisher_id TEXT REFERENCES organizations (id),
  CHECK (to_at IS NULL OR to_at >= from_at)
) STRICT;
CREATE INDEX number_assignments_by_number ON number_assignments (number_key, from_at);
CREATE INDEX number_assignments_by_pool ON number_assignments (pool_id, to_at);
CREATE UNIQUE INDEX number_assignments_one_open ON number_assignments (number_key) WHERE to_at IS NULL;
CREATE TRIGGER number_assignments_no_overlap BEFORE INSERT ON number_assignments
WHEN EXISTS (
  SELECT 1 FROM number_assignments a WHERE a.number_key = NEW.number_key
    AND a.from_at < coalesce(NEW.to_at, 9007199254740991) AND NEW.from_at < coalesce(a.to_at, 9007199254740991))
BEGIN SELECT RAISE(ABORT, 'a number has one assignment at a time'); END;
CREATE TRIGGER number_assignments_close_only BEFORE UPDATE ON number_assignments
WHEN OLD.to_at IS NOT NULL OR NEW.to_at IS NULL OR NEW.id <> OLD.id OR NEW.number_key <> OLD.number_key
  OR NEW.from_at <> OLD.from_at OR NEW.campaign_id <> OLD.campaign_id
  OR NEW.pool_id IS NOT OLD.pool_id OR NEW.publisher_id IS NOT OLD.publisher_id
BEGIN SELECT RAISE(ABORT, 'an assignment may only be closed, once'); END;
CREATE TRIGGER number_assignments_no_delete BEFORE DELETE ON number_assignments
BEGIN SELECT RAISE(ABORT, 'assignments are never deleted'); END;

CREATE TABLE sites (
  id TEXT NOT NULL PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,               -- the public name in the snippet
  network_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL REFERENCES campaigns (id),
  pool_id TEXT NOT NULL REFERENCES pools (id),
  publisher_id TEXT REFERENCES organizations (id),
  origins TEXT NOT NULL,                  -- JSON list
  swap_numbers TEXT NOT NULL,             -- JSON list of E.164 that stand on the page
  gpc TEXT NOT NULL CHECK (gpc IN ('cookieless', 'static')),
  last_page_view_at INTEGER,
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;
CREATE INDEX sites_by_network ON sites (network_id, id);
