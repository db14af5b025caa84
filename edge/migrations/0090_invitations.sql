-- Invitations of people into organizations, in the directory. The link is shown once; here is its hash only.

CREATE TABLE invitations (
  id TEXT NOT NULL PRIMARY KEY,
  network_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  organization_kind TEXT NOT NULL CHECK (organization_kind IN ('network', 'advertiser', 'publisher')),
  email TEXT NOT NULL,                    -- lower case, as people's own
  role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'billing', 'analyst', 'viewer')),
  hash TEXT NOT NULL UNIQUE,              -- SHA-256 of the token: it has 256 random bits, so no salt is needed
  invited_by TEXT NOT NULL,               -- a user's or an API key's id
  invited_from TEXT NOT NULL,             -- the organization that the inviter spoke for
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  accepted_at INTEGER,
  accepted_by TEXT,
  revoked_at INTEGER,
  CHECK (accepted_at IS NULL OR revoked_at IS NULL),
  CHECK ((accepted_at IS NULL) = (accepted_by IS NULL))
) STRICT;

-- One open invitation of an address into an organization.
CREATE UNIQUE INDEX invitations_open ON invitations (organization_id, email)
WHERE accepted_at IS NULL AND revoked_at IS NULL;
-- Whoever goes takes his open invitations with him.
CREATE INDEX invitations_by_inviter ON invitations (invited_by) WHERE accepted_at IS NULL AND revoked_at IS NULL;

-- Single use: of two who accept, or of one who accepts and one who revokes, the second is refused.
CREATE TRIGGER invitations_stay_closed BEFORE UPDATE ON invitations
WHEN OLD.accepted_at IS NOT NULL OR OLD.revoked_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'changed meanwhile: the invitation is closed'); END;

-- An organization that has an owner keeps one: also when two owners remove each other at once.
CREATE TRIGGER memberships_keep_an_owner BEFORE DELETE ON memberships
WHEN OLD.role = 'owner' AND NOT EXISTS (
  SELECT 1 FROM memberships
  WHERE organization_id = OLD.organization_id AND role = 'owner' AND user_id <> OLD.user_id
)
BEGIN SELECT RAISE(ABORT, 'changed meanwhile: the last owner stays'); END;

CREATE TRIGGER memberships_keep_an_owner_in_office BEFORE UPDATE OF role ON memberships
WHEN OLD.role = 'owner' AND NEW.role <> 'owner' AND NOT EXISTS (
  SELECT 1 FROM memberships
  WHERE organization_id = OLD.organization_id AND role = 'owner' AND user_id <> OLD.user_id
)
BEGIN SELECT RAISE(ABORT, 'changed meanwhile: the last owner stays'); END;
