import { writeFile } from "node:fs/promises";
import {
  barFor,
  barsTable,
  compareWithReference,
  missedBars,
  studyWorld,
  summarize,
  type WorldResult,
} from "./bars.ts";
import { openReference } from "./reference.ts";
import { POOLS, type PoolKind } from "./world.ts";

/**
 * `node test/simulate/bars-run.ts [first seed] [last seed] [FILE]`: the attribution's figures over many worlds, beside the
 * bars they are held to; with `ATTRIBUTION_REFERENCE=folder` paired with the second implementation. Minutes.
 */
const [first = "1001", last = "1020", file] = process.argv.slice(2);
const study = { learned: 1_000, judged: 1_500 };
const reference = await openReference();
const kinds = Object.keys(POOLS) as PoolKind[];
const results: WorldResult[] = [];
for (let seed = Number(first); seed <= Number(last); seed++) {
  for (const kind of kinds) results.push(studyWorld(seed, kind, study, reference));
  console.error(`world ${seed} done`);
}
console.log(barsTable(results, kinds));
for (const kind of kinds) {
  const own = results.filter((result) => result.kind === kind);
  for (const judge of ["cold", "fitted"] as const) {
    const missed = missedBars(summarize(own, judge), barFor(judge, kind));
    console.log(`${kind} ${judge}: ${missed.length === 0 ? "every bar kept" : missed.join("; ")}`);
    const paired = compareWithReference(own, judge);
    if (paired) console.log(`${kind} ${judge} less the reference: ${JSON.stringify(paired)}`);
  }
}
if (file) await writeFile(file, JSON.stringify(results));
