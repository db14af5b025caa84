import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Me } from "../../shared/api/organizations.ts";
import { problemOf } from "../support/api-suite.ts";
import { PASSWORD, Visitor } from "../support/visitor.ts";
import { startWorld, type World } from "../support/world.ts";

/** People's sign-in: a network of one's own, the session, the switch between organizations, and whose role counts. */

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

let people = 0;
/** Somebody who has just signed up, with a network called so. */
async function newcomer(network_name: string) {
  people += 1;
  const visitor = new Visitor(world);
  const email = `person-${people}@harrow.example`;
  const json = { network_name, name: "Robin Vale", email, password: PASSWORD };
  const answer = await visitor.ask("/auth/sign-up/email", { json });
  expect(answer.status).toBe(200);
  return { visitor, email, answer, me: await visitor.me() };
}

/** Lets this person into the world's network, as the invitation of an owner would. */
async function admit(me: Me, role: string): Promise<void> {
  await world.d1
    .prepare("INSERT INTO memberships VALUES (?, ?, 'network', 'Larkspur Network', ?, ?, ?)")
    .bind(me.user?.id, world.network_id, world.network_id, role, Date.now())
    .run();
}

const signIn = (visitor: Visitor, email: string, password = PASSWORD) =>
  visitor.ask("/auth/sign-in/email", { json: { email, password } });
const switchTo = (visitor: Visitor, organizationId: string) =>
  visitor.ask("/auth/organization/set-active", { json: { organizationId } });

describe("sign-up", () => {
  it("makes a network whose owner is the person, and in which there is nothing yet", async () => {
    const { visitor, me, email } = await newcomer("Harrow & Vale");
    expect(me).toMatchObject({ via: "user", role: "owner", user: { email, name: "Robin Vale" } });
    expect(me.organization).toMatchObject({ kind: "network", name: "Harrow & Vale", id: me.network.id });
    expect(me.organizations).toHaveLength(1);
    expect(me.network.id).not.toBe(world.network_id);
    const made = await visitor.ask("/api/v1/advertisers", { json: { name: "Redwood Plumbing" } });
    expect(made.status).toBe(201);
    expect(await (await visitor.ask("/api/v1/publishers")).json()).toEqual({ data: [], next_cursor: null });
  });

  it("keeps its cookies from scripts and from other sites", async () => {
    const { answer, visitor, me } = await newcomer("Harrow");
    const kept = [
      ...answer.headers.getSetCookie(),
      ...(await switchTo(visitor, me.network.id)).headers.getSetCookie(),
    ];
    expect(kept.length).toBeGreaterThanOrEqual(2);
    for (const cookie of kept) expect(cookie).toMatch(/(?=.*httponly)(?=.*samesite=lax)/i);
  });

  it("refuses an address that is taken, and a short password, as a problem", async () => {
    const { email } = await newcomer("Harrow");
    const other = new Visitor(world);
    const ask = (json: object) =>
      other.ask("/auth/sign-up/email", { json: { name: "Rob", email, password: PASSWORD, ...json } });
    await problemOf(await ask({}), 422);
    await problemOf(await ask({ email: "short@harrow.example", password: "too short" }), 422);
    await problemOf(await other.ask("/api/v1/me"), 401);
  });
});

describe("a session", () => {
  it("begins with the right password only, and ends on the server with the sign-out", async () => {
    const { email, me } = await newcomer("Harrow");
    const visitor = new Visitor(world);
    await problemOf(await signIn(visitor, email, "another trail of crumbs"), 401);
    await problemOf(await visitor.ask("/api/v1/me"), 401);

    expect((await signIn(visitor, email)).status).toBe(200);
    expect((await visitor.me()).user).toEqual(me.user);
    const stolen = new Map(visitor.cookies);
    expect((await visitor.ask("/auth/sign-out", { json: {} })).status).toBe(200);
    for (const [name, value] of stolen) visitor.cookies.set(name, value);
    await problemOf(await visitor.ask("/api/v1/me"), 401);
  });

  it("is no session once its cookie was changed", async () => {
    const { visitor } = await newcomer("Harrow");
    for (const [name, value] of visitor.cookies) visitor.cookies.set(name, `x${value}`);
    await problemOf(await visitor.ask("/api/v1/me"), 401);
  });

  it("changes things from our own pages only", async () => {
    const { visitor } = await newcomer("Harrow");
    const from = (headers: Record<string, string>) =>
      visitor.ask("/api/v1/advertisers", { json: { name: "Redwood Plumbing" }, headers });
    await problemOf(await from({ origin: "https://evil.example" }), 403);
    await problemOf(await from({ "sec-fetch-site": "same-site" }), 403);
    expect((await from({ "sec-fetch-site": "same-origin" })).status).toBe(201);
  });
});

describe("who guesses passwords", () => {
  const guess = (visitor: Visitor, email: string, address: string, now = Date.now()) =>
    visitor.ask("/auth/sign-in/email", {
      json: { email, password: "another trail of crumbs" },
      headers: { "cf-connecting-ip": address },
      now,
    });

  it("has ten tries a minute, whether made one by one or at once", async () => {
    const { email } = await newcomer("Harrow");
    const guesser = new Visitor(world);
    const now = Date.now();
    const tries = Array.from({ length: 14 }, () => guess(guesser, email, "203.0.113.7", now));
    const answers = await Promise.all(tries);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(4);
    expect(refused[0]?.headers.get("retry-after")).toBe("60");
    await problemOf(await guess(guesser, email, "203.0.113.7", now + 59_000), 429);
    await problemOf(await guess(guesser, email, "203.0.113.7", now + 60_000), 401);
  });

  it("has no more of them behind a prefix of IPv6, by signing up or by a header of his own", async () => {
    const { email } = await newcomer("Harrow");
    const guesser = new Visitor(world);
    for (let i = 1; i <= 10; i++) await guess(guesser, email, `2001:db8:7:1::${i}`);
    await problemOf(await guess(guesser, email, "2001:db8:7:1:ffff::9"), 429);
    const json = { name: "Rob", email: "rob@harrow.example", password: PASSWORD };
    const headers = { "cf-connecting-ip": "2001:db8:7:1::5", "x-forwarded-for": "198.51.100.1" };
    await problemOf(await guesser.ask("/auth/sign-up/email", { json, headers }), 429);
  });

  it("shuts nobody out elsewhere, and keeps no address", async () => {
    const { email } = await newcomer("Harrow");
    const guesser = new Visitor(world);
    for (let i = 1; i <= 11; i++) await guess(guesser, email, "203.0.113.9");
    await problemOf(await guess(guesser, email, "203.0.113.9"), 429);
    const owner = new Visitor(world);
    const headers = { "cf-connecting-ip": "203.0.113.10" };
    const signedIn = await owner.ask("/auth/sign-in/email", { json: { email, password: PASSWORD }, headers });
    expect(signedIn.status).toBe(200);
    for (const table of ["sign_in_attempts", "user_sessions"]) {
      const { results } = await world.d1.prepare(`SELECT * FROM ${table}`).all();
      expect(results.length).toBeGreaterThan(0);
      expect(JSON.stringify(results)).not.toContain("203.0.113");
    }
  });
});

describe("a person of several organizations", () => {
  it("switches between their own, and into no other", async () => {
    const { visitor, me } = await newcomer("Harrow");
    await problemOf(await switchTo(visitor, world.network_id), 404);
    await admit(me, "analyst");
    expect((await visitor.me()).organization.name).toBe("Harrow");
    expect((await switchTo(visitor, world.network_id)).status).toBe(200);
    const there = await visitor.me();
    expect(there).toMatchObject({ role: "analyst", network: { id: world.network_id } });
    expect(there.organizations.map(({ name }) => name).toSorted()).toEqual(["Harrow", "Larkspur Network"]);
    expect((await switchTo(visitor, me.network.id)).status).toBe(200);
    expect((await visitor.me()).role).toBe("owner");
  });

  it("has the role of this moment: a lower one and a lost one count at the next request", async () => {
    const { visitor, me } = await newcomer("Harrow");
    await admit(me, "admin");
    await switchTo(visitor, world.network_id);
    const make = () => visitor.ask("/api/v1/advertisers", { json: { name: "Redwood Plumbing" } });
    expect((await make()).status).toBe(201);

    const here = "WHERE user_id = ? AND organization_id = ?";
    const change = (sql: string) =>
      world.d1.prepare(`${sql} ${here}`).bind(me.user?.id, world.network_id).run();
    await change("UPDATE memberships SET role = 'viewer'");
    await problemOf(await make(), 403);
    await change("DELETE FROM memberships");
    expect((await visitor.me()).network.id).toBe(me.network.id);
    await problemOf(await switchTo(visitor, world.network_id), 404);
  });

  it("is switched by our own pages only", async () => {
    const { visitor, me } = await newcomer("Harrow");
    await admit(me, "analyst");
    const from = (headers: Record<string, string>) =>
      visitor.ask("/auth/organization/set-active", { json: { organizationId: world.network_id }, headers });
    await problemOf(await from({ origin: "https://evil.example" }), 403);
    await problemOf(await from({ "sec-fetch-site": "same-site" }), 403);
    expect((await visitor.me()).network.id).toBe(me.network.id);
  });

  it("is nobody without a session", async () => {
    await problemOf(await switchTo(new Visitor(world), world.network_id), 401);
  });
});
