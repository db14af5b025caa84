import { expect } from "vitest";
import type { NewUser } from "../../shared/api/users.ts";
import type { Stage, Who } from "./stage.ts";
import { PASSWORD, Visitor } from "./visitor.ts";

/** People on an invitation's way, each with a browser of his own; by the machine's clock, as sessions go. */
export function invitedPeople(on: () => Stage) {
  let people = 0;
  const freshEmail = () => `person-${++people}@harrow.example`;
  const tokenOf = ({ link }: NewUser) => link.split("#")[1] ?? "";

  const invite = (json: Record<string, unknown> = {}, who: Who = "admin") =>
    on().json<NewUser>(who, "/users", { json: { email: freshEmail(), role: "viewer", ...json } });
  const look = (visitor: Visitor, token: unknown, now = Date.now()) =>
    visitor.ask("/auth/invitation", { json: { token }, now });
  const accept = (visitor: Visitor, token: unknown, now = Date.now()) =>
    visitor.ask("/auth/invitation/accept", { json: { token }, now });
  const signUp = (visitor: Visitor, email: string, more: object = {}) =>
    visitor.ask("/auth/sign-up/email", { json: { name: "Robin Vale", email, password: PASSWORD, ...more } });
  const call = (visitor: Visitor, path: string, method: string, json?: unknown) =>
    visitor.ask(`/api/v1${path}`, { method, ...(json !== undefined && { json }) });

  /** Somebody new who has accepted an invitation. */
  async function joined(json: Record<string, unknown> = {}) {
    const invitation = await invite(json);
    const visitor = new Visitor(on().world);
    const signed = await signUp(visitor, invitation.email, { invitation: tokenOf(invitation) });
    expect(signed.status).toBe(200);
    expect((await accept(visitor, tokenOf(invitation))).status).toBe(200);
    const me = await visitor.me();
    return { visitor, invitation, me, id: me.user?.id ?? "" };
  }
  /** Somebody with a network of his own. */
  async function stranger() {
    const visitor = new Visitor(on().world);
    const email = freshEmail();
    expect((await signUp(visitor, email, { network_name: "Harrow" })).status).toBe(200);
    return { visitor, email };
  }
  return { freshEmail, tokenOf, invite, look, accept, signUp, call, joined, stranger };
}
