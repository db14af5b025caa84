-- Which pauses of numbers are over is looked at every minute; few numbers are paused.
CREATE INDEX numbers_paused ON numbers (network_id, resume_at) WHERE paused_at IS NOT NULL;
