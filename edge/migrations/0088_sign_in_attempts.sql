-- How often somebody at one network address has tried to sign in or up since the first try of the running minute. Only a
-- keyed fingerprint of the address is kept, and no longer than that minute matters.
CREATE TABLE sign_in_attempts (
  address_hash TEXT NOT NULL PRIMARY KEY,
  since_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL CHECK (attempts > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_attempts_by_age ON sign_in_attempts (since_at);
