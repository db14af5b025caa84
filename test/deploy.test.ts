import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildWorker } from "../bin/build-worker.ts";
import { DIST, ROOT } from "../bin/paths.ts";
import { COMPATIBILITY_DATE } from "../bin/serve.ts";
import { builtOnce } from "./support/build.ts";

/** What docs/deploy.md promises of the bundle that is uploaded. */

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "ringtrail-deploy-"));
  await builtOnce();
  await buildWorker({ local: false });
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** What only demo, sandbox and local routes say. */
const LOCAL_ONLY = [
  "/__local",
  "demo.example",
  "Redwood Plumbing",
  "demo/stage",
  "/demo/call",
  "A call is { call_id, from, to }",
];

/** Which of these words the bundle in this folder of `dist/` holds. */
async function wordsIn(folder: string): Promise<string[]> {
  const names = await readdir(join(DIST, folder));
  const code = await Promise.all(names.map((name) => readFile(join(DIST, folder, name), "utf8")));
  return LOCAL_ONLY.filter((word) => code.some((text) => text.includes(word)));
}

describe("the deployed bundle", () => {
  it("has no demo, no sandbox and no local routes, which the local one has", async () => {
    expect(await wordsIn("worker")).toEqual([]);
    expect(await wordsIn("local")).toEqual(LOCAL_ONLY);
  });

  it("is accepted by wrangler's dry run with every binding", () => {
    const done = spawnSync(
      join(ROOT, "node_modules/.bin/wrangler"),
      ["deploy", "--dry-run", "--outdir", join(home, "out")],
      {
        cwd: ROOT,
        encoding: "utf8",
        env: {
          ...process.env,
          HOME: home,
          WRANGLER_SEND_METRICS: "false",
          CI: "1",
          CLOUDFLARE_CF_FETCH_ENABLED: "false",
        },
      },
    );
    expect(`${done.stdout}${done.stderr}`).toContain("--dry-run: exiting now");
    expect(done.status).toBe(0);
    for (const binding of [
      "env.DB",
      "env.PLANS",
      "env.POOL",
      "env.ASSETS",
      "env.PUBLIC_URL",
      "env.LEASE_RATE",
    ])
      expect(done.stdout).toContain(binding);
  });

  it("runs on the compatibility date that the tests run on", async () => {
    const toml = await readFile(join(ROOT, "wrangler.toml"), "utf8");
    expect(toml).toContain(`compatibility_date = "${COMPATIBILITY_DATE}"`);
  });
});
