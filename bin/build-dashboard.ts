import { copyFile, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { DIST, ROOT } from "./paths.ts";

/** What a first visit may weigh, gzipped: the entry with everything it imports at once, and the style sheet. */
export const DASHBOARD_BUDGET = { first_load_js_gz: 30_000, css_gz: 10_000 } as const;

/**
 * Bundles the dashboard into `outdir` (`dist/dashboard/`), every page a chunk of its own. Answers the bytes of each file,
 * and as `first_load_js_gz` and `css_gz` what a first visit loads; throws when that is over the budget.
 */
export async function buildDashboard(outdir = join(DIST, "dashboard")): Promise<Record<string, number>> {
  const source = join(ROOT, "dashboard");
  const entry = join(source, "main.tsx");
  await mkdir(outdir, { recursive: true });
  const built = await build({
    entryPoints: { main: entry },
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    minify: true,
    legalComments: "none",
    metafile: true,
    logLevel: "error",
    entryNames: "[name]",
    chunkNames: "chunk-[hash]",
    absWorkingDir: ROOT,
  });
  const copied = (await readdir(source)).filter((name) => /\.(html|svg|ico|webmanifest)$/.test(name));
  for (const name of copied) await copyFile(join(source, name), join(outdir, name));
  const sizes: Record<string, number> = {};
  for (const [path, output] of Object.entries(built.metafile.outputs)) {
    sizes[path.slice(path.lastIndexOf("/") + 1)] = output.bytes;
  }
  // Only now: who reads the folder meanwhile finds a whole dashboard, the old or the new.
  for (const name of await readdir(outdir)) {
    if (!(name in sizes) && !copied.includes(name))
      await rm(join(outdir, name), { recursive: true, force: true });
  }
  const first = await firstLoad(built.metafile);
  for (const [name, limit] of Object.entries(DASHBOARD_BUDGET)) {
    const weighs = first[name as keyof typeof first];
    if (weighs > limit) throw new Error(`the dashboard's ${name} is ${weighs} bytes, over its ${limit}`);
  }
  return { ...sizes, ...first };
}

/** What the browser fetches before the first page: the entry, its static imports, and the styles. */
async function firstLoad(metafile: Metafile): Promise<Record<keyof typeof DASHBOARD_BUDGET, number>> {
  const weigh = async (path: string) => gzipSync(await readFile(resolve(ROOT, path))).length;
  const paths = Object.keys(metafile.outputs);
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { path: next, kind } of metafile.outputs[path]?.imports ?? []) {
      if (kind === "import-statement") visit(next);
    }
  };
  const main = paths.find((path) => path.endsWith("/main.js"));
  if (main) visit(main);
  const scripts = await Promise.all([...seen].map(weigh));
  const styles = await Promise.all(paths.filter((path) => path.endsWith("/main.css")).map(weigh));
  const sum = (parts: number[]) => parts.reduce((total, part) => total + part, 0);
  return { first_load_js_gz: sum(scripts), css_gz: sum(styles) };
}
