-- A call takes a slot of everything with a cap that it is sent to: a target, its group, the campaign by its terms, the
-- publisher's enrollment. The slot goes into the same write as the ring, and the database refuses one too many, so a cap
-- of N lets exactly N through however many ring at once. Days and months are those of the campaign's time zone.

CREATE TABLE cap_usage (
  scope_id TEXT NOT NULL PRIMARY KEY,
  campaign_id TEXT NOT NULL,
  network_id TEXT NOT NULL,
  hour_at INTEGER NOT NULL,               -- the beginning of the latest hour with a slot, and how many it has
  hour_used INTEGER NOT NULL,
  day TEXT NOT NULL,                      -- 'YYYY-MM-DD'
  day_used INTEGER NOT NULL,
  month TEXT NOT NULL,                    -- 'YYYY-MM'
  month_used INTEGER NOT NULL,
  total_used INTEGER NOT NULL,
  open_used INTEGER NOT NULL              -- calls that are on the line now
) STRICT;
CREATE INDEX cap_usage_by_campaign ON cap_usage (campaign_id);

CREATE TABLE cap_slots (
  call_id TEXT NOT NULL,
  scope_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('target', 'group', 'campaign', 'enrollment')),
  campaign_id TEXT NOT NULL,
  network_id TEXT NOT NULL,
  taken_at INTEGER NOT NULL,
  hour_at INTEGER NOT NULL,
  day TEXT NOT NULL,
  month TEXT NOT NULL,
  -- By what it was let in; null: no cap, or nobody could look (the database was silent).
  hourly_cap INTEGER,
  daily_cap INTEGER,
  monthly_cap INTEGER,
  total_cap INTEGER,
  concurrency_cap INTEGER,
  is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),    -- 0: not on this line any more
  is_freed INTEGER NOT NULL CHECK (is_freed IN (0, 1)),  -- 1: given back, the call did not qualify
  PRIMARY KEY (call_id, scope_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX cap_slots_by_scope ON cap_slots (scope_id, taken_at);

CREATE TRIGGER cap_slots_full BEFORE INSERT ON cap_slots
WHEN NOT EXISTS (SELECT 1 FROM cap_slots s WHERE s.call_id = NEW.call_id AND s.scope_id = NEW.scope_id)
BEGIN
  SELECT RAISE(ABORT, 'a cap is reached') FROM cap_usage u
  WHERE u.scope_id = NEW.scope_id AND (
    (u.hour_at = NEW.hour_at AND u.hour_used >= NEW.hourly_cap)
    OR (u.day = NEW.day AND u.day_used >= NEW.daily_cap)
    OR (u.month = NEW.month AND u.month_used >= NEW.monthly_cap)
    OR u.total_used >= NEW.total_cap
    OR u.open_used >= NEW.concurrency_cap
  );
END;

-- A later hour, day or month begins at nothing; a slot of an earlier one (an outage made up for) counts in none of them.
CREATE TRIGGER cap_slots_taken AFTER INSERT ON cap_slots BEGIN
  INSERT INTO cap_usage (scope_id, campaign_id, network_id, hour_at, hour_used, day, day_used, month, month_used, total_used, open_used)
  VALUES (NEW.scope_id, NEW.campaign_id, NEW.network_id, NEW.hour_at, 0, NEW.day, 0, NEW.month, 0, 0, 0)
  ON CONFLICT (scope_id) DO NOTHING;
  UPDATE cap_usage SET
    hour_used = CASE WHEN NEW.hour_at > hour_at THEN 1 WHEN NEW.hour_at = hour_at THEN hour_used + 1 ELSE hour_used END,
    hour_at = max(hour_at, NEW.hour_at),
    day_used = CASE WHEN NEW.day > day THEN 1 WHEN NEW.day = day THEN day_used + 1 ELSE day_used END,
    day = max(day, NEW.day),
    month_used = CASE WHEN NEW.month > month THEN 1 WHEN NEW.month = month THEN month_used + 1 ELSE month_used END,
    month = max(month, NEW.month),
    total_used = total_used + 1,
    open_used = open_used + NEW.is_open
  WHERE scope_id = NEW.scope_id;
END;

CREATE TRIGGER cap_slots_changed AFTER UPDATE OF is_open, is_freed ON cap_slots BEGIN
  UPDATE cap_usage SET
    hour_used = hour_used - (CASE WHEN hour_at = NEW.hour_at THEN NEW.is_freed - OLD.is_freed ELSE 0 END),
    day_used = day_used - (CASE WHEN day = NEW.day THEN NEW.is_freed - OLD.is_freed ELSE 0 END),
    month_used = month_used - (CASE WHEN month = NEW.month THEN NEW.is_freed - OLD.is_freed ELSE 0 END),
    total_used = total_used - (NEW.is_freed - OLD.is_freed),
    open_used = open_used + (NEW.is_open - OLD.is_open)
  WHERE scope_id = NEW.scope_id;
END;

-- Whoever writes the end of a call, a report or the sweep, ends its lines; whoever judges it gives slots back or takes
-- them again. Here rather than in each of them, so that none can forget it.
CREATE TRIGGER calls_end_slots AFTER UPDATE OF ended_at ON calls
WHEN NEW.ended_at IS NOT NULL AND OLD.ended_at IS NULL BEGIN
  UPDATE cap_slots SET is_open = 0 WHERE call_id = NEW.id AND is_open = 1;
END;

CREATE TRIGGER calls_free_slots AFTER UPDATE OF revenue_status, payout_status ON calls
WHEN NEW.revenue_status <> OLD.revenue_status OR NEW.payout_status <> OLD.payout_status BEGIN
  UPDATE cap_slots SET is_freed = (NEW.revenue_status IN ('rejected', 'reversed'))
  WHERE call_id = NEW.id AND kind = 'campaign' AND is_freed <> (NEW.revenue_status IN ('rejected', 'reversed'));
  UPDATE cap_slots SET is_freed = (NEW.payout_status IN ('rejected', 'reversed'))
  WHERE call_id = NEW.id AND kind = 'enrollment' AND is_freed <> (NEW.payout_status IN ('rejected', 'reversed'));
END;

-- The latest calls of a caller to a campaign: who answered last, and whether this one is a repeat.
CREATE VIEW caller_calls AS
SELECT network_id, from_hash, campaign_id, started_at, id AS call_id, target, connected_s,
  (revenue_status IN ('qualified', 'held', 'paid')) AS is_due
FROM calls WHERE from_hash IS NOT NULL AND is_test = 0;
