-- Judgements and money. Entries first, the sealing header last: its trigger demands a zero sum,
-- and nothing may join a sealed transaction. Reads join the header, so unsealed entries do not exist.

CREATE TABLE verdicts (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  call_id TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('revenue', 'payout')),
  version INTEGER NOT NULL CHECK (version >= 1),
  status TEXT NOT NULL CHECK (status IN ('pending', 'qualified', 'held', 'paid', 'rejected', 'reversed')),
  organization_id TEXT,                   -- who owes, who earns
  terms_version INTEGER,
  amount_micros INTEGER NOT NULL,
  rules TEXT NOT NULL,                    -- JSON: every rule considered, with its result
  created_at INTEGER NOT NULL,
  UNIQUE (call_id, side, version)
) STRICT;
CREATE TRIGGER verdicts_no_update BEFORE UPDATE ON verdicts BEGIN SELECT RAISE(ABORT, 'verdicts are append-only'); END;
CREATE TRIGGER verdicts_no_delete BEFORE DELETE ON verdicts BEGIN SELECT RAISE(ABORT, 'verdicts are append-only'); END;

CREATE TABLE ledger_entries (
  transaction_id TEXT NOT NULL,
  line INTEGER NOT NULL CHECK (line >= 1),
  account TEXT NOT NULL CHECK (account IN ('receivable', 'payable', 'margin', 'clearing')),
  organization_id TEXT NOT NULL,
  amount_micros INTEGER NOT NULL CHECK (amount_micros <> 0),   -- debit positive
  PRIMARY KEY (transaction_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_entries_by_organization ON ledger_entries (organization_id, transaction_id);

CREATE TABLE ledger_transactions (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  call_id TEXT,
  kind TEXT NOT NULL CHECK (kind IN ('charge', 'payout', 'reversal', 'adjustment')),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  terms_version INTEGER,
  reverses_id TEXT UNIQUE REFERENCES ledger_transactions (id),  -- a transaction is reversed at most once
  posting_key TEXT NOT NULL UNIQUE,       -- natural key: 'cal_…/payout/1' cannot be booked twice
  reason TEXT NOT NULL,
  posted_at INTEGER NOT NULL,
  CHECK ((kind = 'reversal') = (reverses_id IS NOT NULL))
) STRICT;
CREATE INDEX ledger_transactions_by_call ON ledger_transactions (call_id) WHERE call_id IS NOT NULL;
CREATE INDEX ledger_transactions_by_time ON ledger_transactions (network_id, posted_at, id);

CREATE TRIGGER ledger_transactions_balanced BEFORE INSERT ON ledger_transactions
WHEN (SELECT count(*) FROM ledger_entries e WHERE e.transaction_id = NEW.id) < 2
  OR (SELECT sum(e.amount_micros) FROM ledger_entries e WHERE e.transaction_id = NEW.id) <> 0
BEGIN SELECT RAISE(ABORT, 'a transaction must balance'); END;
-- One charge and one payout in force per call: a second one needs the first one's reversal.
CREATE TRIGGER ledger_transactions_one_in_force BEFORE INSERT ON ledger_transactions
WHEN NEW.kind IN ('charge', 'payout') AND EXISTS (
  SELECT 1 FROM ledger_transactions t WHERE t.call_id = NEW.call_id AND t.kind = NEW.kind
    AND NOT EXISTS (SELECT 1 FROM ledger_transactions r WHERE r.reverses_id = t.id))
BEGIN SELECT RAISE(ABORT, 'this call is booked already'); END;
CREATE TRIGGER ledger_entries_not_into_sealed BEFORE INSERT ON ledger_entries
WHEN EXISTS (SELECT 1 FROM ledger_transactions t WHERE t.id = NEW.transaction_id)
BEGIN SELECT RAISE(ABORT, 'the transaction is sealed'); END;
CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_transactions_no_update BEFORE UPDATE ON ledger_transactions BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_transactions_no_delete BEFORE DELETE ON ledger_transactions BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
