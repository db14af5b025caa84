import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildTag } from "../../../bin/build-tag.ts";
import type { Swap } from "../../../shared/api/leases.ts";
import { LONGER, OTHERS, US } from "../groups/form-rows.ts";
import { NUMBERINGS } from "../reference/pages.ts";
import { leased, Stage } from "../stage.ts";
import { ENGINES, isInstalled, open } from "./engine.ts";
import { type Found, STEPS, type Step } from "./steps.ts";

/**
 * Group 18: the tag in other engines than Chromium, in `npm run verify` and where they are installed. The browsers are
 * not driven: their pages try things and report.
 */

const PATIENCE_MS = 600_000;
/** Both pages are of one visit. */
const SHOP = "shop";
const OWN_SITES: readonly Step[] = ["visit", "again"];

let stage: Stage;
beforeEach(async () => {
  stage = new Stage(await buildTag());
  await stage.open();
});
afterEach(() => stage.close());

function swapsOf(step: string): Swap[] {
  if (step === "longer") return [LONGER];
  const numbering = { generated: NUMBERINGS[0], british: NUMBERINGS[1] }[step];
  if (!numbering) return [US, ...OTHERS];
  const { country, find, replace } = numbering;
  return [{ find: `+${country}${find}`, replace: `+${country}${replace}` }];
}

/** What the browser says of each page, once it has gone through all of them. */
async function tour(engine: (typeof ENGINES)[number]): Promise<Map<Step, Found>> {
  const { outputFiles } = await build({
    entryPoints: [new URL("./in-page.ts", import.meta.url).pathname],
    bundle: true,
    format: "iife",
    write: false,
  });
  const script = outputFiles[0]?.text ?? "";
  for (const step of STEPS.names) {
    const site = OWN_SITES.includes(step) ? SHOP : step;
    const head = `<meta charset="utf-8"><title>t</title><link rel="next" href="${stage.worker}/t/other.js"><script>${script}</script>`;
    const body = `<p id="number">(415) 555-0132</p><a id="link" href="tel:+14155550132">415-555-0132</a>`;
    const tag = stage.snippet(`data-site="${site}"`);
    stage.pages.set(`/${step}`, {
      html: `<!doctype html><html><head>${head}${tag}</head><body>${body}</body></html>`,
    });
  }
  const found = new Map<Step, Found>();
  stage.answer = ({ body }) =>
    leased("+16285550101", { lease: `lse_${body.site}`, swaps: swapsOf(String(body.site)) });
  const all = new Promise<void>((done) => {
    stage.onFound = (text) => {
      const one = JSON.parse(text) as Found;
      found.set(one.step, one);
      if (found.size === STEPS.names.length) done();
    };
  });
  const close = await open(engine, `${stage.site}/${STEPS.names[0]}`);
  try {
    await all;
    await expect.poll(() => stage.reportedOf("lse_british"), { timeout: PATIENCE_MS }).toEqual(["left"]);
  } finally {
    await close();
  }
  return found;
}

describe.each(ENGINES)("in $name", (engine) => {
  const isWanted = process.env.VERIFY_RUNS !== undefined && isInstalled(engine);
  it.skipIf(!isWanted)("swaps, keeps, reports and takes back as in Chromium", async () => {
    const found = await tour(engine);
    const said = (step: Step) => found.get(step)?.said;
    const shown = ["(628) 555-0101", "tel:+16285550101", "628-555-0101"];
    expect([said("visit"), said("again")]).toEqual([shown, shown]);
    expect(stage.heard.filter(({ body }) => body.site === SHOP)).toHaveLength(1);
    // And not that he left: he went on over a link.
    expect(stage.reportedOf(`lse_${SHOP}`)).toEqual(["tel_click", "tel_click"]);
    for (const step of ["forms", "links", "decoys", "longer"] as const) expect(said(step), step).toEqual([]);
    expect([said("generated"), said("british")]).toEqual([["true"], ["true"]]);
    expect([...found.values()].flatMap(({ complaints }) => complaints)).toEqual([]);
  });
});
