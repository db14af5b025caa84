import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { buildDashboard, DASHBOARD_BUDGET } from "../../bin/build-dashboard.ts";
import { buildTag } from "../../bin/build-tag.ts";
import { buildWorker } from "../../bin/build-worker.ts";
import { DIST } from "../../bin/paths.ts";
import type { Figure } from "./figure.ts";
import { round } from "./figure.ts";

/** Plausible's tag, which swaps nothing: the anchor of docs/benchmarks.md. */
const PLAUSIBLE_TAG_BYTES = 2_355;
const WORKER_BUDGET_BYTES = 1_000_000;

const brotli = (text: string | Uint8Array) =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).byteLength;

const bytes = (name: string, value: number, reference: number): Figure => ({
  name,
  ratio: round(value / reference),
  value,
  reference,
  unit: "bytes",
  better: "lower",
  runs: 1,
});

/** What is downloaded: the tag, the dashboard's first load, and the Worker that is deployed. */
export async function benchSizes(): Promise<Figure[]> {
  const tag = await buildTag();
  await buildWorker({ local: false });
  const dashboard = await buildDashboard();
  const worker = await readdir(join(DIST, "worker"));
  const code = await Promise.all(
    worker
      .filter((name) => name.endsWith(".js"))
      .map(async (name) => gzipSync(await readFile(join(DIST, "worker", name))).byteLength),
  );
  const sum = (all: number[]) => all.reduce((total, one) => total + one, 0);
  return [
    bytes("tag, brotli", brotli(tag.versioned), PLAUSIBLE_TAG_BYTES),
    bytes("tag per site, brotli", brotli(tag.perSite), PLAUSIBLE_TAG_BYTES),
    bytes(
      "dashboard first load, gzip (budget)",
      dashboard.first_load_js_gz ?? 0,
      DASHBOARD_BUDGET.first_load_js_gz,
    ),
    bytes("dashboard styles, gzip (budget)", dashboard.css_gz ?? 0, DASHBOARD_BUDGET.css_gz),
    bytes("Worker with lazy chunks, gzip (budget)", sum(code), WORKER_BUDGET_BYTES),
  ];
}
