-- Disputes about what is owed or earned for a call, and what the network decided of them. Facts: what follows for money
-- the judgement reads from them.

CREATE TABLE disputes (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  call_id TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('revenue', 'payout')),
  claim TEXT NOT NULL CHECK (claim IN ('reverse', 'restore')),  -- money is not due that was booked, or a payout is due
  opened_by TEXT NOT NULL CHECK (opened_by IN ('network', 'advertiser', 'publisher')),
  organization_id TEXT NOT NULL,          -- who opened it
  advertiser_id TEXT NOT NULL,            -- whose call it was then: it binds no other advertiser's line
  publisher_id TEXT,                      -- whose payout it is about; null for whoever earns
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  revenue_micros INTEGER NOT NULL CHECK (revenue_micros >= 0),  -- what was due for the call then
  payout_micros INTEGER NOT NULL CHECK (payout_micros >= 0),
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  actor TEXT NOT NULL,                    -- an api key's id or a user's
  opened_at INTEGER NOT NULL,
  CHECK (claim = 'reverse' OR side = 'payout')
) STRICT;
CREATE INDEX disputes_by_network ON disputes (network_id, opened_at, id);
CREATE INDEX disputes_by_call ON disputes (call_id);

CREATE TABLE dispute_decisions (
  dispute_id TEXT NOT NULL PRIMARY KEY,   -- a dispute is decided once
  network_id TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('accepted', 'partial', 'declined')),
  advertiser_credit_micros INTEGER NOT NULL CHECK (advertiser_credit_micros >= 0),
  publisher_debit_micros INTEGER NOT NULL CHECK (publisher_debit_micros >= 0),
  note TEXT NOT NULL,
  actor TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  CHECK (decision <> 'declined' OR advertiser_credit_micros + publisher_debit_micros = 0)
) STRICT;

CREATE TRIGGER disputes_no_update BEFORE UPDATE ON disputes BEGIN SELECT RAISE(ABORT, 'disputes are append-only'); END;
CREATE TRIGGER disputes_no_delete BEFORE DELETE ON disputes BEGIN SELECT RAISE(ABORT, 'disputes are append-only'); END;
CREATE TRIGGER disputes_no_replacement BEFORE INSERT ON disputes
WHEN EXISTS (SELECT 1 FROM disputes f WHERE f.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: disputes has this key already'); END;
CREATE TRIGGER dispute_decisions_no_update BEFORE UPDATE ON dispute_decisions BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER dispute_decisions_no_delete BEFORE DELETE ON dispute_decisions BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER dispute_decisions_no_replacement BEFORE INSERT ON dispute_decisions
WHEN EXISTS (SELECT 1 FROM dispute_decisions f WHERE f.dispute_id = NEW.dispute_id)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: dispute_decisions has this key already'); END;

-- One open dispute for a call and side. Said in the words of a unique index: who comes second looks again.
CREATE TRIGGER disputes_one_open BEFORE INSERT ON disputes
WHEN EXISTS (SELECT 1 FROM disputes d WHERE d.call_id = NEW.call_id AND d.side = NEW.side
  AND NOT EXISTS (SELECT 1 FROM dispute_decisions x WHERE x.dispute_id = d.id))
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: this side of the call is disputed already'); END;

-- What a decision takes off stands beside the charge or payout: once on each side until it is reversed …
CREATE TRIGGER ledger_adjustments_one_in_force BEFORE INSERT ON ledger_transactions
WHEN NEW.kind = 'adjustment' AND NEW.call_id IS NOT NULL AND EXISTS (
  SELECT 1 FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
  WHERE t.call_id = NEW.call_id AND t.kind = 'adjustment' AND e.account IN ('receivable', 'payable')
    AND e.account IN (SELECT n.account FROM ledger_entries n WHERE n.transaction_id = NEW.id)
    AND NOT EXISTS (SELECT 1 FROM ledger_transactions r WHERE r.reverses_id = t.id))
BEGIN SELECT RAISE(ABORT, 'this call is booked already'); END;
-- … and never more than is booked: nobody is owed money for a call that he owes for, nor owes for one that he earns by.
CREATE TRIGGER ledger_adjustments_within_booked BEFORE INSERT ON ledger_transactions
WHEN NEW.kind = 'adjustment' AND NEW.call_id IS NOT NULL AND EXISTS (
  SELECT 1 FROM ledger_entries n WHERE n.transaction_id = NEW.id AND n.account IN ('receivable', 'payable')
    AND (n.amount_micros + coalesce((
      SELECT sum(e.amount_micros) FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
      WHERE t.call_id = NEW.call_id AND t.currency = NEW.currency AND e.account = n.account
        AND e.organization_id = n.organization_id), 0)
    ) * CASE n.account WHEN 'receivable' THEN 1 ELSE -1 END < 0)
BEGIN SELECT RAISE(ABORT, 'an adjustment goes beyond what is booked'); END;
