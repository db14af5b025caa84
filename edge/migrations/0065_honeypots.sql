-- A honeypot is a number that no person is shown, only programs that read pages: who calls it copied it from there.
-- That a number is one is part of its assignment, so a call is read with what the number was at its moment.

ALTER TABLE number_assignments ADD COLUMN is_honeypot INTEGER NOT NULL DEFAULT 0
  CHECK (is_honeypot IN (0, 1) AND (is_honeypot = 0 OR (pool_id IS NULL AND publisher_id IS NULL)));
ALTER TABLE number_rests ADD COLUMN is_honeypot INTEGER NOT NULL DEFAULT 0
  CHECK (is_honeypot IN (0, 1) AND (is_honeypot = 0 OR (pool_id IS NULL AND publisher_id IS NULL)));
ALTER TABLE calls ADD COLUMN is_honeypot INTEGER NOT NULL DEFAULT 0 CHECK (is_honeypot IN (0, 1));

DROP TRIGGER number_assignments_close_only;
CREATE TRIGGER number_assignments_close_only BEFORE UPDATE ON number_assignments
WHEN OLD.to_at IS NOT NULL OR NEW.to_at IS NULL OR NEW.id <> OLD.id OR NEW.number_key <> OLD.number_key
  OR NEW.from_at <> OLD.from_at OR NEW.campaign_id <> OLD.campaign_id
  OR NEW.pool_id IS NOT OLD.pool_id OR NEW.publisher_id IS NOT OLD.publisher_id OR NEW.is_honeypot <> OLD.is_honeypot
BEGIN SELECT RAISE(ABORT, 'an assignment may only be closed, once'); END;

-- A page waits for which honeypot its site shows.
CREATE INDEX number_assignments_honeypots ON number_assignments (campaign_id) WHERE is_honeypot = 1 AND to_at IS NULL;

-- Who called one, and when first. Such calls are few.
CREATE INDEX calls_to_honeypots ON calls (network_id, from_hash, started_at) WHERE is_honeypot = 1;

DROP VIEW number_plans;
CREATE VIEW number_plans AS
SELECT n.telephony_account_id, n.e164, n.network_id, n.key AS number_key, n.retired_at AS number_retired_at,
  n.paused_at AS number_paused_at, n.resume_at AS number_resume_at,
  n.label, n.sub1, n.sub2, n.sub3, n.sub4, n.sub5,
  a.from_at, a.to_at, a.publisher_id, a.is_honeypot,
  c.campaign_id, c.advertiser_id, c.currency, c.timezone, c.destination_number, c.overflow, c.test_callers,
  c.paused_at, c.resume_at, c.retired_at AS campaign_retired_at,
  c.routing, c.call_flow, c.targets, c.target_groups, c.terms, c.usage,
  p.id AS pool_id, p.key AS pool_key, p.lease_ttl_s, p.cooldown_s, p.late_window_s, p.assignment_version,
  e.enrollment_id, e.paused_at AS enrollment_paused_at, e.resume_at AS enrollment_resume_at, e.versions AS enrollment_versions
FROM numbers n
  JOIN number_assignments a ON a.number_key = n.key
  JOIN campaign_plans c ON c.campaign_id = a.campaign_id
  LEFT JOIN pools p ON p.id = a.pool_id
  LEFT JOIN enrollment_plans e ON e.campaign_id = a.campaign_id AND e.publisher_id = a.publisher_id;
