import { spawnSync } from "node:child_process";
import { ROOT } from "./paths.ts";

/**
 * The long forms of the laws: the same test files, with `VERIFY_RUNS` cases a property instead of the short
 * form's few hundred, and a seed that is printed so that a failure can be run again (`SEED=… npm run verify`).
 */
const seed = process.env.VERIFY_SEED ?? String(Math.floor(Math.random() * 2 ** 31));
const runs = process.env.VERIFY_RUNS ?? "20000";
console.log(`seed ${seed}, ${runs} cases a law (VERIFY_SEED, VERIFY_RUNS)`);
const done = spawnSync("vitest", ["run", "--testTimeout=7200000", ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: "inherit",
  env: { ...process.env, VERIFY_SEED: seed, VERIFY_RUNS: runs },
});
process.exit(done.status ?? 1);
