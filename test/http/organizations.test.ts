import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ListOf } from "../../shared/api/common.ts";
import { Me, Network, Organization } from "../../shared/api/organizations.ts";
import { checkRoute, problemOf } from "../support/api-suite.ts";
import { type Stage, setStage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());
const on = () => stage;

const sides = [
  { path: "/advertisers", operations: "advertisers", id: (s: Stage) => s.own.advertiser_id },
  { path: "/publishers", operations: "publishers", id: (s: Stage) => s.own.publisher_id },
] as const;

/** A side with nothing hanging on it. */
const fresh = async (s: Stage, path: string): Promise<string> => {
  const made = await s.json<{ id: string }>("admin", path, { json: { name: "Short-lived" } });
  return `${path}/${made.id}`;
};

for (const { path, operations, id } of sides) {
  describe(path, () => {
    const body = () => ({ name: "Tallow & Pine" });
    checkRoute(on, {
      operation: `${operations}.create`,
      method: "POST",
      path: () => path,
      body,
      required: ["name"],
      status: 201,
      answers: Organization,
    });
    checkRoute(on, {
      operation: `${operations}.list`,
      method: "GET",
      path: () => path,
      status: 200,
      answers: ListOf(Organization),
    });
    checkRoute(on, {
      operation: `${operations}.read`,
      method: "GET",
      path: (s) => `${path}/${id(s)}`,
      status: 200,
      answers: Organization,
    });
    checkRoute(on, {
      operation: `${operations}.update`,
      method: "PATCH",
      path: (s) => `${path}/${id(s)}`,
      body,
      status: 200,
      answers: Organization,
    });
    checkRoute(on, {
      operation: `${operations}.retire`,
      method: "DELETE",
      path: (s) => fresh(s, path),
      status: 204,
    });

    it("is not retired while something hangs on it", async () => {
      const problem = await problemOf(
        await stage.as("admin", `${path}/${id(stage)}`, { method: "DELETE" }),
        409,
      );
      expect(problem.detail).toMatch(/1 (campaign|pool)/);
    });

    it("revokes the keys of what is retired", async () => {
      const made = await fresh(stage, path);
      const organization_id = made.slice(path.length + 1);
      const json = { name: "Its key", role: "admin", organization_id };
      const { key } = await stage.json<{ key: string }>("admin", "/api-keys", { json });
      expect((await stage.world.ask("/api/v1/me", { key })).status).toBe(200);
      await stage.json("admin", made, { method: "DELETE" });
      await problemOf(await stage.world.ask("/api/v1/me", { key }), 401);
      const listed = await stage.json<{ data: { id: string }[] }>("admin", `${path}?limit=200`);
      expect(listed.data.map((row) => row.id)).not.toContain(organization_id);
      await problemOf(await stage.as("admin", made, { method: "PATCH", json: { name: "x" } }), 409);
    });
  });
}

it("does not take an advertiser for a publisher", async () => {
  await problemOf(await stage.as("admin", `/publishers/${stage.own.advertiser_id}`), 404);
});

it("pages a list in id order, each row once, whatever the limit", async () => {
  for (let i = 0; i < 5; i++) await stage.json("admin", "/publishers", { json: { name: `Page ${i}` } });
  const all = await stage.json<{ data: { id: string }[] }>("admin", "/publishers?limit=200");
  for (const limit of [1, 2, 3]) {
    const seen: string[] = [];
    let next: string | null = "";
    while (next !== null) {
      const cursor: string = next === "" ? "" : `&cursor=${encodeURIComponent(next)}`;
      const page: { data: { id: string }[]; next_cursor: string | null } = await stage.json(
        "admin",
        `/publishers?limit=${limit}${cursor}`,
      );
      expect(page.data.length).toBeLessThanOrEqual(limit);
      seen.push(...page.data.map((row) => row.id));
      next = page.next_cursor;
    }
    expect(seen).toEqual(all.data.map((row) => row.id));
    expect(seen).toEqual([...seen].sort());
  }
});

it("names a wrong query parameter", async () => {
  const faults = {
    "limit=0": "?limit",
    "limit=201": "?limit",
    "limit=many": "?limit",
    "cursor=x": "?cursor",
    "foo=1": "?foo",
  };
  for (const [query, pointer] of Object.entries(faults)) {
    const problem = await problemOf(await stage.as("admin", `/publishers?${query}`), 422);
    expect(problem.errors?.[0]?.pointer).toBe(pointer);
  }
});

describe("/me", () => {
  checkRoute(on, { operation: "me.read", method: "GET", path: () => "/me", status: 200, answers: Me });

  it("tells each side who it is and whose network it is in", async () => {
    const me = await stage.json<Me>("publisher", "/me");
    expect(me.organization).toMatchObject({ id: stage.own.publisher_id, kind: "publisher" });
    expect(me.network).toMatchObject({ id: stage.world.network_id, name: "Larkspur Network" });
    expect(me).toMatchObject({ role: "admin", via: "api_key", user: null });
  });
});

describe("/network", () => {
  checkRoute(on, {
    operation: "network.read",
    method: "GET",
    path: () => "/network",
    status: 200,
    answers: Network,
  });
  checkRoute(on, {
    operation: "network.update",
    method: "PATCH",
    path: () => "/network",
    body: () => ({
      name: "Larkspur Network",
      timezone: "America/New_York",
      shows_callers: true,
      shows_publishers: false,
    }),
    status: 200,
    answers: Network,
  });

  it("changes the asking network and no other", async () => {
    const before = await stage.json<Network>("stranger", "/network");
    await stage.json("admin", "/network", { method: "PATCH", json: { timezone: "Europe/Berlin" } });
    expect(await stage.json<Network>("admin", "/network")).toMatchObject({ timezone: "Europe/Berlin" });
    expect(await stage.json<Network>("stranger", "/network")).toEqual(before);
  });

  it("knows the time zones there are", async () => {
    const wrong = await stage.as("admin", "/network", {
      method: "PATCH",
      json: { timezone: "Mars/Olympus" },
    });
    expect((await problemOf(wrong, 422)).errors?.[0]?.pointer).toBe("/timezone");
  });
});

describe("the door", () => {
  it("shows the API's document to anybody", async () => {
    const response = await stage.world.ask("/api/v1/openapi.json", { key: null });
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toMatchObject({ openapi: "3.1.0", servers: [{ url: stage.world.url }] });
  });

  it("tells nobody without a key what there is, and a key that there is nothing", async () => {
    await problemOf(await stage.world.ask("/api/v1/nothing", { key: null }), 401);
    await problemOf(await stage.as("admin", "/nothing"), 404);
  });

  it("answers on one connection after a body that it refused unread", async () => {
    for (let i = 0; i < 20; i++) {
      const json = { name: "x".repeat(50_000) };
      await problemOf(await stage.world.ask("/api/v1/publishers", { key: null, json }), 401);
    }
  });
});

describe("a name", () => {
  it("is kept as it came or refused: half of a surrogate pair could not be", async () => {
    for (const name of ["\ud83d", "Tallow \ude00", "\ude00\ud83d", "a\u0007b"]) {
      const problem = await problemOf(await stage.as("admin", "/advertisers", { json: { name } }), 422);
      expect(problem.errors?.[0]?.pointer).toBe("/name");
    }
    const whole = await stage.json("admin", "/advertisers", { json: { name: "Tallow \ud83d\ude00" } });
    expect(whole.name).toBe("Tallow 😀");
  });
});
