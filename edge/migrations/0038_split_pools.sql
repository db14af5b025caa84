-- A busy pool may be led by several objects, each with the numbers whose key leaves its part as remainder.
ALTER TABLE pools ADD COLUMN objects INTEGER NOT NULL DEFAULT 1 CHECK (objects BETWEEN 1 AND 16);
-- The most there ever were: earlier ones still know of visits to numbers that others lead now.
ALTER TABLE pools ADD COLUMN objects_ever INTEGER NOT NULL DEFAULT 1 CHECK (objects_ever BETWEEN 1 AND 16);
-- Numbers that changed their object are not lent before: by then every lease of the old one has ended and cooled.
ALTER TABLE pools ADD COLUMN split_settled_at INTEGER NOT NULL DEFAULT 0;
