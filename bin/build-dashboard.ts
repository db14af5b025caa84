import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { DIST, ROOT } from "./paths.ts";

/** Bundles the dashboard into `dist/dashboard/`. Answers the bytes of each file. */
export async function buildDashboard(): Promise<Record<string, number>> {
  const source = join(ROOT, "dashboard");
  const entry = join(source, "main.tsx");
  const outdir = join(DIST, "dashboard");
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  if (!existsSync(entry)) return {};
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
  });
  for (const name of await readdir(source)) {
    if (/\.(html|svg|ico|webmanifest)$/.test(name)) await copyFile(join(source, name), join(outdir, name));
  }
  const sizes: Record<string, number> = {};
  for (const [path, output] of Object.entries(built.metafile.outputs)) {
    sizes[path.slice(path.lastIndexOf("/") + 1)] = output.bytes;
  }
  return sizes;
}
