-- A session row is a lease row, copied from the Pool object that made it.
-- The key is what the session's id encodes, so flushing twice changes nothing.

CREATE TABLE sessions (
  number_key INTEGER NOT NULL,
  leased_at INTEGER NOT NULL,
  network_id TEXT NOT NULL,
  pool_id TEXT NOT NULL,
  site_id TEXT NOT NULL,
  revision INTEGER NOT NULL,              -- the Pool's commit count when this state was written
  expires_at INTEGER NOT NULL,
  held_until INTEGER NOT NULL,            -- nobody else is shown the number before: expiry and cool-down, or the next touch
  last_seen_at INTEGER NOT NULL,
  closed_at INTEGER,
  visitor TEXT,
  landing_url TEXT NOT NULL,
  landing_path TEXT NOT NULL,
  referrer TEXT NOT NULL,
  source TEXT NOT NULL,
  medium TEXT NOT NULL,
  campaign TEXT NOT NULL,
  term TEXT NOT NULL,
  content TEXT NOT NULL,
  channel TEXT NOT NULL,
  click_ids TEXT NOT NULL,                -- JSON object
  device TEXT NOT NULL CHECK (device IN ('mobile', 'desktop')),
  country TEXT,
  region TEXT,
  publisher_id TEXT,                      -- proven by number or site when the page was viewed
  publisher_proof TEXT NOT NULL CHECK (publisher_proof IN ('number', 'site', 'click_token', 'none')),
  click_link TEXT,                        -- link and nonce of a click token; who it proves is decided at settlement
  click_nonce TEXT,
  data TEXT NOT NULL,                     -- JSON object: the page's custom data
  tel_clicks TEXT NOT NULL,               -- JSON list of moments
  PRIMARY KEY (number_key, leased_at),
  CHECK (held_until >= leased_at AND expires_at >= leased_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_network ON sessions (network_id, leased_at);

-- Only the nearest earlier and later session can overlap, so only these are compared.
CREATE TRIGGER sessions_no_overlap_insert BEFORE INSERT ON sessions
WHEN coalesce((SELECT s.held_until > NEW.leased_at FROM sessions s
       WHERE s.number_key = NEW.number_key AND s.leased_at < NEW.leased_at ORDER BY s.leased_at DESC LIMIT 1), 0)
  OR coalesce((SELECT NEW.held_until > s.leased_at FROM sessions s
       WHERE s.number_key = NEW.number_key AND s.leased_at > NEW.leased_at ORDER BY s.leased_at LIMIT 1), 0)
BEGIN SELECT RAISE(ABORT, 'two sessions would hold one number'); END;
CREATE TRIGGER sessions_no_overlap_update BEFORE UPDATE ON sessions
WHEN NEW.number_key <> OLD.number_key OR NEW.leased_at <> OLD.leased_at OR NEW.network_id <> OLD.network_id
  OR coalesce((SELECT NEW.held_until > s.leased_at FROM sessions s
       WHERE s.number_key = NEW.number_key AND s.leased_at > NEW.leased_at ORDER BY s.leased_at LIMIT 1), 0)
BEGIN SELECT RAISE(ABORT, 'two sessions would hold one number'); END;

-- Page views that got no number of their own, by hour, site and reason: counted, nothing personal kept.
CREATE TABLE blocked_sessions (
  network_id TEXT NOT NULL,
  hour_at INTEGER NOT NULL,
  site_id TEXT NOT NULL,
  pool_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  blocked INTEGER NOT NULL,
  PRIMARY KEY (network_id, hour_at, site_id, reason)
) STRICT, WITHOUT ROWID;
