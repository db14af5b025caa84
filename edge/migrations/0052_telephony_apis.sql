-- How an account's provider is asked through its API, whose account it is, and what its reports are worth.

CREATE TABLE telephony_apis (
  telephony_account_id TEXT NOT NULL PRIMARY KEY REFERENCES telephony_accounts (id),
  network_id TEXT NOT NULL,
  organization_id TEXT REFERENCES organizations (id),   -- whose account it is; null: the network's own
  reports_pay_until INTEGER,              -- calls that began before are paid on the account's word alone; null: all are, 0: none
  api_token_sealed TEXT,                  -- null: the account's auth token opens the API too, where the provider has one for both
  api_space TEXT,                         -- SignalWire: the host of the space
  fallback_url TEXT,                      -- answers calls when we do not; lives outside of this platform
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A call is marked when whoever reports it could have made it up; it counts once the provider's own records confirm it.
ALTER TABLE calls ADD COLUMN self_reported INTEGER NOT NULL DEFAULT 0 CHECK (self_reported IN (0, 1));
ALTER TABLE calls ADD COLUMN confirmed_at INTEGER;
CREATE INDEX calls_unconfirmed ON calls (network_id, telephony_account_id, started_at)
  WHERE self_reported = 1 AND confirmed_at IS NULL;

DROP VIEW account_plans;
CREATE VIEW account_plans AS
SELECT t.id AS account_id, t.network_id, t.provider, t.auth_token_sealed, t.next_auth_token_sealed, t.retired_at,
  a.organization_id IS NOT NULL OR a.reports_pay_until IS NOT NULL AS self_reported
FROM telephony_accounts t LEFT JOIN telephony_apis a ON a.telephony_account_id = t.id;
