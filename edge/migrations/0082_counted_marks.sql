-- How often others have had a call judged again. Whoever judges it clears the marks that it has seen when it read the
-- call, and leaves one that was set meanwhile.
ALTER TABLE calls ADD COLUMN marks INTEGER NOT NULL DEFAULT 0;
