import { randomInt } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { reportLines } from "../test/simulate/http/score.ts";
import { SCENARIOS, type ScenarioName, simulate } from "../test/simulate/http/simulate.ts";

/**
 * Drives the real HTTP surface with a town of visitors and callers whose truth it knows, and prints how much of it the
 * product got right. The seed that it prints makes the same run again. Exit 1 when a promise is broken.
 */
const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    days: { type: "string", default: "2" },
    visitors: { type: "string", default: "200" },
    pool: { type: "string" },
    scenario: { type: "string", default: "ample" },
    json: { type: "string" },
  },
});
const scenario = Object.keys(SCENARIOS).find((name) => name === values.scenario) as ScenarioName | undefined;
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
const [days, visitors] = [Number(values.days), Number(values.visitors)];
const pool = values.pool === undefined ? null : Number(values.pool);
const isCount = (value: number | null) => value === null || (Number.isInteger(value) && value > 0);
if (!scenario || ![seed + 1, days, visitors, pool].every(isCount)) {
  console.error(
    `npm run simulate -- [--seed S] [--days D] [--visitors N a day] [--pool N] [--scenario ${Object.keys(SCENARIOS).join("|")}] [--json FILE]`,
  );
  process.exit(2);
}
console.log(`seed ${seed}, scenario ${scenario}, ${days} days of ${visitors} visitors`);
const { score, broken } = await simulate({ seed, days, visitors, pool, scenario });
for (const line of reportLines(score)) console.log(line);
if (values.json) await writeFile(values.json, `${JSON.stringify(score, null, 2)}\n`);
for (const promise of broken) console.error(`broken with seed ${seed}: ${promise}`);
process.exit(broken.length === 0 ? 0 : 1);
