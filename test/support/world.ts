import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Served, serve } from "../../bin/serve.ts";
import { builtOnce } from "./build.ts";
import { copyMigrated } from "./migrated.ts";

/** A request to the running product; `now` sets its clock, `key` its credentials, `json` its body. */
export type Ask = RequestInit & { now?: number; key?: string | null; json?: unknown; as_text?: string };

/** A whole local product on workerd and D1 for one test file, with one network and its admin key. */
export type World = Served & {
  data_dir: string;
  key: string;
  network_id: string;
  /** `fetch` against the product with the network's key; the clock is the header's, `world.at` unless told. */
  ask(path: string, init?: Ask): Promise<Response>;
  /** The same, and the JSON of an answer that must be 2xx. */
  json<T = Record<string, unknown>>(path: string, init?: Ask): Promise<T>;
  /** The time of requests that do not say another; move it forward as the story goes. */
  at: number;
  fault(d1: "none" | "throw" | "hang" | "slow"): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Deadlines lie so many times further off, but where speed is measured and while D1 hangs or is slow: what a story
 * tells must not depend on how busy the machine is.
 */
export const DEADLINE_FACTOR = 10;

/** Saturday 2026-11-21 12:00 UTC: where stories begin. */
export const NOON = Date.UTC(2026, 10, 21, 12);

/** Starts the product, without its dashboard unless told, built first if a source file has changed. Stop it in `afterAll`. */
export async function startWorld(
  options: {
    data_dir?: string;
    key?: string;
    reference?: boolean;
    network_databases?: Record<string, string>;
    provider_apis?: Record<string, string>;
    proxy_token?: string;
    leases_per_minute?: number;
    dashboard?: boolean;
  } = {},
): Promise<World> {
  await builtOnce();
  const data_dir = options.data_dir ?? (await mkdtemp(join(tmpdir(), "ringtrail-")));
  if (!options.data_dir) await copyMigrated(data_dir);
  const key = options.key ?? `rt_test_${randomBytes(16).toString("hex")}`;
  const served = await serve({
    port: 0,
    data_dir,
    migrated: !options.data_dir,
    seed: "none",
    clock: "header",
    dashboard: options.dashboard ?? false,
    reference: options.reference ?? false,
    network_databases: options.network_databases ?? {},
    provider_apis: options.provider_apis ?? {},
    ...(options.proxy_token && { proxy_token: options.proxy_token }),
    ...(options.leases_per_minute && { leases_per_minute: options.leases_per_minute }),
  });

  const world: World = {
    ...served,
    data_dir,
    key,
    network_id: "",
    at: NOON,
    ask(path, init = {}) {
      const { now, key: given, json, as_text, ...rest } = init;
      const headers = new Headers(rest.headers);
      headers.set("ringtrail-now", String(now ?? world.at));
      const bearer = given === undefined ? world.key : given;
      if (bearer !== null && !headers.has("authorization")) headers.set("authorization", `Bearer ${bearer}`);
      let body = rest.body ?? null;
      if (json !== undefined) {
        headers.set("content-type", "application/json");
        body = JSON.stringify(json);
      }
      if (as_text !== undefined) {
        headers.set("content-type", "text/plain;charset=UTF-8");
        body = as_text;
      }
      const method = rest.method ?? (body === null ? "GET" : "POST");
      return fetch(`${served.url}${path}`, { redirect: "manual", ...rest, method, headers, body });
    },
    async json<T>(path: string, init?: Ask): Promise<T> {
      const response = await world.ask(path, init);
      const text = await response.text();
      if (!response.ok) throw new Error(`${init?.method ?? ""} ${path} answered ${response.status}: ${text}`);
      return (text === "" ? {} : JSON.parse(text)) as T;
    },
    async fault(d1) {
      const is_timed = d1 === "hang" || d1 === "slow" || options.reference;
      const deadline_factor = is_timed ? 1 : DEADLINE_FACTOR;
      await world.json("/__local/faults", { json: { d1, deadline_factor } });
    },
    async stop() {
      await served.close();
      if (!options.data_dir) await rm(data_dir, { recursive: true, force: true });
    },
  };
  await world.fault("none");
  await world.json("/__local/bootstrap", { json: { api_key: key, name: "Larkspur Network" } });
  const me = await world.json<{ network: { id: string } }>("/api/v1/me");
  world.network_id = me.network.id;
  return world;
}
