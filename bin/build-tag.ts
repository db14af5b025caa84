import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { TAG_OPTIONS } from "../shared/api/tag-site.ts";

/** What the Worker replaces in `site.js` by the JSON of a `TagSite`. */
export const SITE_TOKEN = "__RINGTRAIL_SITE__";

export type Sizes = { raw: number; gzip: number; brotli: number };

export type TagBuild = {
  /** `dist/tag/site.js`: the per-site tag with `SITE_TOKEN` in it, once. */
  perSite: string;
  /** `dist/tag/ringtrail.js`: the immutable tag, configured by its script element. */
  versioned: string;
  /** `dist/tag/overlay.js`: the diagnostics, loaded by a page that is opened with `?ringtrail-debug`. */
  overlay: string;
  /** The first ten hex digits of the SHA-256 of `versioned`. */
  version: string;
  /** Of `versioned`, for the snippet's `integrity` attribute. */
  integrity: string;
  /** Bytes, gzip at 9 and brotli at 11. The per-site files are measured with the token in them. */
  sizes: { ringtrail: Sizes; site: Sizes; every_option: Sizes };
};

type Option = (typeof TAG_OPTIONS)[number];

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** One file of ES2020 in ASCII, so that it may be pasted into a page of any encoding. */
async function bundle(input: string, per_site: boolean, options: readonly Option[] = []): Promise<string> {
  const flags = TAG_OPTIONS.map((option) => [
    `__${option.toUpperCase()}__`,
    String(options.includes(option)),
  ]);
  const bundled = await rolldown({
    cwd: ROOT,
    input,
    transform: {
      target: "es2020",
      define: { __PER_SITE__: String(per_site), ...Object.fromEntries(flags) },
    },
    logLevel: "silent",
  });
  const { output } = await bundled.generate({ format: "iife", minify: true, comments: false });
  await bundled.close();
  // The same in fewer bytes: nothing in it needs the `this` of a function.
  return output[0].code.trim().replace(/^\(function\(\) ?\{/, "(()=>{");
}

async function bundleForSites(options: readonly Option[]): Promise<string> {
  const text = await bundle("tag/tag.ts", true, options);
  if (text.split(SITE_TOKEN).length !== 2)
    throw new Error(`a per-site tag must hold ${SITE_TOKEN} exactly once`);
  return text;
}

/** The per-site tag with every combination of options, by the names of these in their order (`lazy,google_ads`). */
export async function buildTagVariants(): Promise<Record<string, string>> {
  const subsets: Option[][] = [[]];
  for (const option of TAG_OPTIONS) subsets.push(...subsets.map((options) => [...options, option]));
  const texts = await Promise.all(subsets.map((options) => bundleForSites(options)));
  return Object.fromEntries(texts.map((text, i) => [subsets[i]?.join() ?? "", text]));
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
 * Builds the tag's deliveries into `dist/tag/`, with `tag.json` (version, integrity, sizes) beside them. The same
 * source gives the same bytes. Rejects when the source does not build or the token is not there once.
 */
export async function buildTag(): Promise<TagBuild> {
  const [perSite, versioned, everyOption, overlay] = await Promise.all([
    bundleForSites([]),
    bundle("tag/tag.ts", false),
    bundleForSites(TAG_OPTIONS),
    // Finds a number in letters, too, and says what it would take to swap it.
    bundle("tag/debug/overlay.ts", false, ["vanity"]),
  ]);
  const version = createHash("sha256").update(versioned).digest("hex").slice(0, 10);
  const integrity = `sha384-${createHash("sha384").update(versioned).digest("base64")}`;
  const sizes = {
    ringtrail: measure(versioned),
    site: measure(perSite),
    every_option: measure(everyOption),
  };
  const directory = `${ROOT}dist/tag`;
  await mkdir(directory, { recursive: true });
  await Promise.all([
    writeFile(`${directory}/site.js`, perSite),
    writeFile(`${directory}/ringtrail.js`, versioned),
    writeFile(`${directory}/overlay.js`, overlay),
    writeFile(`${directory}/tag.json`, `${JSON.stringify({ version, integrity, sizes }, null, 2)}\n`),
  ]);
  return { perSite, versioned, overlay, version, integrity, sizes };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { version, sizes } = await buildTag();
  for (const [name, { raw, gzip, brotli }] of Object.entries(sizes)) {
    console.log(`tag ${name} ${version}: ${raw} raw, ${gzip} gzip, ${brotli} brotli`);
  }
}
