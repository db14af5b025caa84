import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { brotliCompressSync } from "node:zlib";
import { transform } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { buildTag, SITE_TOKEN, type TagBuild } from "../../bin/build-tag.ts";

/** What the core weighs at most: a change that needs more has to say so here. */
const CORE_BROTLI_BYTES = 2791;
const SETTINGS_BROTLI_BYTES = 128;
/** And all options together, beyond that. */
const OPTIONS_BROTLI_BYTES = 512;

let tag: TagBuild;

beforeAll(async () => {
  tag = await buildTag();
});

describe("the built tag", () => {
  it("is the same every time", async () => {
    expect(await buildTag()).toEqual(tag);
  });

  it("takes the site's settings in one place, the versioned file in none", () => {
    expect(tag.perSite.split(SITE_TOKEN)).toHaveLength(2);
    expect(tag.versioned).not.toContain("RINGTRAIL_SITE");
  });

  it("is named and sealed by its content, and written to dist", async () => {
    const written = await readFile(new URL("../../dist/tag/ringtrail.js", import.meta.url), "utf8");
    expect(written).toBe(tag.versioned);
    expect(createHash("sha256").update(written).digest("hex")).toMatch(new RegExp(`^${tag.version}`));
    expect(tag.integrity).toBe(`sha384-${createHash("sha384").update(written).digest("base64")}`);
    const facts = JSON.parse(await readFile(new URL("../../dist/tag/tag.json", import.meta.url), "utf8"));
    expect(facts).toEqual({ version: tag.version, integrity: tag.integrity, sizes: tag.sizes });
  });

  it("weighs what it says, within its budget", () => {
    const settings = { site: "k".repeat(26), host: "https://ringtrail.example.com" };
    const filled = tag.perSite.replace(SITE_TOKEN, () => JSON.stringify(settings));
    expect(tag.sizes.ringtrail.raw).toBe(Buffer.byteLength(tag.versioned));
    expect(tag.sizes.ringtrail.brotli).toBe(brotliCompressSync(tag.versioned).length);
    expect(tag.sizes.ringtrail.brotli).toBeLessThanOrEqual(CORE_BROTLI_BYTES);
    expect(brotliCompressSync(filled).length - tag.sizes.ringtrail.brotli).toBeLessThanOrEqual(
      SETTINGS_BROTLI_BYTES,
    );
    expect(tag.sizes.every_option.brotli - tag.sizes.ringtrail.brotli).toBeLessThanOrEqual(
      OPTIONS_BROTLI_BYTES,
    );
  });

  it("is ES2020, plain ASCII, and without what old browsers or strict policies refuse", async () => {
    for (const code of [tag.perSite, tag.versioned]) {
      await expect(transform(code, { target: "es2020", format: "iife" })).resolves.toBeTruthy();
      expect(code).toMatch(/^[\t\n -~]*$/);
      expect(code).not.toMatch(/\(\?<[=!]|\beval\b|innerHTML|new Function|console/);
    }
  });
});
