import { and, asc, eq, gt, ne, type SQL } from "drizzle-orm";
import type { Role } from "../../../shared/api/organizations.ts";
import type { User } from "../../../shared/api/users.ts";
import type { Change, Ground } from "../../platform/change.ts";
import type { Db } from "../../platform/db.ts";
import type { PageAsk } from "../../platform/paging.ts";
import { isBelow } from "../permissions.ts";
import { revokeInvitationsBy } from "./invitations.ts";
import { memberships, users } from "./tables.ts";

/** People are in the directory, wherever their network's own rows are. */
export type PeopleGround = Ground & { directory: Db };

/** Somebody who belongs to an organization. */
export type Member = {
  id: string;
  organization_id: string;
  email: string;
  name: string;
  role: Role;
  created_at: number;
};

const MEMBER = {
  id: memberships.user_id,
  organization_id: memberships.organization_id,
  email: users.email,
  name: users.name,
  role: memberships.role,
  created_at: memberships.created_at,
};

export function memberView(member: Member): User {
  return { ...member, status: "active", expires_at: null };
}

/** `db` is the directory's, here and below. */
export function listMembers(db: Db, organization_id: string, page: PageAsk): Promise<Member[]> {
  const where = [eq(memberships.organization_id, organization_id)];
  if (page.after !== null) where.push(gt(memberships.user_id, page.after));
  return membersWhere(db, where)
    .orderBy(asc(memberships.user_id))
    .limit(page.limit + 1);
}

export async function findMember(db: Db, organization_id: string, user_id: string): Promise<Member | null> {
  const where = [eq(memberships.organization_id, organization_id), eq(memberships.user_id, user_id)];
  const [member] = await membersWhere(db, where).limit(1);
  return member ?? null;
}

/** The member of this organization who signs in by this address. */
export async function memberByEmail(db: Db, organization_id: string, email: string): Promise<Member | null> {
  const where = [eq(memberships.organization_id, organization_id), eq(users.email, email)];
  const [member] = await membersWhere(db, where).limit(1);
  return member ?? null;
}

function membersWhere(db: Db, where: SQL[]) {
  return db
    .select(MEMBER)
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.user_id))
    .where(and(...where));
}

/** True when nobody else owns the organization. The schema refuses to lose the last owner, too. */
export async function isLastOwner(db: Db, member: Member): Promise<boolean> {
  if (member.role !== "owner") return false;
  const others = await db
    .select({ id: memberships.user_id })
    .from(memberships)
    .where(
      and(
        eq(memberships.organization_id, member.organization_id),
        eq(memberships.role, "owner"),
        ne(memberships.user_id, member.id),
      ),
    )
    .limit(1);
  return others.length === 0;
}

/** Only who still has the role that was looked at: a higher one, given meanwhile, may be out of the viewer's reach. */
const asSeen = ({ id, organization_id, role }: Member) =>
  and(
    eq(memberships.user_id, id),
    eq(memberships.organization_id, organization_id),
    eq(memberships.role, role),
  );

/** Another role from the next request on. Who may do less than before can no longer have invited anybody. */
export function changeRole(ground: PeopleGround, member: Member, role: Role): Change<User> {
  const { directory, now } = ground;
  const changed = directory.update(memberships).set({ role }).where(asSeen(member));
  const lowered = isBelow(role, member.role);
  return {
    result: memberView({ ...member, role }),
    subject_id: member.id,
    statements: [],
    people: [changed, ...(lowered ? [revokeInvitationsBy(directory, member, now)] : [])],
    detail: { organization_id: member.organization_id, from: member.role, role },
  };
}

/** Out with the next request; his login stays his, and so do his other organizations. */
export function removeMember(ground: PeopleGround, member: Member): Change<null> {
  const { directory, now } = ground;
  return {
    result: null,
    subject_id: member.id,
    statements: [],
    people: [
      directory.delete(memberships).where(asSeen(member)),
      revokeInvitationsBy(directory, member, now),
    ],
    detail: { organization_id: member.organization_id, email: member.email, role: member.role },
  };
}
