import { randomInt } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { reportLines } from "../test/simulate/http/score.ts";
import { SCENARIOS, type ScenarioName, simulate } from "../test/simulate/http/simulate.ts";
import { payoutLines, studyPayouts } from "../test/simulate/payouts.ts";

/**
 * Drives the real HTTP surface with a town of visitors and callers whose truth it knows, and prints how much of it the
 * product got right. The seed that it prints makes the same run again. Exit 1 when a promise is broken.
 */
const USAGE = `npm run simulate -- [--seed S] [--days D] [--visitors N a day] [--pool N] [--scenario ${Object.keys(SCENARIOS).join("|")}] [--json FILE]
npm run simulate -- --payouts [--seed S]`;

function explain(fault: string): never {
  console.error(`${fault}\n${USAGE}`);
  process.exit(2);
}

/** The options as they were typed; how to use them, where they cannot be read. */
function optionsOf() {
  try {
    return parseArgs({
      options: {
        seed: { type: "string" },
        days: { type: "string", default: "2" },
        visitors: { type: "string", default: "200" },
        pool: { type: "string" },
        scenario: { type: "string", default: "ample" },
        json: { type: "string" },
        payouts: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return explain(error instanceof Error ? error.message : String(error));
  }
}

const values = optionsOf();
const scenario = Object.keys(SCENARIOS).find((name) => name === values.scenario) as ScenarioName | undefined;
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
const [days, visitors] = [Number(values.days), Number(values.visitors)];
const pool = values.pool === undefined ? null : Number(values.pool);
const isCount = (value: number | null) => value === null || (Number.isInteger(value) && value > 0);
if (!scenario || ![seed + 1, days, visitors, pool].every(isCount)) {
  explain("Numbers are whole and not negative, and the scenario is one of those named here.");
}
if (values.payouts) {
  // The months of a pool at the settlement's two ways with an uncertain payout, on the pure model: no server runs.
  for (const kind of ["ample", "tight", "shared"] as const)
    console.log(payoutLines(studyPayouts(seed, kind, { learned: 1_000, judged: 500 })).join("\n"), "\n");
  process.exit(0);
}
console.log(`seed ${seed}, scenario ${scenario}, ${days} days of ${visitors} visitors`);
const { score, broken } = await simulate({ seed, days, visitors, pool, scenario });
for (const line of reportLines(score)) console.log(line);
if (values.json) await writeFile(values.json, `${JSON.stringify(score, null, 2)}\n`);
for (const promise of broken) console.error(`broken with seed ${seed}: ${promise}`);
process.exit(broken.length === 0 ? 0 : 1);
