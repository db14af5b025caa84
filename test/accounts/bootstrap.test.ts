import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const bootstrap = (api_key: string) =>
  world.json<{ network_id: string }>("/__local/bootstrap", { json: { api_key, name: "Second" } });
const newKey = () => `anything-goes-${randomBytes(12).toString("hex")}`;

it("makes one network for a key, however often it is asked", async () => {
  const key = newKey();
  const first = await bootstrap(key);
  expect(await bootstrap(key)).toEqual(first);
  const all = await Promise.all([1, 2, 3].map(() => bootstrap(key)));
  expect(new Set(all.map((one) => one.network_id))).toEqual(new Set([first.network_id]));
});

it("makes one network of many first starts at once", async () => {
  const key = newKey();
  const all = await Promise.all([1, 2, 3, 4].map(() => bootstrap(key)));
  expect(new Set(all.map((one) => one.network_id)).size).toBe(1);
});

it("makes the key an admin's of the network, and keeps its hash only", async () => {
  const key = newKey();
  const { network_id } = await bootstrap(key);
  const me = await world.json<Record<string, unknown>>("/api/v1/me", { key });
  expect(me).toMatchObject({
    role: "admin",
    organization: { id: network_id, kind: "network", name: "Second" },
  });
  const { results } = await world.d1
    .prepare("SELECT * FROM api_keys WHERE network_id = ?")
    .bind(network_id)
    .all();
  expect(results).toHaveLength(1);
  expect(JSON.stringify(results)).not.toContain(key);
});
