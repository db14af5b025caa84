-- Publishers' tracking links, and the clicks that were counted on them.

CREATE TABLE tracking_links (
  id TEXT NOT NULL PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,               -- the public name in /c/{key}
  network_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL REFERENCES campaigns (id),
  publisher_id TEXT NOT NULL REFERENCES organizations (id),  -- whom a click proves; never changed
  landing_url TEXT NOT NULL,
  sub1 TEXT, sub2 TEXT, sub3 TEXT, sub4 TEXT, sub5 TEXT,
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;
CREATE INDEX tracking_links_by_network ON tracking_links (network_id, id);
CREATE TRIGGER tracking_links_keep_owner BEFORE UPDATE ON tracking_links
WHEN NEW.id <> OLD.id OR NEW.key <> OLD.key OR NEW.network_id <> OLD.network_id
  OR NEW.campaign_id <> OLD.campaign_id OR NEW.publisher_id <> OLD.publisher_id
BEGIN SELECT RAISE(ABORT, 'a tracking link keeps its campaign and publisher'); END;

-- One row for each click of a person; bots, previews and prefetches are not counted. Nothing personal is kept.
CREATE TABLE clicks (
  link_id TEXT NOT NULL,
  nonce TEXT NOT NULL,                    -- that of the click's token; it begins with the moment
  network_id TEXT NOT NULL,
  clicked_at INTEGER NOT NULL,
  query TEXT NOT NULL,                    -- the visitor's own, as it was added to the landing page
  sub1 TEXT, sub2 TEXT, sub3 TEXT, sub4 TEXT, sub5 TEXT,  -- the click's own, else the link's
  region TEXT,
  PRIMARY KEY (link_id, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX clicks_by_network ON clicks (network_id, clicked_at);

-- Who used a click token, and which tokens a visitor used. Sessions without a token are in neither index.
CREATE INDEX sessions_by_click ON sessions (click_nonce, leased_at) WHERE click_nonce IS NOT NULL;
CREATE INDEX sessions_clicked_by_visitor ON sessions (visitor, leased_at)
  WHERE click_nonce IS NOT NULL AND visitor IS NOT NULL;
