import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ROOT } from "../bin/paths.ts";
import type { Call } from "../shared/api/calls.ts";
import { DAY_MS } from "../shared/instant.ts";
import { builtOnce } from "./support/build.ts";
import { stockUp } from "./support/inventory.ts";
import { layLine } from "./support/line.ts";
import { startWorld } from "./support/world.ts";

/** `npm start` as a person or a script uses it: ready line, clean end, and the same data at the next start. */

const KEY = "rt_test_start_0123456789";
let data_dir: string;
let port: number;

beforeAll(async () => {
  data_dir = await mkdtemp(join(tmpdir(), "ringtrail-start-"));
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  port = typeof address === "object" && address ? address.port : 0;
  probe.close();
  await builtOnce();
});
afterAll(() => rm(data_dir, { recursive: true, force: true }));

async function start(env: Record<string, string>): Promise<{ child: ChildProcess; printed: string }> {
  const child = spawn(process.execPath, [join(ROOT, "bin/boot.mjs"), "start"], {
    env: { ...process.env, PORT: String(port), DATA_DIR: data_dir, SEED: "none", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for await (const chunk of child.stdout ?? []) {
    printed += chunk;
    if (printed.includes(`ringtrail ready http://127.0.0.1:${port}\n`)) break;
  }
  return { child, printed };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exited = once(child, "exit");
  child.kill(signal);
  // Ctrl-C reaches the whole process group, so the signal may come twice.
  child.kill(signal);
  const [code] = await exited;
  return code;
}

const me = () => fetch(`http://127.0.0.1:${port}/api/v1/me`, { headers: { authorization: `Bearer ${KEY}` } });
/** What the demo answers where none was asked for, nor may be made afterwards. */
const demo = async () => {
  const paths = ["/demo", "/demo/seed", "/demo/sign-in?as=network"];
  const answers = paths.map((path) =>
    fetch(`http://127.0.0.1:${port}${path}`, { method: path === "/demo/seed" ? "POST" : "GET" }),
  );
  return (await Promise.all(answers)).map(({ status }) => status);
};

describe("npm start", () => {
  it("serves, ends cleanly, and keeps its data", async () => {
    const first = await start({ BOOTSTRAP_API_KEY: KEY });
    const network = ((await (await me()).json()) as { network: { id: string } }).network.id;
    expect(network).toMatch(/^org_/);
    expect(await demo()).toEqual([404, 404, 404]);
    expect(await end(first.child, "SIGTERM")).toBe(0);
    await expect(me()).rejects.toThrow();

    const second = await start({ BOOTSTRAP_API_KEY: KEY });
    expect(((await (await me()).json()) as { network: { id: string } }).network.id).toBe(network);
    expect(await end(second.child, "SIGTERM")).toBe(0);
  }, 120_000);

  it("does by itself what is due: money whose hold has passed is free", async () => {
    const held_dir = join(data_dir, "held");
    const world = await startWorld({ data_dir: held_dir, key: KEY });
    const { advertiser_id, sandbox_account_id: telephony_account_id } = await stockUp(world);
    const e164 = "+16505590009";
    world.at = Date.now() - 2 * DAY_MS;
    await layLine(world, { advertiser_id, telephony_account_id, e164, terms: { hold_s: 86_400 } });
    const of = `/v1/telephony/${telephony_account_id}`;
    const json = { call_id: "held", from: "+14155550177", to: e164 };
    const { id } = await world.json<{ id: string }>(`${of}/voice`, { json });
    await world.json(`${of}/status`, {
      json: { ...json, status: "completed", duration_s: 120, connected_s: 100 },
    });
    const revenueOf = async (call: Response) => ((await call.json()) as Call).revenue?.status;
    expect(await revenueOf(await world.ask(`/api/v1/calls/${id}`))).toBe("held");
    await world.stop();

    const { child } = await start({ DATA_DIR: held_dir });
    const seen = () =>
      fetch(`http://127.0.0.1:${port}/api/v1/calls/${id}`, { headers: { authorization: `Bearer ${KEY}` } });
    await expect.poll(async () => revenueOf(await seen()), { timeout: 20_000 }).toBe("qualified");
    expect(await end(child, "SIGTERM")).toBe(0);
  }, 120_000);

  it("ends cleanly, without a complaint, while the demo is being filled", async () => {
    const child = spawn(process.execPath, [join(ROOT, "bin/boot.mjs"), "start"], {
      env: { ...process.env, PORT: String(port), DATA_DIR: join(data_dir, "demo"), SEED: "demo" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let complaint = "";
    child.stderr?.on("data", (chunk) => {
      complaint += chunk;
    });
    const isServing = () => fetch(`http://127.0.0.1:${port}/docs/problems`).then(({ ok }) => ok);
    await vi.waitFor(async () => expect(await isServing()).toBe(true), { timeout: 60_000, interval: 50 });
    expect(await end(child, "SIGTERM")).toBe(0);
    expect(complaint).toBe("");
  }, 120_000);

  it("names every setting that it cannot use", async () => {
    const child = spawn(process.execPath, [join(ROOT, "bin/boot.mjs"), "start"], {
      env: {
        ...process.env,
        CLOCK: "sundial",
        SEED: "some",
        PORT: "http",
        PUBLIC_URL: "here",
        BOOTSTRAP_API_KEY: "k",
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let complaint = "";
    child.stderr?.on("data", (chunk) => {
      complaint += chunk;
    });
    const [code] = await once(child, "exit");
    expect(code).toBe(1);
    expect(complaint.match(/(?<=ringtrail: )\w+/g)).toEqual([
      "SEED",
      "CLOCK",
      "PORT",
      "PUBLIC_URL",
      "BOOTSTRAP_API_KEY",
    ]);
    expect(complaint).toContain("CLOCK is system or header, not sundial");
  });
});
