import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { InvitationSeen, NewUser, User } from "../../shared/api/users.ts";
import { DAY_MS } from "../../shared/instant.ts";
import { problemOf } from "../support/api-suite.ts";
import { invitedPeople } from "../support/invited.ts";
import { type Stage, setStage } from "../support/stage.ts";
import { Visitor } from "../support/visitor.ts";

/** An invitation's whole way: the link, the login, the membership, and out again. */

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  // Sessions go by the machine's clock, so everything here does.
  stage.world.at = Date.now();
});
afterAll(() => stage?.stop());

const { freshEmail, tokenOf, invite, look, accept, signUp, call, joined, stranger } = invitedPeople(
  () => stage,
);

describe("an invitation", () => {
  it("says what it is for, to whoever holds the link and to nobody else", async () => {
    const invitation = await invite({ role: "owner", organization_id: stage.own.publisher_id });
    const visitor = new Visitor(stage.world);
    const answer = await look(visitor, tokenOf(invitation));
    expect(answer.status).toBe(200);
    expect((await answer.json()) as InvitationSeen).toMatchObject({
      organization: { id: stage.own.publisher_id, kind: "publisher" },
      network: { name: "Larkspur Network" },
      email: invitation.email,
      role: "owner",
      signed_in_as: null,
    });
    const unknown = `rt_invite_${"x".repeat(43)}`;
    for (const wrong of [unknown, invitation.id, "", null, 7, { $ne: "" }]) {
      await problemOf(await look(visitor, wrong), 404);
    }
  });

  it("makes a new person a member, with no network of his own", async () => {
    const { me, invitation } = await joined({ role: "analyst", organization_id: stage.own.publisher_id });
    expect(me).toMatchObject({
      role: "analyst",
      via: "user",
      organization: { id: stage.own.publisher_id, kind: "publisher" },
      network: { id: stage.world.network_id },
      user: { email: invitation.email },
    });
    expect(me.organizations.map(({ id }) => id)).toEqual([stage.own.publisher_id]);
    const people = await stage.json<{ data: User[] }>(
      "admin",
      `/users?organization_id=${stage.own.publisher_id}&limit=200`,
    );
    const shown = people.data.filter(({ email }) => email === invitation.email);
    expect(shown).toMatchObject([{ id: me.user?.id, status: "active", name: "Robin Vale", role: "analyst" }]);
  });

  it("gives a network, too, to whoever asks for one when signing up", async () => {
    const invitation = await invite();
    const visitor = new Visitor(stage.world);
    await signUp(visitor, invitation.email, { invitation: tokenOf(invitation), network_name: "Vale" });
    expect((await visitor.me()).organization.name).toBe("Vale");
    await accept(visitor, tokenOf(invitation));
    const { organizations, organization } = await visitor.me();
    expect(organization.id).toBe(stage.world.network_id);
    expect(organizations.map(({ name }) => name).toSorted()).toEqual(["Larkspur Network", "Vale"]);
  });

  it("lets in who has a login, and switches to what was joined", async () => {
    const { visitor, email } = await stranger();
    const invitation = await invite({ email: email.toUpperCase(), role: "billing" });
    const seen = (await (await look(visitor, tokenOf(invitation))).json()) as InvitationSeen;
    expect(seen.signed_in_as).toBe(email);
    expect((await accept(visitor, tokenOf(invitation))).status).toBe(200);
    expect(await visitor.me()).toMatchObject({ role: "billing", network: { id: stage.world.network_id } });
  });

  it("is noted as accepted, by whom, without its token", async () => {
    const { invitation, id } = await joined({ role: "billing" });
    const row = await stage.world.d1
      .prepare("SELECT * FROM audit_log WHERE action = 'users.accept' AND subject_id = ?")
      .bind(invitation.id)
      .first<Record<string, string>>();
    expect(row).toMatchObject({ actor: id, network_id: stage.world.network_id });
    expect(JSON.stringify(row)).not.toContain(tokenOf(invitation));
  });

  it("is taken up by the invited address alone, signed in, and from our own pages", async () => {
    const invitation = await invite({ role: "owner", organization_id: stage.own.publisher_id });
    const token = tokenOf(invitation);
    await problemOf(await accept(new Visitor(stage.world), token), 401);
    const other = await stranger();
    const problem = await problemOf(await accept(other.visitor, token), 403);
    expect(problem.detail).toContain(invitation.email);
    const sneaking = await problemOf(
      await signUp(new Visitor(stage.world), freshEmail(), { invitation: token }),
      422,
    );
    expect(sneaking.errors?.[0]?.pointer).toBe("/email");

    const visitor = new Visitor(stage.world);
    await signUp(visitor, invitation.email, { invitation: token });
    const foreign = { json: { token }, headers: { origin: "https://evil.example" } };
    await problemOf(await visitor.ask("/auth/invitation/accept", foreign), 403);
    expect((await accept(visitor, token)).status).toBe(200);
  });
});

describe("a link opens", () => {
  const gone = async (token: string, now?: number) => {
    const visitor = new Visitor(stage.world);
    await problemOf(await look(visitor, token, now), 410);
    await problemOf(await signUp(visitor, freshEmail(), { invitation: token }), now ? 422 : 410);
    const { visitor: known } = await stranger();
    await problemOf(await accept(known, token, now), 410);
  };

  it("once", async () => {
    const { visitor, invitation } = await joined();
    await gone(tokenOf(invitation));
    await problemOf(await accept(visitor, tokenOf(invitation)), 410);
  });

  it("once also for two who accept at once", async () => {
    const { visitor, email } = await stranger();
    const invitation = await invite({ email });
    const answers = await Promise.all([1, 2, 3, 4].map(() => accept(visitor, tokenOf(invitation))));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses[0]).toBe(200);
    expect(new Set(statuses.slice(1))).toEqual(new Set([410]));
    expect((await visitor.me()).organizations).toHaveLength(2);
  });

  it("for seven days, to the millisecond", async () => {
    const { visitor, email } = await stranger();
    const at = Date.now();
    const invitation = await stage.json<NewUser>("admin", "/users", {
      json: { email, role: "viewer" },
      now: at,
    });
    await problemOf(await accept(visitor, tokenOf(invitation), at + 7 * DAY_MS), 410);
    await gone(tokenOf(invitation), at + 7 * DAY_MS);
    expect((await accept(visitor, tokenOf(invitation), at + 7 * DAY_MS - 1)).status).toBe(200);
  });

  it("not once it was revoked, or replaced by a newer one", async () => {
    const revoked = await invite();
    expect((await stage.as("admin", `/users/${revoked.id}`, { method: "DELETE" })).status).toBe(204);
    await gone(tokenOf(revoked));
    await problemOf(await stage.as("admin", `/users/${revoked.id}`, { method: "DELETE" }), 404);
    const replaced = await invite();
    await invite({ email: replaced.email });
    await gone(tokenOf(replaced));
  });

  it("either to accept or to revoke, when both are done at once", async () => {
    for (let i = 0; i < 4; i++) {
      const { visitor, email } = await stranger();
      const invitation = await invite({ email });
      const [accepted, revoked] = await Promise.all([
        accept(visitor, tokenOf(invitation)),
        stage.as("admin", `/users/${invitation.id}`, { method: "DELETE" }),
      ]);
      const isIn = (await visitor.me()).organizations.length === 2;
      expect([accepted.status, revoked.status]).toEqual(isIn ? [200, 404] : [410, 204]);
    }
  });

  it("not into an organization that was retired meanwhile", async () => {
    const { id } = await stage.json<{ id: string }>("admin", "/publishers", {
      json: { name: "Short-lived" },
    });
    const inside = await joined({ organization_id: id });
    const invitation = await invite({ organization_id: id });
    await stage.json("admin", `/publishers/${id}`, { method: "DELETE" });
    await gone(tokenOf(invitation));
    await problemOf(await inside.visitor.ask("/api/v1/me"), 401);
  });

  it("not once who sent it may no longer send it", async () => {
    const inviteAs = async (visitor: Visitor) => {
      const answer = await call(visitor, "/users", "POST", { email: freshEmail(), role: "admin" });
      expect(answer.status).toBe(201);
      return tokenOf((await answer.json()) as NewUser);
    };
    const [removed, demoted] = [await joined({ role: "admin" }), await joined({ role: "admin" })];
    const tokens = [await inviteAs(removed.visitor), await inviteAs(demoted.visitor)];
    await stage.json("admin", `/users/${removed.id}`, { method: "DELETE" });
    await stage.json("admin", `/users/${demoted.id}`, { method: "PATCH", json: { role: "viewer" } });
    for (const token of tokens) await gone(token);
  });
});

describe("a member", () => {
  it("who is removed is out with the next request, and keeps his login and his other organizations", async () => {
    const { visitor, id, invitation } = await joined({ role: "admin" });
    expect((await call(visitor, "/users", "GET")).status).toBe(200);
    await stage.json("admin", `/users/${id}`, { method: "DELETE" });
    await problemOf(await call(visitor, "/users", "GET"), 401);
    const options = (await (await visitor.ask("/auth/options")).json()) as { signed_in_as: string };
    expect(options.signed_in_as).toBe(invitation.email);
    const start = { json: { network_name: "Vale & Sons" } };
    await problemOf(
      await visitor.ask("/auth/network", { ...start, headers: { origin: "https://evil.example" } }),
      403,
    );
    expect((await visitor.ask("/auth/network", start)).status).toBe(204);
    expect(await visitor.me()).toMatchObject({ role: "owner", organization: { name: "Vale & Sons" } });
    await problemOf(await visitor.ask("/auth/network", start), 409);
    expect((await accept(visitor, tokenOf(await invite({ email: invitation.email })))).status).toBe(200);
  });

  it("has the changed role with the next request", async () => {
    const { visitor, id } = await joined({ role: "admin" });
    await stage.json("admin", `/users/${id}`, { method: "PATCH", json: { role: "analyst" } });
    await problemOf(await call(visitor, "/users", "GET"), 403);
    expect((await visitor.me()).role).toBe("analyst");
  });

  it("raises himself no higher, nor anybody else above himself", async () => {
    const { visitor, id } = await joined({ role: "admin" });
    await problemOf(await call(visitor, `/users/${id}`, "PATCH", { role: "owner" }), 403);
    await problemOf(await call(visitor, "/users", "POST", { email: freshEmail(), role: "owner" }), 403);
    await problemOf(await call(visitor, "/api-keys", "POST", { name: "Up", role: "owner" }), 403);
    expect((await call(visitor, `/users/${id}`, "PATCH", { role: "viewer" })).status).toBe(200);
    await problemOf(await call(visitor, `/users/${id}`, "PATCH", { role: "admin" }), 403);
  });

  it("who owns a publisher looks after its people, and after nobody else's", async () => {
    const { visitor, me, id } = await joined({ role: "owner", organization_id: stage.other_publisher_id });
    const made = await call(visitor, "/users", "POST", { email: freshEmail(), role: "owner" });
    expect(made.status).toBe(201);
    for (const organization_id of [stage.world.network_id, stage.own.publisher_id]) {
      const json = { email: freshEmail(), role: "viewer", organization_id };
      await problemOf(await call(visitor, "/users", "POST", json), 404);
      await problemOf(await call(visitor, `/users?organization_id=${organization_id}`, "GET"), 404);
    }
    await problemOf(await call(visitor, `/users/${id}`, "DELETE"), 409);
    await problemOf(await call(visitor, `/users/${id}`, "PATCH", { role: "admin" }), 409);
    expect(me.organization.id).toBe(stage.other_publisher_id);
  });
});
