-- Outgoing webhooks: whose server is told of what, what is still to be told, and what became of each message.

CREATE TABLE webhooks (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  organization_kind TEXT NOT NULL CHECK (organization_kind IN ('network', 'advertiser', 'publisher')),
  url TEXT NOT NULL,
  method TEXT NOT NULL CHECK (method IN ('POST', 'GET')),
  events TEXT NOT NULL,                   -- JSON: a list of event types
  statuses TEXT,                          -- JSON: of a judgement only when it comes to stand so; null: always
  description TEXT,
  status TEXT NOT NULL CHECK (status IN ('enabled', 'disabled')),
  secret_sealed TEXT NOT NULL,
  secret_before_sealed TEXT,              -- signs beside the other until …
  secret_before_until INTEGER,
  failing_since INTEGER,
  last_delivered_at INTEGER,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  CHECK (retired_at IS NULL OR status = 'disabled')
) STRICT;
CREATE INDEX webhooks_by_network ON webhooks (network_id, id);
CREATE INDEX webhooks_enabled ON webhooks (network_id) WHERE status = 'enabled';

-- What happened and is not yet made into messages. Triggers write it with the fact itself, so no fact goes without;
-- of what happens again meanwhile one mark is enough, for a message says how things stand when it is made.
CREATE TABLE webhook_marks (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- never used again: with its count it names what was told
  network_id TEXT NOT NULL,
  type TEXT NOT NULL,
  subject_id TEXT NOT NULL,               -- a call's or a dispute's
  occurred_at INTEGER NOT NULL,
  count INTEGER NOT NULL DEFAULT 1,
  UNIQUE (type, subject_id)
) STRICT;
CREATE INDEX webhook_marks_by_network ON webhook_marks (network_id, id);

CREATE TABLE webhook_deliveries (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  mark TEXT NOT NULL,                     -- the mark and its count; of a test the delivery's own id
  type TEXT NOT NULL,
  call_id TEXT,
  dispute_id TEXT,
  occurred_at INTEGER NOT NULL,
  body_sealed TEXT NOT NULL,              -- it may hold a caller's number
  fingerprint TEXT NOT NULL,              -- of what it says: the same is not said twice in a row
  status TEXT NOT NULL CHECK (status IN ('waiting', 'delivered', 'failed')),
  attempts TEXT NOT NULL,                 -- JSON: when, what was answered, how long it took
  next_at INTEGER,
  queued_at INTEGER NOT NULL,             -- when it was made, or asked for again: from then on it is tried for so long
  created_at INTEGER NOT NULL,
  UNIQUE (webhook_id, mark),
  CHECK ((status = 'waiting') = (next_at IS NOT NULL))
) STRICT;
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, created_at, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_at) WHERE status = 'waiting';
CREATE INDEX webhook_deliveries_by_call ON webhook_deliveries (call_id, webhook_id, id) WHERE call_id IS NOT NULL;
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (network_id, created_at);

CREATE TRIGGER calls_tell_started AFTER INSERT ON calls
WHEN EXISTS (SELECT 1 FROM webhooks WHERE network_id = NEW.network_id AND status = 'enabled')
BEGIN
  INSERT INTO webhook_marks (network_id, type, subject_id, occurred_at)
  VALUES (NEW.network_id, 'call.started', NEW.id, NEW.started_at)
  ON CONFLICT (type, subject_id) DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER calls_tell_ended_at_once AFTER INSERT ON calls
WHEN NEW.ended_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM webhooks WHERE network_id = NEW.network_id AND status = 'enabled')
BEGIN
  INSERT INTO webhook_marks (network_id, type, subject_id, occurred_at)
  VALUES (NEW.network_id, 'call.ended', NEW.id, NEW.ended_at)
  ON CONFLICT (type, subject_id) DO UPDATE SET count = count + 1, occurred_at = excluded.occurred_at;
END;

CREATE TRIGGER calls_tell_ended AFTER UPDATE OF ended_at ON calls
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM webhooks WHERE network_id = NEW.network_id AND status = 'enabled')
BEGIN
  INSERT INTO webhook_marks (network_id, type, subject_id, occurred_at)
  VALUES (NEW.network_id, 'call.ended', NEW.id, NEW.ended_at)
  ON CONFLICT (type, subject_id) DO UPDATE SET count = count + 1, occurred_at = excluded.occurred_at;
END;

CREATE TRIGGER call_events_tell_recorded AFTER INSERT ON call_events
WHEN NEW.kind = 'recorded'
  AND EXISTS (SELECT 1 FROM webhooks WHERE network_id = NEW.network_id AND status = 'enabled')
BEGIN
  INSERT INTO webhook_marks (network_id, type, subject_id, occurred_at)
  VALUES (NEW.network_id, 'call.recorded', NEW.call_id, NEW.received_at)
  ON CONFLICT (type, subject_id) DO UPDATE SET count = count + 1, occurred_at = excluded.occurred_at;
END;

CREATE TRIGGER verdicts_tell AFTER INSERT ON verdicts
WHEN EXISTS (SELECT 1 FROM webhooks WHERE network_id = NEW.network_id AND status = 'enabled')
BEGIN
  INSERT INTO webhook_marks (network_id, type, subject_id, occurred_at)
  VALUES (NEW.network_id, 'call.judged', NEW.call_id, NEW.created_at)
  ON CONFLICT (type, subject_id) DO UPDATE SET count = count + 1, occurred_at = excluded.occurred_at;
END;

CREATE TRIGGER attributions_tell AFTER INSERT ON attributions
WHEN EXISTS (SELECT 1 FROM webhooks WHERE network_id = NEW.network_id AND status = 'enabled')
BEGIN
  INSERT INTO webhook_marks (network_id, type, subject_id, occurred_at)
  VALUES (NEW.network_id, 'call.judged', NEW.call_id, NEW.created_at)
  ON CONFLICT (type, subject_id) DO UPDATE SET count = count + 1, occurred_at = excluded.occurred_at;
END;

CREATE TRIGGER disputes_tell AFTER INSERT ON disputes
WHEN EXISTS (SELECT 1 FROM webhooks WHERE network_id = NEW.network_id AND status = 'enabled')
BEGIN
  INSERT INTO webhook_marks (network_id, type, subject_id, occurred_at)
  VALUES (NEW.network_id, 'dispute.opened', NEW.id, NEW.opened_at)
  ON CONFLICT (type, subject_id) DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER dispute_decisions_tell AFTER INSERT ON dispute_decisions
WHEN EXISTS (SELECT 1 FROM webhooks WHERE network_id = NEW.network_id AND status = 'enabled')
BEGIN
  INSERT INTO webhook_marks (network_id, type, subject_id, occurred_at)
  VALUES (NEW.network_id, 'dispute.decided', NEW.dispute_id, NEW.decided_at)
  ON CONFLICT (type, subject_id) DO UPDATE SET count = count + 1;
END;
