-- Who answers a campaign's calls: its targets, groups of them, and what is tried before any of them is rung.
-- Hours, regions and the settings are JSON as in the API; a cap that is null is none.

CREATE TABLE target_groups (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL REFERENCES campaigns (id),
  name TEXT NOT NULL,
  ringing TEXT NOT NULL CHECK (ringing IN ('sequential', 'simultaneous')),
  hourly_cap INTEGER CHECK (hourly_cap >= 1),
  daily_cap INTEGER CHECK (daily_cap >= 1),
  monthly_cap INTEGER CHECK (monthly_cap >= 1),
  total_cap INTEGER CHECK (total_cap >= 1),
  concurrency_cap INTEGER CHECK (concurrency_cap >= 1),
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;
CREATE INDEX target_groups_by_campaign ON target_groups (campaign_id, id);
CREATE INDEX target_groups_by_network ON target_groups (network_id, id);

CREATE TABLE targets (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL REFERENCES campaigns (id),
  group_id TEXT REFERENCES target_groups (id),
  name TEXT,
  number TEXT NOT NULL,                   -- E.164 or a sip: address
  priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 1000),   -- the lower is rung first
  weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 1000),       -- its share among those of one priority
  timeout_s INTEGER NOT NULL CHECK (timeout_s BETWEEN 5 AND 120),
  hours TEXT,
  regions TEXT,
  hourly_cap INTEGER CHECK (hourly_cap >= 1),
  daily_cap INTEGER CHECK (daily_cap >= 1),
  monthly_cap INTEGER CHECK (monthly_cap >= 1),
  total_cap INTEGER CHECK (total_cap >= 1),
  concurrency_cap INTEGER CHECK (concurrency_cap >= 1),
  paused_at INTEGER,
  pause_reason TEXT,
  resume_at INTEGER,
  resumed_at INTEGER,                     -- when it was last resumed: unanswered calls count from here
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;
CREATE INDEX targets_by_campaign ON targets (campaign_id, id);
CREATE INDEX targets_by_network ON targets (network_id, id);

CREATE TABLE campaign_routing (
  campaign_id TEXT NOT NULL PRIMARY KEY REFERENCES campaigns (id),
  network_id TEXT NOT NULL,
  settings TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

ALTER TABLE enrollments ADD COLUMN paused_at INTEGER;
ALTER TABLE enrollments ADD COLUMN pause_reason TEXT;
ALTER TABLE enrollments ADD COLUMN resume_at INTEGER;
ALTER TABLE numbers ADD COLUMN paused_at INTEGER;
ALTER TABLE numbers ADD COLUMN pause_reason TEXT;
ALTER TABLE numbers ADD COLUMN resume_at INTEGER;
