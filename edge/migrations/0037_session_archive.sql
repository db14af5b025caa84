-- How far a network's month of sessions is copied to the archive. A page is written again under the same name until
-- its end is noted here, so a copy that was cut off is repeated and nothing is there twice.
CREATE TABLE session_archive (
  network_id TEXT NOT NULL,
  month TEXT NOT NULL CHECK (month GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]'),
  pages INTEGER NOT NULL,
  sessions INTEGER NOT NULL,
  after_leased_at INTEGER NOT NULL,       -- the last session copied
  after_number_key INTEGER NOT NULL,
  done_at INTEGER,
  PRIMARY KEY (network_id, month)
) STRICT, WITHOUT ROWID;
