import { writeFile } from "node:fs/promises";
import type { Figure } from "../test/bench/figure.ts";
import { benchHistory } from "../test/bench/history.ts";
import { benchPaint } from "../test/bench/paint.ts";
import { benchSizes } from "../test/bench/sizes.ts";
import { benchTag } from "../test/bench/tag/tag.ts";
import { benchWorker } from "../test/bench/worker.ts";
import { builtOnce } from "../test/support/build.ts";

/**
 * Every benchmark, each a ratio against a reference in the same run; arguments choose some of them (`sizes`, `tag`,
 * `worker`, `history`, `paint`). `BENCH_OUT=FILE` also writes them as JSON.
 */
const BENCHES = {
  sizes: benchSizes,
  tag: benchTag,
  worker: benchWorker,
  history: benchHistory,
  paint: benchPaint,
};

const chosen = process.argv.slice(2);
await builtOnce();
const figures: Figure[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (chosen.length === 0 || chosen.includes(name)) figures.push(...(await bench()));
}

const columns = ["name", "ratio", "value", "reference", "unit", "better", "runs"] as const;
const rows = [
  columns.map(String),
  ...figures.map((figure) => columns.map((column) => String(figure[column]))),
];
const widths = columns.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
for (const row of rows)
  console.log(
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );

if (process.env.BENCH_OUT) await writeFile(process.env.BENCH_OUT, `${JSON.stringify(figures, null, 2)}\n`);
process.exit(0);
