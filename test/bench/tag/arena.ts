import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { buildTag, SITE_TOKEN } from "../../../bin/build-tag.ts";
import type { Swap } from "../../../shared/api/leases.ts";
import type { RingtrailApi } from "../../../tag/api.ts";
import { launchChromium } from "../../support/chromium.ts";

declare global {
  interface Window {
    ringtrail?: RingtrailApi;
  }
}

const ORIGIN = "https://arena.example";
/** Isolated pages have a clock of 5 µs instead of 100. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** Fresh pages with the benchmark's code in them, and the tag with a lease of these swaps if wanted. */
export class Arena {
  readonly #browser: Browser;
  readonly #code: string;
  readonly #tag: string;

  private constructor(browser: Browser, code: string, tag: string) {
    this.#browser = browser;
    this.#code = code;
    this.#tag = tag;
  }

  static async open(): Promise<Arena> {
    const [browser, { perSite }, { outputFiles }] = await Promise.all([
      launchChromium(),
      buildTag(),
      build({
        entryPoints: [new URL("./in-page.ts", import.meta.url).pathname],
        bundle: true,
        format: "iife",
        write: false,
      }),
    ]);
    const site = { site: "arena", host: ORIGIN, find: ["+14155550132"] };
    const tag = perSite.replace(SITE_TOKEN, () => JSON.stringify(site));
    return new Arena(browser, outputFiles[0]?.text ?? "", tag);
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  /**
   * Opens a page that nothing has warmed up. With `swaps` the tag is on it; its lease is answered when `leased`, if
   * given, resolves, else at once and the tag has it when this returns.
   */
  async page(swaps: Swap[] | null, leased?: Promise<void>): Promise<Page> {
    const context = await this.#browser.newContext();
    const page = await context.newPage();
    await page.route(`${ORIGIN}/**`, async (route) => {
      if (route.request().method() !== "POST") {
        const body = "<!doctype html><meta charset=utf-8><title>arena</title><body>";
        return route.fulfill({ body, contentType: "text/html", headers: ISOLATED });
      }
      await leased;
      const json = { lease: "lse_arena", expires_at: 1, renew_after_s: 900, swaps: swaps ?? [] };
      return route.fulfill({ status: 201, json });
    });
    await page.goto(`${ORIGIN}/`);
    await page.evaluate(this.#code);
    if (swaps) await page.evaluate(this.#tag);
    if (swaps && !leased) await page.waitForFunction(() => window.ringtrail?.get());
    return page;
  }

  /** Runs in a fresh page, which is closed afterwards. */
  async once<T>(swaps: Swap[] | null, run: (page: Page) => Promise<T>): Promise<T> {
    const page = await this.page(swaps);
    try {
      return await run(page);
    } finally {
      await page.context().close();
    }
  }
}
