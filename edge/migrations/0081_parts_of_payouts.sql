-- Of a payout that several publishers share: what each one's verdict says of its part, and the same part of what the
-- advertiser owes, copied where a publisher's calls are found. Null where nothing is shared: then the call's row says it.

ALTER TABLE call_shares ADD COLUMN payout_status TEXT
  CHECK (payout_status IN ('pending', 'qualified', 'held', 'paid', 'rejected', 'reversed'));
ALTER TABLE call_shares ADD COLUMN payout_micros INTEGER;
ALTER TABLE call_shares ADD COLUMN revenue_micros INTEGER;
ALTER TABLE call_shares ADD COLUMN reject_reason TEXT;
CREATE INDEX call_shares_of_payouts ON call_shares (publisher_id, started_at) WHERE payout_status IS NOT NULL;

-- Calls that were judged before: the verdicts in force. What is left of cut parts of the revenue is the first one's.
WITH parts AS MATERIALIZED (
  SELECT c.id AS call_id, p.value ->> 'organization_id' AS publisher_id, p.key AS place,
    p.value ->> 'status' AS status, p.value ->> 'amount_micros' AS payout_micros,
    c.revenue_micros AS whole_micros, CAST(c.revenue_micros * (p.value ->> 'part') AS INTEGER) AS cut_micros,
    CASE WHEN p.value ->> 'status' IN ('rejected', 'reversed') THEN (
      SELECT r.value ->> 'rule' FROM json_each(p.value, '$.rules') r
      WHERE r.value ->> 'passed' = 0 AND coalesce(r.value ->> 'pending', 0) = 0 ORDER BY r.key LIMIT 1) END AS reject_reason
  FROM verdicts v JOIN calls c ON c.id = v.call_id, json_each(v.shares) p
  WHERE v.side = 'payout' AND v.shares IS NOT NULL
    AND v.version = (SELECT max(l.version) FROM verdicts l WHERE l.call_id = v.call_id AND l.side = 'payout'))
UPDATE call_shares SET payout_status = p.status, payout_micros = p.payout_micros, reject_reason = p.reject_reason,
  revenue_micros = CASE WHEN p.place > 0 THEN p.cut_micros ELSE p.whole_micros - (
    SELECT coalesce(sum(o.cut_micros), 0) FROM parts o WHERE o.call_id = p.call_id AND o.place > 0) END
FROM parts p WHERE call_shares.call_id = p.call_id AND call_shares.publisher_id = p.publisher_id;
