-- A run looks at some of the pools whose cool-down follows the load, the next run at the next ones: the last that was
-- looked at since hours were counted, '' for none yet; null when all were.
ALTER TABLE pool_hours_counted ADD COLUMN advised_after TEXT;
