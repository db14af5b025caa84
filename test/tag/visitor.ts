import type { Browser, BrowserContext, Page, Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { buildTag } from "../../bin/build-tag.ts";
import type {} from "../../tag/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { Stage } from "./stage.ts";

export const OWN = "(415) 555-0132";
export const LEASED = "(628) 555-0101";
/** A page's number as text and as link. */
export const BODY = `<p id="number">${OWN}</p><a id="link" href="tel:+14155550132">${OWN}</a>`;

const PATIENCE_MS = 15_000;

/** `expect.poll` with the patience that a busy machine needs. */
export function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: PATIENCE_MS });
}

/**
 * A visitor in a real Chromium, new for each test, before a stage that serves the site and plays the Worker. Opening a
 * page costs more than most tests, so one whose context was not changed is emptied and opened again by the next.
 */
export class Visitor {
  stage!: Stage;
  /** Everything the pages complained about: uncaught errors, rejections, console output. */
  complaints: string[] = [];
  #browser: Browser | undefined;
  #context: BrowserContext | undefined;
  #hasOwnContext = false;
  /** Opened by an earlier test, and empty. */
  #spare: Page | undefined;

  /** `bfcache`: pages may come back as they were left, see `launchChromium`. */
  constructor({ bfcache = false } = {}) {
    beforeAll(async () => {
      const [tag, browser] = await Promise.all([buildTag(), launchChromium({ bfcache })]);
      this.#browser = browser;
      this.stage = new Stage(tag);
      await this.stage.open();
    });
    beforeEach(async () => {
      this.stage.clear();
      this.complaints = [];
      this.#context ??= await (this.#browser as Browser).newContext();
    });
    afterEach(() => this.#tidy());
    afterAll(async () => {
      await this.#browser?.close();
      await this.stage?.close();
    });
  }

  /** What all pages of this test share. Whoever takes it may change it for good, so it is closed after the test. */
  get context(): BrowserContext {
    this.#hasOwnContext = true;
    return this.#context as BrowserContext;
  }

  async #tidy(): Promise<void> {
    const [page, ...others] = (this.#context as BrowserContext).pages();
    if (this.#hasOwnContext || !page) {
      await this.#context?.close();
      this.#context = undefined;
      this.#spare = undefined;
      this.#hasOwnContext = false;
      return;
    }
    await Promise.all(others.map((other) => other.close()));
    await page.goto("about:blank");
    const session = await (this.#context as BrowserContext).newCDPSession(page);
    await session.send("Storage.clearDataForOrigin", { origin: this.stage.site, storageTypes: "all" });
    await session.detach();
    this.#spare = page;
  }

  html(body: string, head = this.stage.snippet()): string {
    return `<!doctype html><html><head><meta charset="utf-8"><title>t</title>${head}</head><body>${body}</body></html>`;
  }

  /** Opens a page of the site; the front page gets this body and head unless it has some already. */
  async open(path = "/", body = BODY, head?: string): Promise<Page> {
    if (!this.stage.pages.has("/")) this.stage.pages.set("/", { html: this.html(body, head) });
    const page = this.#spare ?? (await this.#newPage());
    this.#spare = undefined;
    await page.goto(this.stage.site + path);
    return page;
  }

  async #newPage(): Promise<Page> {
    const page = await (this.#context as BrowserContext).newPage();
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      // Chromium itself reports a request that fails, a script cannot prevent it; React's builds advertise.
      const foreign = /^Failed to load resource|CORS policy|React DevTools/.test(message.text());
      if (!foreign) this.complaints.push(message.text());
    });
    return page;
  }

  /** Goes to a page of the site and waits until it has acted on the outcome of its one request, whatever that was. */
  async settle(page: Page, path: string): Promise<void> {
    const isMine = (request: Request) =>
      request.method() === "POST" && String(request.postDataJSON()?.url).endsWith(path);
    const outcome = Promise.race([
      page.waitForEvent("requestfinished", isMine),
      page.waitForEvent("requestfailed", isMine),
    ]);
    await page.goto(this.stage.site + path);
    await outcome;
    await page.evaluate(() => new Promise((done) => setTimeout(done)));
  }

  /** Waits until the page shows this number. */
  async shows(page: Page, number: string): Promise<void> {
    await page.waitForFunction((text) => document.querySelector("#number")?.textContent === text, number, {
      timeout: PATIENCE_MS,
    });
  }
}
