import { type Context, Hono } from "hono";
import { ListOf } from "../../shared/api/common.ts";
import type { Role } from "../../shared/api/organizations.ts";
import { NewUser, User, UserInput, UserListQuery, UserPatch, UserQuery } from "../../shared/api/users.ts";
import { isId } from "../../shared/id.ts";
import { INVITATION_DAYS } from "../../shared/people.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import {
  countOpenInvitations,
  createInvitation,
  findInvitation,
  type InvitationRow,
  invitationOf,
  invitationView,
  listInvitations,
  OPEN_INVITATIONS_MAX,
  revokeInvitation,
} from "../accounts/people/invitations.ts";
import {
  changeRole,
  findMember,
  isLastOwner,
  listMembers,
  type Member,
  memberByEmail,
  memberView,
  type PeopleGround,
  removeMember,
} from "../accounts/people/members.ts";
import { mayGrant } from "../accounts/permissions.ts";
import type { Change } from "../platform/change.ts";
import { toPage } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { commit, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { byId, pageAsked } from "./support/list.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { absent, beyond, conflict, managedOrganization } from "./support/references.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

/** A member, or an invitation that stands in for one. */
type Entry = { member: Member } | { invitation: InvitationRow };

export function peopleGround(c: Context<HttpEnv>): PeopleGround {
  return { ...groundOf(c), directory: c.var.services.directory.db };
}

/** Who this id names among the people of the organization that is asked about. An invitation's id says whose it is. */
async function userNamed(
  c: Context<HttpEnv>,
  id: string,
  asked: string | undefined,
): Promise<Result<Entry, Failure>> {
  const { directory } = peopleGround(c);
  const organization = await managedOrganization(c, asked, "?organization_id");
  if (!organization.ok) return organization;
  if (isId("invitation", id)) {
    const invitation = await findInvitation(directory, c.var.viewer, id);
    const isThere = asked === undefined || invitation?.organization_id === asked;
    return invitation && isThere ? ok({ invitation }) : absent("user");
  }
  const member = await findMember(directory, organization.value.id, id);
  return member ? ok({ member }) : absent("user");
}

function userView(c: Context<HttpEnv>, entry: Entry): User {
  return "member" in entry ? memberView(entry.member) : invitationView(entry.invitation, groundOf(c).now);
}

/** Why the viewer may not give or take away this role there, or null. */
function refusedRole(c: Context<HttpEnv>, organization_id: string, role: Role) {
  if (mayGrant(c.var.viewer, organization_id, role)) return null;
  return beyond(`The role ${c.var.viewer.role} gives and takes no role above itself, such as ${role}.`);
}

async function invite(c: Context<HttpEnv>, input: UserInput): Promise<Result<Change<NewUser>, Failure>> {
  const ground = peopleGround(c);
  const named = await managedOrganization(c, input.organization_id, "/organization_id");
  if (!named.ok) return named;
  const { id, name } = named.value;
  const member = await memberByEmail(ground.directory, id, input.email);
  if (member) return conflict(`${input.email} belongs to ${name} already, as ${member.role}.`);
  const earlier = await invitationOf(ground.directory, id, input.email);
  const refused = refusedRole(c, id, input.role) ?? (earlier && refusedRole(c, id, earlier.role));
  if (refused) return refused;
  if (!earlier && (await countOpenInvitations(ground.directory, id)) >= OPEN_INVITATIONS_MAX) {
    return conflict(`${OPEN_INVITATIONS_MAX} invitations are open. Revoke what is no longer needed.`);
  }
  const { public_url } = c.var.services.config;
  return ok(await createInvitation(ground, c.var.viewer, named.value, { input, earlier, public_url }));
}

async function change(c: Context<HttpEnv>, entry: Entry, role: Role): Promise<Result<Change<User>, Failure>> {
  if ("invitation" in entry) {
    return conflict(
      "Not a member yet. Invite the address again with another role: the new link replaces the old.",
    );
  }
  const { member } = entry;
  const { organization_id } = member;
  const refused = refusedRole(c, organization_id, member.role) ?? refusedRole(c, organization_id, role);
  if (refused) return refused;
  const ground = peopleGround(c);
  if (role !== "owner" && (await isLastOwner(ground.directory, member))) return conflict(LAST_OWNER);
  return ok(changeRole(ground, member, role));
}

async function remove(c: Context<HttpEnv>, entry: Entry): Promise<Result<Change<null>, Failure>> {
  const ground = peopleGround(c);
  const { organization_id, role } = "member" in entry ? entry.member : entry.invitation;
  const refused = refusedRole(c, organization_id, role);
  if (refused) return refused;
  if ("invitation" in entry) return ok(revokeInvitation(ground, entry.invitation));
  if (await isLastOwner(ground.directory, entry.member)) return conflict(LAST_OWNER);
  return ok(removeMember(ground, entry.member));
}

const LAST_OWNER = "The last owner stays. Make somebody else an owner first.";

const WHOSE =
  "Of the viewer's own organization, or with `organization_id` of one that the viewer's network manages.";

/** `/users`: who belongs to an organization and who is invited; by a link that the inviter sends himself. */
export const users = new Hono<HttpEnv>()
  .post(
    "/",
    may("users.create"),
    described({
      summary: "Invite a person",
      description:
        `Answers a link, in this answer only, for the inviter to send: no mail is sent. It opens once, within
${INVITATION_DAYS} days, for whoever signs in or signs up with this address. Inviting an address again replaces its
link. The answer does not depend on whether the address has a login.`.replaceAll("\n", " "),
      answers: { 201: NewUser },
    }),
    jsonBody(UserInput),
    (c) => commit(c, 201, () => invite(c, c.req.valid("json"))),
  )
  .get(
    "/",
    may("users.list"),
    described({
      summary: "List people and open invitations",
      description: WHOSE,
      answers: { 200: ListOf(User) },
      problems: [404],
    }),
    queryOf(UserListQuery),
    async (c) => {
      const query = c.req.valid("query");
      const page = pageAsked(query);
      if (!page.ok) return problem(c, page.error);
      const organization = await managedOrganization(c, query.organization_id, "?organization_id");
      if (!organization.ok) return problem(c, organization.error);
      const { directory, now } = peopleGround(c);
      const { id } = organization.value;
      const [members, invited] = await Promise.all([
        listMembers(directory, id, page.value),
        listInvitations(directory, id, page.value),
      ]);
      const all = [...members.map(memberView), ...invited.map((row) => invitationView(row, now))];
      const sorted = all.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, page.value.limit + 1);
      return c.json(
        toPage(sorted, page.value.limit, byId, (user) => user),
        200,
      );
    },
  )
  .get(
    "/:id",
    may("users.read"),
    described({ summary: "One person or invitation", description: WHOSE, answers: { 200: User } }),
    queryOf(UserQuery),
    async (c) => {
      const entry = await userNamed(c, c.req.param("id"), c.req.valid("query").organization_id);
      return entry.ok ? c.json(userView(c, entry.value), 200) : problem(c, entry.error);
    },
  )
  .patch(
    "/:id",
    may("users.update"),
    described({
      summary: "Change a person's role",
      description: `From the next request on. The last owner stays one. ${WHOSE}`,
      answers: { 200: User },
    }),
    queryOf(UserQuery),
    jsonBody(UserPatch),
    (c) =>
      commit(c, 200, async () => {
        const entry = await userNamed(c, c.req.param("id"), c.req.valid("query").organization_id);
        return entry.ok ? change(c, entry.value, c.req.valid("json").role) : err(entry.error);
      }),
  )
  .delete(
    "/:id",
    may("users.remove"),
    described({
      summary: "Remove a person, or revoke an invitation",
      description: `At once; what the person invited to and nobody has accepted is revoked, too. The last owner stays. ${WHOSE}`,
      answers: { 204: null },
    }),
    queryOf(UserQuery),
    (c) =>
      commit(c, 204, async () => {
        const entry = await userNamed(c, c.req.param("id"), c.req.valid("query").organization_id);
        return entry.ok ? remove(c, entry.value) : err(entry.error);
      }),
  );
