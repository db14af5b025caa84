import { spawn, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DIST, ROOT } from "./paths.ts";

/**
 * Everything that must hold, on a fresh clone: format and lint, types of each kind of code, then the tests
 * (unit, workerd, browser). Arguments are handed to vitest. The last line is `N passed, N failed`.
 */
const TYPE_CHECKS = ["shared", "edge/tsconfig.model.json", "edge", "tag", "dashboard", "test"];

let passed = 0;
let failed = 0;

/** Runs one check and says how it went; what it printed comes in one piece, as others run beside it. */
async function check(name: string, command: string, args: string[]): Promise<void> {
  const started_at = performance.now();
  const child = spawn(command, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => printed.push(chunk));
  const status = await new Promise<number | null>((done) => {
    child.on("error", (error) => {
      printed.push(Buffer.from(`${error}\n`));
      done(null);
    });
    child.on("close", done);
  });
  const took_s = ((performance.now() - started_at) / 1000).toFixed(1);
  if (status === 0) passed += 1;
  else {
    failed += 1;
    process.stdout.write(Buffer.concat(printed));
  }
  console.log(`${status === 0 ? "ok    " : "FAILED"}  ${name} (${took_s} s)`);
}

async function checkSource(): Promise<void> {
  await check("format and lint", "biome", ["check", "--error-on-warnings", "."]);
  for (const project of TYPE_CHECKS) await check(`types of ${project}`, "tsc", ["-p", project]);
}

const only = process.argv.slice(2);
if (only.length === 0) {
  // What the tests share takes as long to make as the types to check, and there are two cores.
  await Promise.all([
    checkSource(),
    check("build, and the demo's month", process.execPath, ["test/support/prepare.ts"]),
  ]);
}

const report = join(DIST, "test-results.json");
rmSync(report, { force: true });
const vitest = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...only];
const run = spawnSync("vitest", vitest, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
const counted = countTests();
passed += counted.passed;
failed += counted.failed;
// A run that broke before or beside its tests (a file that does not load) has failed too.
if (run.status !== 0 && counted.failed === 0) failed += 1;

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function countTests(): { passed: number; failed: number } {
  try {
    const result = JSON.parse(readFileSync(report, "utf8")) as {
      numPassedTests: number;
      numFailedTests: number;
    };
    return { passed: result.numPassedTests, failed: result.numFailedTests };
  } catch {
    return { passed: 0, failed: 0 };
  }
}
