-- What a visitor is shown while a pool has no number free: the static number, the page's own, or a number whose holder
-- has not been seen any more.
ALTER TABLE pools ADD COLUMN when_empty TEXT NOT NULL DEFAULT 'static' CHECK (when_empty IN ('static', 'page', 'share'));
