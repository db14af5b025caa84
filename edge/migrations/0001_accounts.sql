-- Who is who, and which network an outside key belongs to.
-- directory_entries and api_keys live in the directory database, organizations in the network's own;
-- today both are the same D1 (see ARCHITECTURE.md, "Two handles on one database").

CREATE TABLE directory_entries (
  key TEXT NOT NULL PRIMARY KEY,          -- a telephony account's id, a site key, a tracking link's key
  kind TEXT NOT NULL CHECK (kind IN ('telephony_account', 'site', 'tracking_link')),
  network_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE organizations (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('network', 'advertiser', 'publisher')),
  name TEXT NOT NULL,
  alias TEXT NOT NULL,                    -- what the other side reads where the name is hidden: "P-1042"
  timezone TEXT NOT NULL,
  shows_callers INTEGER NOT NULL DEFAULT 0 CHECK (shows_callers IN (0, 1)),        -- network: publishers see whole caller numbers
  shows_publishers INTEGER NOT NULL DEFAULT 0 CHECK (shows_publishers IN (0, 1)),  -- network: advertisers see publishers' names
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  CHECK ((kind = 'network') = (id = network_id))
) STRICT;
CREATE INDEX organizations_by_network ON organizations (network_id, kind, id);
CREATE UNIQUE INDEX organizations_alias ON organizations (network_id, alias);

CREATE TABLE api_keys (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  organization_kind TEXT NOT NULL CHECK (organization_kind IN ('network', 'advertiser', 'publisher')),
  role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'billing', 'analyst', 'viewer')),
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,                   -- the first characters, to recognise a key by
  hash TEXT NOT NULL UNIQUE,              -- SHA-256 of the key: it has 256 random bits, so no salt is needed
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE INDEX api_keys_by_organization ON api_keys (network_id, organization_id, id);

CREATE TABLE audit_log (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,                    -- an api key's id, a user's id, or 'system'
  action TEXT NOT NULL,                   -- 'campaign.create'
  subject_id TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '{}',      -- JSON, no secrets
  request_id TEXT NOT NULL
) STRICT;
CREATE INDEX audit_log_by_network ON audit_log (network_id, id);
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;

-- Answers kept for Idempotency-Key, 24 h. A row is written together with the change it answers for.
CREATE TABLE idempotency_keys (
  organization_id TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,             -- SHA-256 of method, path and body
  status INTEGER NOT NULL,
  body TEXT NOT NULL,                     -- as answered, without secrets
  created_at INTEGER NOT NULL,
  PRIMARY KEY (organization_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
