-- Of a payout that several publishers share: each one's part, status and rules, as JSON. Null where one earns it all.
ALTER TABLE verdicts ADD COLUMN shares TEXT;
