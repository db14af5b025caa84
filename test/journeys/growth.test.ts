import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HOUR_MS } from "../../shared/instant.ts";
import { problemOf } from "../support/api-suite.ts";
import { type Inventory, PAGE_ORIGIN, stockUp } from "../support/inventory.ts";
import { placeCall, visit } from "../support/phone.ts";
import { PASSWORD, Visitor } from "../support/visitor.ts";
import { startWorld, type World } from "../support/world.ts";

/** Two networks of one deployment, the second moved into a database of its own while it was still empty. */
const keys = {
  home: `rt_test_${randomBytes(16).toString("hex")}`,
  away: `rt_test_${randomBytes(16).toString("hex")}`,
};
type Side = { world: World; stock: Inventory; network_id: string };
let folder: string;
let world: World;
let home: Side;
let away: Side;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ringtrail-growth-"));
  const before = await startWorld({ data_dir: folder, key: keys.home });
  await before.json("/__local/bootstrap", { json: { api_key: keys.away, name: "Larch Network" } });
  const me = await before.json<{ network: { id: string } }>("/api/v1/me", { key: keys.away });
  const { results } = await before.d1
    .prepare("SELECT * FROM organizations WHERE network_id = ?")
    .bind(me.network.id)
    .all<Record<string, string | number | null>>();
  await before.stop();

  world = await startWorld({
    data_dir: folder,
    key: keys.home,
    network_databases: { [me.network.id]: "DB_1" },
  });
  const [row = {}] = results;
  const names = Object.keys(row);
  await (await own())
    .prepare(`INSERT INTO organizations (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`)
    .bind(...Object.values(row))
    .run();
  home = await sideOf(world, world.network_id, "+1628555");
  const theirs: World = {
    ...world,
    ask: (path, init) => world.ask(path, { key: keys.away, ...init }),
    json: (path, init) => world.json(path, { key: keys.away, ...init }),
  };
  away = await sideOf(theirs, me.network.id, "+1646555");
});
afterAll(async () => {
  await world?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const own = () => world.miniflare.getD1Database("DB_1", "ringtrail");

async function sideOf(speaks: World, network_id: string, prefix: string): Promise<Side> {
  return { world: speaks, network_id, stock: await stockUp(speaks, { prefix, numbers: 3 }) };
}

/** In which of the two databases a network's rows of a table are. */
async function rowsOf(table: string, network_id: string): Promise<{ home: number; away: number }> {
  const count = async (database: World["d1"]) => {
    const row = await database
      .prepare(`SELECT count(*) AS rows FROM ${table} WHERE network_id = ?`)
      .bind(network_id)
      .first<{ rows: number }>();
    return row?.rows ?? 0;
  };
  return { home: await count(world.d1), away: await count(await own()) };
}

type CallRow = { attribution: { method: string }; to: string };

describe("two networks on two databases", () => {
  it("serve their visitors and calls, each from its own, and nothing of one lies in the other", async () => {
    const at = world.at + HOUR_MS;
    for (const [i, side] of [home, away].entries()) {
      const to = await visit(side.world, side.stock, at + i * 1_000);
      const told = { call_id: `growth-${i}`, to, at: at + 60_000 + i * 1_000 };
      await placeCall(side.world, side.stock.sandbox_account_id, told);
      const { data } = await side.world.json<{ data: CallRow[] }>("/api/v1/calls", { now: at + HOUR_MS });
      expect(data.map((call) => [call.to, call.attribution.method])).toEqual([[to, "lease"]]);
      await side.world.json(`/api/v1/sessions?pool_id=${side.stock.pool_id}`, { now: at + HOUR_MS });
    }
    for (const table of [
      "sessions",
      "calls",
      "numbers",
      "pools",
      "sites",
      "ledger_transactions",
      "audit_log",
    ]) {
      const [ours, theirs] = [await rowsOf(table, home.network_id), await rowsOf(table, away.network_id)];
      expect([table, ours.home > 0, ours.away]).toEqual([table, true, 0]);
      expect([table, theirs.home, theirs.away > 0]).toEqual([table, 0, true]);
    }
  });

  it("are found by what comes from outside, and hidden from each other", async () => {
    expect(await rowsOf("directory_entries", away.network_id)).toEqual({ home: 2, away: 2 });
    for (const [mine, other] of [
      [home, away],
      [away, home],
    ] as const) {
      await problemOf(await mine.world.ask(`/api/v1/pools/${other.stock.pool_id}`), 404);
      await problemOf(await mine.world.ask(`/api/v1/sites/${other.stock.site_id}`), 404);
    }
    const { key } = await away.world.json<{ key: string }>("/api/v1/api-keys", {
      json: { name: "Theirs", role: "viewer", organization_id: away.stock.publisher_id },
    });
    expect(await world.json("/api/v1/me", { key })).toMatchObject({ network: { id: away.network_id } });
  });

  it("have their people in the directory, and what they do in their own log", async () => {
    const { link, email } = await away.world.json<{ link: string; email: string }>("/api/v1/users", {
      json: { email: "robin@larch.example", role: "analyst" },
      now: Date.now(),
    });
    const visitor = new Visitor(world);
    const token = link.split("#")[1];
    const person = { name: "Robin", email, password: PASSWORD, invitation: token };
    expect((await visitor.ask("/auth/sign-up/email", { json: person })).status).toBe(200);
    expect((await visitor.ask("/auth/invitation/accept", { json: { token } })).status).toBe(200);
    expect(await visitor.me()).toMatchObject({ role: "analyst", network: { id: away.network_id } });
    for (const table of ["memberships", "invitations"]) {
      expect([table, await rowsOf(table, away.network_id)]).toEqual([table, { home: 1, away: 0 }]);
    }
    const { results } = await (await own())
      .prepare("SELECT action FROM audit_log WHERE action LIKE 'users.%' ORDER BY id")
      .all<{ action: string }>();
    expect(results.map(({ action }) => action)).toEqual(["users.create", "users.accept"]);
    expect((await rowsOf("audit_log", away.network_id)).home).toBe(0);
  });

  it("renew leases whose tokens name pools of different databases", async () => {
    const keysOf = (d1: World["d1"]) => d1.prepare("SELECT key FROM pools").first<{ key: number }>();
    const [ours, theirs] = [await keysOf(world.d1), await keysOf(await own())];
    expect([ours?.key, theirs?.key]).toEqual([1, 2 ** 24 + 1]);
    for (const side of [home, away]) {
      const headers = { origin: PAGE_ORIGIN, "user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0" };
      const asked = { site: side.stock.site_key, url: `${PAGE_ORIGIN}/`, referrer: "", visitor: "renewing" };
      const now = world.at + 2 * HOUR_MS;
      const reply = await side.world.json<{ lease: string }>("/v1/leases", {
        key: null,
        as_text: JSON.stringify(asked),
        headers,
        now,
      });
      const renewed = await side.world.ask(`/v1/leases/${reply.lease}/renew`, {
        key: null,
        as_text: "{}",
        headers,
        now: now + 60_000,
      });
      expect(renewed.status).toBe(200);
    }
  });

  it("are both looked after by one upkeep", async () => {
    const now = world.at + 12 * HOUR_MS;
    for (const side of [home, away]) {
      await side.world.json(`/api/v1/pools/${side.stock.pool_id}/health`, { now });
    }
    const report = await world.json<{ failed: string[] }>("/__local/scheduled", { method: "POST", now });
    expect(report.failed).toEqual([]);
    expect(await rowsOf("pool_hours", home.network_id)).toEqual({ home: 2, away: 0 });
    expect(await rowsOf("pool_hours", away.network_id)).toEqual({ home: 0, away: 2 });
  });

  it("have their old months copied to the archive, each session once, a line each", async () => {
    const bucket = await world.miniflare.getR2Bucket("ARCHIVE", "ringtrail");
    const files = async () => (await bucket.list()).objects.map(({ key }) => key);
    const tick = (now: number) =>
      world.json<{ archived: number }>("/__local/scheduled", { method: "POST", now });
    const over = Date.UTC(2026, 11, 1) + 62 * 24 * HOUR_MS;
    expect((await tick(over - 1)).archived).toBe(0);
    const { archived } = await tick(over);
    const folder = (id: string) => `sessions/network_id=${id}/month=2026-11/000001.ndjson`;
    expect(await files()).toEqual([folder(home.network_id), folder(away.network_id)].sort());
    let lines = 0;
    for (const side of [home, away]) {
      const text = (await (await bucket.get(folder(side.network_id)))?.text()) ?? "";
      const rows = text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as { id: string; network_id: string });
      expect(new Set(rows.map(({ network_id }) => network_id))).toEqual(new Set([side.network_id]));
      expect(rows.length).toBe(new Set(rows.map(({ id }) => id)).size);
      lines += rows.length;
    }
    expect(lines).toBe(archived);
    expect((await tick(over)).archived).toBe(0);
    expect(await files()).toHaveLength(2);
  });
});
