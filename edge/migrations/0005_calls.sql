-- Calls: append-only events, and the call folded from them.

CREATE TABLE call_events (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  call_id TEXT NOT NULL,
  seq INTEGER NOT NULL,                   -- 1, 2, 3 … within the call: whoever writes the same seq twice has lost the race and reads again
  telephony_account_id TEXT NOT NULL,
  event_key TEXT NOT NULL,                -- from signed fields: the same report delivered twice is one event
  received_at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  event TEXT NOT NULL,                    -- JSON, provider-free; caller number sealed
  UNIQUE (call_id, seq),
  UNIQUE (telephony_account_id, event_key)
) STRICT;
CREATE TRIGGER call_events_no_update BEFORE UPDATE ON call_events BEGIN SELECT RAISE(ABORT, 'call events are append-only'); END;
CREATE TRIGGER call_events_no_delete BEFORE DELETE ON call_events BEGIN SELECT RAISE(ABORT, 'call events are append-only'); END;

CREATE TABLE calls (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  telephony_account_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  provider_call_id TEXT NOT NULL,
  seq INTEGER NOT NULL,                   -- the last event folded in
  -- what happened
  status TEXT NOT NULL CHECK (status IN ('ringing', 'answered', 'completed', 'no_answer', 'busy', 'failed', 'canceled', 'rejected')),
  disposition TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  answered_at INTEGER,
  ended_at INTEGER,
  duration_s INTEGER,
  connected_s INTEGER,
  leg_reported_at INTEGER,                -- the dialled leg's final report; nothing is booked before
  target TEXT,
  legs TEXT NOT NULL DEFAULT '[]',        -- JSON
  from_sealed TEXT,                       -- null: hidden or invalid
  from_hash TEXT,                         -- keyed, per network
  from_country TEXT,
  from_area_code TEXT,
  from_region TEXT,
  to_e164 TEXT NOT NULL,
  number_key INTEGER,
  -- who it is for
  campaign_id TEXT,
  advertiser_id TEXT,
  pool_id TEXT,
  label TEXT,
  sub1 TEXT, sub2 TEXT, sub3 TEXT, sub4 TEXT, sub5 TEXT,
  is_test INTEGER NOT NULL DEFAULT 0 CHECK (is_test IN (0, 1)),
  -- the attribution in force, copied so that a report joins nothing
  attribution_version INTEGER NOT NULL DEFAULT 0,
  method TEXT NOT NULL DEFAULT 'none' CHECK (method IN ('lease', 'late_lease', 'static_number', 'none')),
  confidence REAL NOT NULL DEFAULT 0,
  publisher_id TEXT,
  publisher_confidence REAL NOT NULL DEFAULT 0,
  publisher_proof TEXT NOT NULL DEFAULT 'none' CHECK (publisher_proof IN ('number', 'site', 'click_token', 'none')),
  session_id TEXT,
  lease_id TEXT,
  site_id TEXT,
  source TEXT, medium TEXT, campaign TEXT, term TEXT, content TEXT, channel TEXT, landing_path TEXT,
  session TEXT,                           -- JSON: the session as it was joined
  -- the two judgements in force
  revenue_status TEXT NOT NULL DEFAULT 'pending',
  revenue_micros INTEGER NOT NULL DEFAULT 0,
  payout_status TEXT NOT NULL DEFAULT 'pending',
  payout_micros INTEGER NOT NULL DEFAULT 0,
  currency TEXT,
  reject_reason TEXT,                     -- the first failed rule of the payout, else of the revenue
  is_duplicate INTEGER NOT NULL DEFAULT 0 CHECK (is_duplicate IN (0, 1)),
  held_until INTEGER,
  UNIQUE (telephony_account_id, provider_call_id)
) STRICT;
CREATE INDEX calls_by_network ON calls (network_id, started_at, id);
CREATE INDEX calls_by_publisher ON calls (publisher_id, started_at) WHERE publisher_id IS NOT NULL;
CREATE INDEX calls_by_advertiser ON calls (advertiser_id, started_at) WHERE advertiser_id IS NOT NULL;
CREATE INDEX calls_by_caller ON calls (network_id, from_hash, started_at) WHERE from_hash IS NOT NULL;
CREATE INDEX calls_open ON calls (network_id, started_at) WHERE ended_at IS NULL OR leg_reported_at IS NULL;
CREATE INDEX calls_held ON calls (network_id, held_until) WHERE held_until IS NOT NULL;

-- What the pool knew about the number when the phone rang. Attribution and every replay read this.
CREATE TABLE candidate_snapshots (
  call_id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  taken_at INTEGER NOT NULL,
  asked_later INTEGER NOT NULL DEFAULT 0 CHECK (asked_later IN (0, 1)),  -- 1: asked as of the start, after the fact
  snapshot TEXT NOT NULL,                 -- JSON
  sessions TEXT NOT NULL                  -- JSON: the sessions of the candidates, by id
) STRICT;
CREATE TRIGGER candidate_snapshots_no_update BEFORE UPDATE ON candidate_snapshots BEGIN SELECT RAISE(ABORT, 'snapshots are frozen'); END;
CREATE TRIGGER candidate_snapshots_no_delete BEFORE DELETE ON candidate_snapshots BEGIN SELECT RAISE(ABORT, 'snapshots are frozen'); END;

CREATE TABLE attributions (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  call_id TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  corrects_id TEXT,
  reason TEXT NOT NULL,                   -- 'first', or what came late
  model_version TEXT NOT NULL,
  attribution TEXT NOT NULL,              -- JSON: method, candidates, evidence, publishers
  created_at INTEGER NOT NULL,
  UNIQUE (call_id, version)
) STRICT;
CREATE TRIGGER attributions_no_update BEFORE UPDATE ON attributions BEGIN SELECT RAISE(ABORT, 'attributions are append-only'); END;
CREATE TRIGGER attributions_no_delete BEFORE DELETE ON attributions BEGIN SELECT RAISE(ABORT, 'attributions are append-only'); END;
