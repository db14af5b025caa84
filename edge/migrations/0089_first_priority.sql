-- A target may have priority 0, the first of all: a column with the wider bound takes the place of the old one. The two
-- views that read it are made again as they were.

DROP VIEW number_plans;
DROP VIEW campaign_plans;

ALTER TABLE targets ADD COLUMN place INTEGER NOT NULL DEFAULT 1 CHECK (place BETWEEN 0 AND 1000);   -- the lower is rung first
UPDATE targets SET place = priority;
ALTER TABLE targets DROP COLUMN priority;
ALTER TABLE targets RENAME COLUMN place TO priority;

CREATE VIEW campaign_plans AS
SELECT c.id AS campaign_id, c.network_id, c.advertiser_id, c.currency, c.timezone, c.destination_number, c.overflow,
  c.test_callers, c.paused_at, c.resume_at, c.retired_at,
  (SELECT r.settings FROM campaign_routing r WHERE r.campaign_id = c.id) AS routing,
  (SELECT json_object('version', f.version, 'flow', json(f.flow)) FROM call_flows f
    WHERE f.campaign_id = c.id ORDER BY f.version DESC LIMIT 1) AS call_flow,
  (SELECT json_group_array(json_object('id', t.id, 'group_id', t.group_id, 'number', t.number, 'priority', t.priority,
      'weight', t.weight, 'timeout_s', t.timeout_s, 'hours', json(t.hours), 'regions', json(t.regions),
      'paused_at', t.paused_at, 'resume_at', t.resume_at,
      'caps', json_object('hourly', t.hourly_cap, 'daily', t.daily_cap, 'monthly', t.monthly_cap, 'total', t.total_cap, 'concurrency', t.concurrency_cap)))
    FROM targets t WHERE t.campaign_id = c.id AND t.retired_at IS NULL) AS targets,
  (SELECT json_group_array(json_object('id', g.id, 'ringing', g.ringing,
      'caps', json_object('hourly', g.hourly_cap, 'daily', g.daily_cap, 'monthly', g.monthly_cap, 'total', g.total_cap, 'concurrency', g.concurrency_cap)))
    FROM target_groups g WHERE g.campaign_id = c.id AND g.retired_at IS NULL) AS target_groups,
  -- Those in force and those to come; far more than anybody plans ahead.
  (SELECT json_group_array(json_object('version', v.version, 'effective_at', v.effective_at,
      'common', json_object('hours', v.terms -> '$.hours', 'regions', v.terms -> '$.regions', 'daily_cap', v.terms ->> '$.daily_cap', 'monthly_cap', v.terms ->> '$.monthly_cap', 'concurrency_cap', v.terms ->> '$.concurrency_cap'),
      'revenue', json_object('hours', v.terms -> '$.revenue.hours', 'regions', v.terms -> '$.revenue.regions', 'daily_cap', v.terms ->> '$.revenue.daily_cap', 'monthly_cap', v.terms ->> '$.revenue.monthly_cap', 'concurrency_cap', v.terms ->> '$.revenue.concurrency_cap'),
      'payout', json_object('hours', v.terms -> '$.payout.hours', 'regions', v.terms -> '$.payout.regions', 'daily_cap', v.terms ->> '$.payout.daily_cap', 'monthly_cap', v.terms ->> '$.payout.monthly_cap', 'concurrency_cap', v.terms ->> '$.payout.concurrency_cap')))
    FROM (SELECT version, effective_at, terms FROM campaign_terms
      WHERE campaign_id = c.id ORDER BY effective_at DESC, version DESC LIMIT 20) v) AS terms,
  (SELECT json_group_array(json_object('scope_id', u.scope_id, 'hour_at', u.hour_at, 'hour_used', u.hour_used, 'day', u.day, 'day_used', u.day_used,
      'month', u.month, 'month_used', u.month_used, 'total_used', u.total_used, 'open_used', u.open_used))
    FROM cap_usage u WHERE u.campaign_id = c.id) AS usage
FROM campaigns c;

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
