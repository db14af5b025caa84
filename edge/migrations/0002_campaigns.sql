-- Campaigns, their versioned terms, and who may run them.

CREATE TABLE campaigns (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  advertiser_id TEXT NOT NULL REFERENCES organizations (id),
  name TEXT NOT NULL,
  timezone TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  destination_number TEXT NOT NULL,
  overflow TEXT CHECK (overflow IN ('destination', 'message', 'voicemail')),  -- null: the default of the contract
  attribution_floor REAL NOT NULL CHECK (attribution_floor > 0.5 AND attribution_floor <= 1),
  uncertain_payout TEXT NOT NULL CHECK (uncertain_payout IN ('withhold', 'split')),
  bill_own_traffic INTEGER NOT NULL CHECK (bill_own_traffic IN (0, 1)),
  test_callers TEXT NOT NULL DEFAULT '[]',     -- JSON list of E.164
  paused_at INTEGER,
  pause_reason TEXT,
  resume_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;
CREATE INDEX campaigns_by_network ON campaigns (network_id, id);
CREATE INDEX campaigns_by_advertiser ON campaigns (advertiser_id, id);

CREATE TABLE campaign_terms (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL REFERENCES campaigns (id),
  version INTEGER NOT NULL CHECK (version >= 1),
  effective_at INTEGER NOT NULL,
  terms TEXT NOT NULL,                    -- JSON as in the contract, defaults filled in
  created_at INTEGER NOT NULL,
  UNIQUE (campaign_id, version)
) STRICT;
CREATE TRIGGER campaign_terms_no_update BEFORE UPDATE ON campaign_terms BEGIN SELECT RAISE(ABORT, 'terms versions are immutable'); END;
CREATE TRIGGER campaign_terms_no_delete BEFORE DELETE ON campaign_terms BEGIN SELECT RAISE(ABORT, 'terms versions are immutable'); END;

CREATE TABLE enrollments (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL REFERENCES campaigns (id),
  publisher_id TEXT NOT NULL REFERENCES organizations (id),
  created_at INTEGER NOT NULL,
  UNIQUE (campaign_id, publisher_id)
) STRICT;
CREATE INDEX enrollments_by_publisher ON enrollments (publisher_id, id);

CREATE TABLE enrollment_versions (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  enrollment_id TEXT NOT NULL REFERENCES enrollments (id),
  version INTEGER NOT NULL CHECK (version >= 1),
  effective_at INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('approved', 'pending', 'rejected', 'suspended', 'ended')),
  payout_terms TEXT NOT NULL DEFAULT '{}',    -- JSON: the terms' payout fields this publisher has its own of
  created_at INTEGER NOT NULL,
  UNIQUE (enrollment_id, version)
) STRICT;
CREATE TRIGGER enrollment_versions_no_update BEFORE UPDATE ON enrollment_versions BEGIN SELECT RAISE(ABORT, 'enrollment versions are immutable'); END;
CREATE TRIGGER enrollment_versions_no_delete BEFORE DELETE ON enrollment_versions BEGIN SELECT RAISE(ABORT, 'enrollment versions are immutable'); END;
