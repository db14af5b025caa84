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

describe("the deployed bundle", () => {
  it("has no demo, no sandbox and no local routes", async () => {
    const folder = join(DIST, "worker");
    const found: string[] = [];
    for (const name of await readdir(folder)) {
      const code = await readFile(join(folder, name), "utf8");
      for (const word of ["__local", "demo.example", "Redwood Plumbing", "demo/stage", "/demo/call"]) {
        if (code.includes(word)) found.push(`${name} holds ${word}`);
      }
    }
    expect(found).toEqual([]);
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
    for (const binding of ["env.DB", "env.PLANS", "env.POOL", "env.ASSETS", "env.PUBLIC_URL"])
      expect(done.stdout).toContain(binding);
  });

  it("runs on the compatibility date that the tests run on", async () => {
    const toml = await readFile(join(ROOT, "wrangler.toml"), "utf8");
    expect(toml).toContain(`compatibility_date = "${COMPATIBILITY_DATE}"`);
  });
});
