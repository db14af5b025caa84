import { and, asc, count, eq, gt, isNull, type SQL } from "drizzle-orm";
import type { NewUser, User, UserInput } from "../../../shared/api/users.ts";
import { DAY_MS, type Instant } from "../../../shared/instant.ts";
import { INVITATION_DAYS } from "../../../shared/people.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import type { Change } from "../../platform/change.ts";
import { sha256Hex, toBase64Url } from "../../platform/crypto.ts";
import type { Db, Statement } from "../../platform/db.ts";
import type { PageAsk } from "../../platform/paging.ts";
import type { Failure } from "../../platform/problem.ts";
import type { OrganizationRow } from "../store.ts";
import { organizations } from "../tables.ts";
import type { Viewer } from "../viewer.ts";
import type { PeopleGround } from "./members.ts";
import { invitations, memberships } from "./tables.ts";

export type InvitationRow = typeof invitations.$inferSelect;

const TOKEN_BYTES = 32;
const TOKEN = /^rt_invite_[A-Za-z0-9_-]{43}$/;
/** So many may be open at once, that nobody's list grows without end. */
export const OPEN_INVITATIONS_MAX = 200;

const GONE_MS = INVITATION_DAYS * DAY_MS;
const isOpen = and(isNull(invitations.accepted_at), isNull(invitations.revoked_at));

export function invitationView(row: InvitationRow, now: Instant): User {
  const { id, organization_id, email, role, created_at, expires_at } = row;
  const status = expires_at > now ? "invited" : "expired";
  return { id, organization_id, status, email, name: null, role, created_at, expires_at };
}

/**
 * An invitation by a link, which is in the result only: its token is stored as a SHA-256. It stands behind the `#`, so
 * that neither a server's log nor a `Referer` has it. A new one of the same address replaces the `earlier`.
 */
export async function createInvitation(
  ground: PeopleGround,
  viewer: Viewer,
  organization: OrganizationRow,
  asked: { input: UserInput; earlier: InvitationRow | null; public_url: string },
): Promise<Change<NewUser>> {
  const { directory, now } = ground;
  const { input, earlier, public_url } = asked;
  const token = `rt_invite_${toBase64Url(ground.ids.bytes(TOKEN_BYTES))}`;
  const row: InvitationRow = {
    id: ground.ids.next("invitation"),
    network_id: organization.network_id,
    organization_id: organization.id,
    organization_kind: organization.kind,
    email: input.email,
    role: input.role,
    hash: await sha256Hex(token),
    invited_by: viewer.actor_id,
    invited_from: viewer.organization_id,
    created_at: now,
    expires_at: now + GONE_MS,
    accepted_at: null,
    accepted_by: null,
    revoked_at: null,
  };
  const view = invitationView(row, now);
  return {
    result: { ...view, link: `${public_url}/invitation#${token}` },
    kept: view,
    subject_id: row.id,
    statements: [],
    people: [
      ...(earlier ? [revoked(directory, earlier, now)] : []),
      directory.insert(invitations).values(row),
    ],
    detail: { email: input.email, role: input.role, organization_id: organization.id },
  };
}

/** Closes the link from this write on. */
export function revokeInvitation(ground: PeopleGround, row: InvitationRow): Change<null> {
  return {
    result: null,
    subject_id: row.id,
    statements: [],
    people: [revoked(ground.directory, row, ground.now)],
    detail: { organization_id: row.organization_id, email: row.email, role: row.role },
  };
}

/** Refused by the schema when it was closed meanwhile. */
function revoked(db: Db, row: InvitationRow, now: Instant): Statement {
  return db.update(invitations).set({ revoked_at: now }).where(eq(invitations.id, row.id));
}

/** What somebody invited to as one of this organization, and nobody has accepted yet. */
export function revokeInvitationsBy(
  db: Db,
  inviter: { id: string; organization_id: string },
  now: Instant,
): Statement {
  return db
    .update(invitations)
    .set({ revoked_at: now })
    .where(
      and(
        eq(invitations.invited_by, inviter.id),
        eq(invitations.invited_from, inviter.organization_id),
        isOpen,
      ),
    );
}

/** `db` is the directory's, here and below. */
export function listInvitations(db: Db, organization_id: string, page: PageAsk): Promise<InvitationRow[]> {
  const where = [eq(invitations.organization_id, organization_id), isOpen];
  if (page.after !== null) where.push(gt(invitations.id, page.after));
  return db
    .select()
    .from(invitations)
    .where(and(...where))
    .orderBy(asc(invitations.id))
    .limit(page.limit + 1);
}

export async function countOpenInvitations(db: Db, organization_id: string): Promise<number> {
  const [row] = await db
    .select({ open: count() })
    .from(invitations)
    .where(and(eq(invitations.organization_id, organization_id), isOpen));
  return row?.open ?? 0;
}

/** An open invitation into the viewer's organization, or for a network into one that it manages. */
export function findInvitation(db: Db, viewer: Viewer, id: string): Promise<InvitationRow | null> {
  const where = [eq(invitations.network_id, viewer.network_id), eq(invitations.id, id), isOpen];
  if (viewer.kind !== "network") where.push(eq(invitations.organization_id, viewer.organization_id));
  return oneWhere(db, where);
}

/** The open invitation of this address into the organization. */
export function invitationOf(db: Db, organization_id: string, email: string): Promise<InvitationRow | null> {
  return oneWhere(db, [
    eq(invitations.organization_id, organization_id),
    eq(invitations.email, email),
    isOpen,
  ]);
}

async function oneWhere(db: Db, where: (SQL | undefined)[]): Promise<InvitationRow | null> {
  const [row] = await db
    .select()
    .from(invitations)
    .where(and(...where))
    .limit(1);
  return row ?? null;
}

/** An invitation that opens, and into what. */
export type Invited = { row: InvitationRow; organization: OrganizationRow; network_name: string };

/** The invitation that this token opens now, or why it does not. */
export async function openInvitation(
  db: Db,
  token: unknown,
  now: Instant,
): Promise<Result<Invited, Failure>> {
  const unknown: Failure = { kind: "not_found", what: "invitation" };
  if (typeof token !== "string" || !TOKEN.test(token)) return err(unknown);
  const row = await oneWhere(db, [eq(invitations.hash, await sha256Hex(token))]);
  if (!row) return err(unknown);
  const gone = (detail: string): Result<Invited, Failure> => err({ kind: "gone", detail });
  if (row.accepted_at !== null) return gone("This invitation was accepted already; a link opens once.");
  if (row.revoked_at !== null) return gone("This invitation was withdrawn.");
  if (row.expires_at <= now) return gone(`This invitation has expired after ${INVITATION_DAYS} days.`);
  const [organization, network] = await Promise.all(
    [row.organization_id, row.network_id].map((id) => organizationBy(db, id)),
  );
  if (!organization || !network || organization.retired_at !== null) {
    return gone("The organization of this invitation is no longer in use.");
  }
  return ok({ row, organization, network_name: network.name });
}

async function organizationBy(db: Db, id: string): Promise<OrganizationRow | null> {
  const [row] = await db.select().from(organizations).where(eq(organizations.id, id)).limit(1);
  return row ?? null;
}

/** Makes who accepts a member, and the link closed: both or neither, and once. */
export function acceptInvitation(
  ground: PeopleGround,
  { row, organization }: Invited,
  user_id: string,
): Change<{ organization: { id: string; kind: OrganizationRow["kind"]; name: string } }> {
  const { directory, now } = ground;
  const { id, kind, name, network_id } = organization;
  return {
    result: { organization: { id, kind, name } },
    subject_id: row.id,
    statements: [],
    people: [
      directory
        .update(invitations)
        .set({ accepted_at: now, accepted_by: user_id })
        .where(eq(invitations.id, row.id)),
      directory.insert(memberships).values({
        user_id,
        organization_id: id,
        organization_kind: kind,
        organization_name: name,
        network_id,
        role: row.role,
        created_at: now,
      }),
    ],
    detail: { organization_id: id, email: row.email, role: row.role },
  };
}
