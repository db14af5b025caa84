import { type Context, Hono } from "hono";
import type { InvitationSeen } from "../../shared/api/users.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { acceptInvitation, type Invited, openInvitation } from "../accounts/people/invitations.ts";
import { findMember } from "../accounts/people/members.ts";
import { personOf } from "../accounts/people/people.ts";
import type { Failure } from "../platform/problem.ts";
import { keepOrganization, peopleBody } from "./people.ts";
import { isSameOrigin } from "./support/auth.ts";
import { commit } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { beyond, conflict } from "./support/references.ts";
import { withinSignInRate } from "./support/sign-in-rate.ts";
import { peopleGround } from "./users.ts";

/** The invitation that the body's `token` opens now. */
async function invitedBy(c: Context<HttpEnv>, token: unknown): Promise<Result<Invited, Failure>> {
  const { services } = c.var;
  return openInvitation(services.directory.db, token, services.clock.now());
}

/**
 * What the link of an invitation leads to: what it is for, and taking it up as whoever is signed in. Who holds the link
 * is told nothing of whether its address has a login.
 */
export const invitations = new Hono<HttpEnv>()
  .use(withinSignInRate)

  .post("/", async (c) => {
    const body = await peopleBody(c);
    if (!body.ok) return problem(c, body.error);
    const invited = await invitedBy(c, body.value.token);
    if (!invited.ok) return problem(c, invited.error);
    const { row, organization, network_name } = invited.value;
    const { id, kind, name } = organization;
    const person = await personOf(c.var.services, c.req.raw.headers);
    const seen: InvitationSeen = {
      organization: { id, kind, name },
      network: { name: network_name },
      email: row.email,
      role: row.role,
      expires_at: row.expires_at,
      signed_in_as: person?.email ?? null,
    };
    return c.json(seen, 200, { "cache-control": "no-store" });
  })

  .post("/accept", async (c) => {
    const body = await peopleBody(c);
    if (!body.ok) return problem(c, body.error);
    const person = await personOf(c.var.services, c.req.raw.headers);
    if (!person) return problem(c, { kind: "unauthenticated" });
    if (!isSameOrigin(c)) {
      return problem(c, { kind: "forbidden", detail: "An invitation is accepted on our own pages only." });
    }
    const known = await invitedBy(c, body.value.token);
    if (!known.ok) return problem(c, known.error);
    const { network_id, organization_id, organization_kind, role } = known.value.row;
    c.set("viewer", {
      network_id,
      organization_id,
      kind: organization_kind,
      role,
      actor_id: person.id,
      via: "user",
    });
    c.set("operation", "users.accept");
    return commit(
      c,
      200,
      async () => {
        const invited = await invitedBy(c, body.value.token);
        if (!invited.ok) return err(invited.error);
        const { email } = invited.value.row;
        if (person.email.toLowerCase() !== email) {
          return beyond(`This invitation is for ${email}; you are signed in as ${person.email}.`);
        }
        const ground = peopleGround(c);
        const member = await findMember(ground.directory, organization_id, person.id);
        if (member) return conflict(`You belong to ${invited.value.organization.name} already.`);
        return ok(acceptInvitation(ground, invited.value, person.id));
      },
      async () => keepOrganization(c, organization_id),
    );
  });
