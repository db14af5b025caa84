-- What has to be known when a number rings, as one row for each assignment a number has had.
-- A view: it is always what inventory and campaigns say, and the routing room reads no other room's tables.

CREATE VIEW number_plans AS
SELECT n.telephony_account_id, n.e164, n.network_id, n.key AS number_key, n.retired_at AS number_retired_at,
  n.label, n.sub1, n.sub2, n.sub3, n.sub4, n.sub5,
  a.from_at, a.to_at, a.publisher_id,
  c.id AS campaign_id, c.advertiser_id, c.currency, c.timezone, c.destination_number, c.overflow, c.test_callers,
  c.paused_at, c.resume_at, c.retired_at AS campaign_retired_at,
  p.id AS pool_id, p.key AS pool_key, p.lease_ttl_s, p.cooldown_s, p.late_window_s, p.assignment_version
FROM numbers n
  JOIN number_assignments a ON a.number_key = n.key
  JOIN campaigns c ON c.id = a.campaign_id
  LEFT JOIN pools p ON p.id = a.pool_id;

-- The secrets that a provider's webhooks are checked with.
CREATE VIEW account_plans AS
SELECT id AS account_id, network_id, provider, auth_token_sealed, next_auth_token_sealed, retired_at
FROM telephony_accounts;

CREATE INDEX numbers_by_account ON numbers (telephony_account_id, e164);
CREATE INDEX numbers_in_order ON numbers (network_id, key);     -- repair goes through them page by page

-- Where a pool's latest callers came from is counted at every ring, from this index alone.
CREATE INDEX calls_by_pool ON calls (network_id, pool_id, started_at, is_test, from_region);
