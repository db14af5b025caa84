-- What a pool is measured by, how its cool-down is chosen, and what a number of it costs.

-- What came to a pool in one hour, counted once from the sessions when none of them can change any more. A rollup:
-- it may be counted again from the facts at any time.
CREATE TABLE pool_hours (
  pool_id TEXT NOT NULL,
  hour_at INTEGER NOT NULL CHECK (hour_at % 3600000 = 0),
  network_id TEXT NOT NULL,
  arrivals INTEGER NOT NULL,              -- visitors who were given a number; a new touch on the same number is none
  refused INTEGER NOT NULL,               -- visitors who found none free
  leased_ms INTEGER NOT NULL,             -- how long the numbers given in this hour were leased, without cool-down
  occupied_ms INTEGER NOT NULL,           -- how long numbers were leased within this hour, whenever given
  PRIMARY KEY (pool_id, hour_at)
) STRICT, WITHOUT ROWID;

-- Until when a network's hours are counted.
CREATE TABLE pool_hours_counted (
  network_id TEXT NOT NULL PRIMARY KEY,
  counted_to INTEGER NOT NULL CHECK (counted_to % 3600000 = 0)
) STRICT, WITHOUT ROWID;

-- Visitors, not page views: who looks at five pages without a number is one.
ALTER TABLE blocked_sessions ADD COLUMN visitors INTEGER NOT NULL DEFAULT 0;

-- 'automatic': cooldown_s follows the measured load. What a number costs a month, if its owner has said so.
ALTER TABLE pools ADD COLUMN cooldown_mode TEXT NOT NULL DEFAULT 'fixed'
  CHECK (cooldown_mode IN ('fixed', 'automatic'));
ALTER TABLE pools ADD COLUMN number_rent_micros INTEGER CHECK (number_rent_micros >= 0);

-- Calls that reached a number of nobody's.
CREATE INDEX calls_of_nobody ON calls (network_id, started_at) WHERE campaign_id IS NULL;
