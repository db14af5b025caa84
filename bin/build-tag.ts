import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

/** What the Worker replaces in `site.js` by the JSON of a `TagSite`. */
export const SITE_TOKEN = "__RINGTRAIL_SITE__";

export type Sizes = { raw: number; gzip: number; brotli: number };

export type TagBuild = {
  /** `dist/tag/site.js`: the per-site tag with `SITE_TOKEN` in it, once. */
  perSite: string;
  /** `dist/tag/ringtrail.js`: the immutable tag, configured by its script element. */
  versioned: string;
  /** The first ten hex digits of the SHA-256 of `versioned`. */
  version: string;
  /** Of `versioned`, for the snippet's `integrity` attribute. */
  integrity: string;
  /** Bytes, gzip at 9 and brotli at 11. The per-site file is measured with the token in it. */
  sizes: { ringtrail: Sizes; site: Sizes };
};

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** One file of ES2020 in ASCII, so that it may be pasted into a page of any encoding. */
async function bundle(per_site: boolean): Promise<string> {
  const bundle = await rolldown({
    cwd: ROOT,
    input: "tag/tag.ts",
    transform: { target: "es2020", define: { __PER_SITE__: String(per_site) } },
    logLevel: "silent",
  });
  const { output } = await bundle.generate({ format: "iife", minify: true, comments: false });
  await bundle.close();
  return output[0].code.trim();
}

function measure(text: string): Sizes {
  const bytes = Buffer.from(text);
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params: quality }).length,
  };
}

/**
 * Builds both deliveries of the tag into `dist/tag/`, with `tag.json` (version, integrity, sizes) beside them.
 * The same source gives the same bytes. Rejects when the source does not build or the token is not there once.
 */
export async function buildTag(): Promise<TagBuild> {
  const [perSite, versioned] = await Promise.all([bundle(true), bundle(false)]);
  if (perSite.split(SITE_TOKEN).length !== 2) throw new Error(`site.js must hold ${SITE_TOKEN} exactly once`);
  const version = createHash("sha256").update(versioned).digest("hex").slice(0, 10);
  const integrity = `sha384-${createHash("sha384").update(versioned).digest("base64")}`;
  const sizes = { ringtrail: measure(versioned), site: measure(perSite) };
  const directory = `${ROOT}dist/tag`;
  await mkdir(directory, { recursive: true });
  await Promise.all([
    writeFile(`${directory}/site.js`, perSite),
    writeFile(`${directory}/ringtrail.js`, versioned),
    writeFile(`${directory}/tag.json`, `${JSON.stringify({ version, integrity, sizes }, null, 2)}\n`),
  ]);
  return { perSite, versioned, version, integrity, sizes };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { version, sizes } = await buildTag();
  for (const [name, { raw, gzip, brotli }] of Object.entries(sizes)) {
    console.log(`tag ${name}.js ${version}: ${raw} raw, ${gzip} gzip, ${brotli} brotli`);
  }
}
