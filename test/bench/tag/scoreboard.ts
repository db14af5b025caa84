import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { buildTag } from "../../../bin/build-tag.ts";
import { DECOYS } from "../../tag/groups/decoys.ts";
import { SWAPPED_FORMS } from "../../tag/groups/form-rows.ts";
import { ATTRIBUTE_FORMS } from "../../tag/groups/link-rows.ts";
import { type Figure, median, round } from "../figure.ts";
import type { Arena } from "./arena.ts";
import type { Contestant, Row, Verdict } from "./in-page.ts";
import { timeOf, US } from "./speed.ts";

/** One contestant's line. Times are of a cold pass over 10,000 texts with a hit. */
export type Standing = {
  contestant: Contestant;
  bytes: number;
  took_ms: number;
  /** The time against a bare pass of the same round. */
  ratio: number;
  forms: Verdict;
  decoys: Verdict;
  pages: Verdict;
};

const CONTESTANTS = ["ringtrail", "findandreplacedomtext", "regex walker"] as const;
const RUNS = 5;
const TEXTS = 10_000;
const PAGES = 2_000;
const SEED = 20_261_121;
const SWAPS = [...US, { find: "+442079460018", replace: "+442079460777" }];
const FORMS: Row[] = [...SWAPPED_FORMS, ...ATTRIBUTE_FORMS];
const DECOY_ROWS: Row[] = DECOYS.map(([name, html]) => [name, html, html]);

/** Bytes of what a page would load, brotli at 11: the whole tag, of the others only what replaces numbers. */
async function weigh(contestant: Contestant): Promise<number> {
  if (contestant === "ringtrail") return (await buildTag()).sizes.ringtrail.brotli;
  const [file, name] =
    contestant === "regex walker" ? ["rivals.ts", "regexWalker"] : ["find-and-replace.ts", "findAndReplace"];
  const { outputFiles } = await build({
    stdin: {
      contents: `import { ${name} } from "./${file}"; window.swapper = ${name}(window.swaps);`,
      resolveDir: new URL(".", import.meta.url).pathname,
    },
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2020",
    write: false,
  });
  return brotliCompressSync(outputFiles[0]?.contents ?? "").length;
}

/** The same pages through every contestant. */
export async function standings(arena: Arena): Promise<Standing[]> {
  const times = new Map(CONTESTANTS.map((contestant) => [contestant, [] as { ms: number; ratio: number }[]]));
  for (let run = 0; run < RUNS; run++) {
    const bare_ms = await timeOf(arena, "bare pass", TEXTS, true);
    for (const contestant of CONTESTANTS) {
      const ms = await timeOf(arena, contestant, TEXTS, true);
      times.get(contestant)?.push({ ms, ratio: ms / bare_ms });
    }
  }
  const table: Standing[] = [];
  for (const contestant of CONTESTANTS) {
    const judged = await arena.once(contestant === "ringtrail" ? SWAPS : null, (page) =>
      page.evaluate(
        ([who, swaps, forms, decoys, seed, pages]) => ({
          forms: window.bench.judgeRows(who, swaps, forms),
          decoys: window.bench.judgeRows(who, swaps, decoys),
          pages: window.bench.judgePages(who, swaps, seed, pages),
        }),
        [contestant, SWAPS, FORMS, DECOY_ROWS, SEED, PAGES] as const,
      ),
    );
    const runs = times.get(contestant) ?? [];
    table.push({
      contestant,
      bytes: await weigh(contestant),
      took_ms: round(median(runs.map(({ ms }) => ms)), 1),
      ratio: round(median(runs.map(({ ratio }) => ratio)), 1),
      ...judged,
    });
  }
  return table;
}

/** The standings as a Markdown table, as docs/benchmarks.md shows it. */
export function asMarkdown(table: Standing[]): string {
  const rows: [string, (standing: Standing) => string | number][] = [
    ["weight, bytes (brotli)", ({ bytes }) => bytes.toLocaleString("en")],
    ["cold pass over 10,000 texts, against a bare pass", ({ ratio }) => `${ratio}×`],
    [`forms right, of ${FORMS.length}`, ({ forms }) => forms.right],
    ["forms missed", ({ forms }) => forms.left],
    ["forms wrong", ({ forms }) => forms.wrong],
    ["forms for which nodes were added or replaced", ({ forms }) => forms.rebuilt],
    [`false positives, of ${DECOY_ROWS.length} decoys`, ({ decoys }) => decoys.wrong],
    [
      `generated pages right, of ${PAGES.toLocaleString("en")}`,
      ({ pages }) => pages.right.toLocaleString("en"),
    ],
    ["generated pages without a number that were changed", ({ pages }) => pages.wrong.toLocaleString("en")],
  ];
  const line = (cells: (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [
    line(["", ...table.map(({ contestant }) => contestant)]),
    line(["---", ...table.map(() => "---:")]),
    ...rows.map(([name, cell]) => line([name, ...table.map(cell)])),
  ].join("\n");
}

/** The standings as figures: the tag against each rival. */
export function asFigures(table: Standing[]): Figure[] {
  const [own, ...rivals] = table;
  if (!own) return [];
  return rivals.flatMap((rival) => {
    const figure = (
      name: string,
      unit: string,
      better: Figure["better"],
      of: (standing: Standing) => number,
    ): Figure => ({
      name: `tag: ${name}, vs ${rival.contestant}`,
      ratio: round(of(own) / Math.max(of(rival), Number.EPSILON)),
      value: of(own),
      reference: of(rival),
      unit,
      better,
      runs: RUNS,
    });
    return [
      figure("cold pass over 10,000 texts", "ms", "lower", ({ took_ms }) => took_ms),
      figure("weight, brotli", "bytes", "lower", ({ bytes }) => bytes),
      figure("forms right", `of ${FORMS.length}`, "higher", ({ forms }) => forms.right),
      figure("false positives", `of ${DECOY_ROWS.length}`, "lower", ({ decoys }) => decoys.wrong),
      figure("generated pages right", `of ${PAGES}`, "higher", ({ pages }) => pages.right),
    ];
  });
}
