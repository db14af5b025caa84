-- `INSERT OR REPLACE` removes the row that is in its way, and no trigger sees that (recursive_triggers is off). So whoever
-- takes a key that is taken is refused before: in the words of the unique index, which is what a plain INSERT hears too.

CREATE TRIGGER audit_log_no_replacement BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log f WHERE f.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_log has this key already'); END;

CREATE TRIGGER campaign_terms_no_replacement BEFORE INSERT ON campaign_terms
WHEN EXISTS (SELECT 1 FROM campaign_terms f WHERE f.id = NEW.id)
  OR EXISTS (SELECT 1 FROM campaign_terms f WHERE f.campaign_id = NEW.campaign_id AND f.version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: campaign_terms has this key already'); END;

CREATE TRIGGER enrollment_versions_no_replacement BEFORE INSERT ON enrollment_versions
WHEN EXISTS (SELECT 1 FROM enrollment_versions f WHERE f.id = NEW.id)
  OR EXISTS (SELECT 1 FROM enrollment_versions f WHERE f.enrollment_id = NEW.enrollment_id AND f.version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: enrollment_versions has this key already'); END;

CREATE TRIGGER call_flows_no_replacement BEFORE INSERT ON call_flows
WHEN EXISTS (SELECT 1 FROM call_flows f WHERE f.id = NEW.id)
  OR EXISTS (SELECT 1 FROM call_flows f WHERE f.campaign_id = NEW.campaign_id AND f.version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: call_flows has this key already'); END;

CREATE TRIGGER number_assignments_no_replacement BEFORE INSERT ON number_assignments
WHEN EXISTS (SELECT 1 FROM number_assignments f WHERE f.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: number_assignments has this key already'); END;

CREATE TRIGGER tracking_links_no_replacement BEFORE INSERT ON tracking_links
WHEN EXISTS (SELECT 1 FROM tracking_links f WHERE f.id = NEW.id)
  OR EXISTS (SELECT 1 FROM tracking_links f WHERE f.key = NEW.key)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: tracking_links has this key already'); END;

CREATE TRIGGER call_events_no_replacement BEFORE INSERT ON call_events
WHEN EXISTS (SELECT 1 FROM call_events f WHERE f.id = NEW.id)
  OR EXISTS (SELECT 1 FROM call_events f WHERE f.call_id = NEW.call_id AND f.seq = NEW.seq)
  OR EXISTS (SELECT 1 FROM call_events f WHERE f.telephony_account_id = NEW.telephony_account_id AND f.event_key = NEW.event_key)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: call_events has this key already'); END;

CREATE TRIGGER attributions_no_replacement BEFORE INSERT ON attributions
WHEN EXISTS (SELECT 1 FROM attributions f WHERE f.id = NEW.id)
  OR EXISTS (SELECT 1 FROM attributions f WHERE f.call_id = NEW.call_id AND f.version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: attributions has this key already'); END;

CREATE TRIGGER snapshot_corrections_no_replacement BEFORE INSERT ON snapshot_corrections
WHEN EXISTS (SELECT 1 FROM snapshot_corrections f WHERE f.call_id = NEW.call_id AND f.version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: snapshot_corrections has this key already'); END;

CREATE TRIGGER verdicts_no_replacement BEFORE INSERT ON verdicts
WHEN EXISTS (SELECT 1 FROM verdicts f WHERE f.id = NEW.id)
  OR EXISTS (SELECT 1 FROM verdicts f WHERE f.call_id = NEW.call_id AND f.side = NEW.side AND f.version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: verdicts has this key already'); END;

CREATE TRIGGER ledger_transactions_no_replacement BEFORE INSERT ON ledger_transactions
WHEN EXISTS (SELECT 1 FROM ledger_transactions f WHERE f.id = NEW.id)
  OR EXISTS (SELECT 1 FROM ledger_transactions f WHERE f.reverses_id = NEW.reverses_id)
  OR EXISTS (SELECT 1 FROM ledger_transactions f WHERE f.posting_key = NEW.posting_key)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: ledger_transactions has this key already'); END;

CREATE TRIGGER attribution_models_no_replacement BEFORE INSERT ON attribution_models
WHEN EXISTS (SELECT 1 FROM attribution_models f WHERE f.version = NEW.version)
  OR EXISTS (SELECT 1 FROM attribution_models f WHERE f.pool_id = NEW.pool_id AND f.to_at = NEW.to_at)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: attribution_models has this key already'); END;

-- Written "unless it is there": what is there stays, and the write it is part of goes on.

CREATE TRIGGER candidate_snapshots_no_replacement BEFORE INSERT ON candidate_snapshots
WHEN EXISTS (SELECT 1 FROM candidate_snapshots f WHERE f.call_id = NEW.call_id)
BEGIN SELECT RAISE(IGNORE); END;

CREATE TRIGGER signals_no_replacement BEFORE INSERT ON signals
WHEN EXISTS (SELECT 1 FROM signals f WHERE f.id = NEW.id)
  OR EXISTS (SELECT 1 FROM signals f WHERE f.call_id = NEW.call_id AND f.name = NEW.name AND f.value = NEW.value AND f.occurred_at = NEW.occurred_at)
BEGIN SELECT RAISE(IGNORE); END;
