import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { leased } from "../stage.ts";
import { LEASED, OWN, Visitor } from "../visitor.ts";
import { type FrameworkApp, frameworkApp } from "./bundle.ts";

/**
 * Group 5: frameworks take over the page that they rendered on the server, whenever the lease comes; the number is
 * shown soon after, and again whenever they write, in their own nodes and without a complaint in development builds.
 */

type Case = {
  name: string;
  app: () => Promise<FrameworkApp>;
  page: (html: string) => string;
  /** False: nothing tells the root from any other element, and its framework takes a changed text as it is. */
  is_marked?: boolean;
};

const inRoot = (attributes: string) => (html: string) => `<div ${attributes} data-app>${html}</div>`;
const react = () => frameworkApp("react", "jsx");
const vue = () => frameworkApp("vue");
const svelte = () => frameworkApp("svelte");

const FRAMEWORKS: Case[] = [
  { name: "React 18", app: () => frameworkApp("react", "jsx", 18), page: inRoot('id="root"') },
  { name: "React 19", app: react, page: inRoot('id="root"') },
  { name: "Vue 3", app: vue, page: inRoot('id="app"') },
  { name: "Svelte 5", app: svelte, page: inRoot('style="display: contents"'), is_marked: false },
];

/** The same frameworks in the roots that others give them. */
const ROOTS: Case[] = [
  { name: "React 19 in Gatsby's root", app: react, page: inRoot('id="___gatsby"') },
  {
    name: "React 19 in an Astro island",
    app: react,
    page: (html) => `<astro-island ssr data-app>${html}</astro-island>`,
  },
  { name: "Vue 3 in Nuxt's root", app: vue, page: inRoot('id="__nuxt"') },
  { name: "Svelte 5 in a root of its own", app: svelte, page: inRoot('id="app"') },
];

/** A page that hydrates when it is told to, and the nodes that its server sent. */
async function openApp(visitor: Visitor, html: string, script: string): Promise<Page> {
  visitor.stage.pages.set("/", { html });
  visitor.stage.pages.set("/app.js", { html: script, headers: { "content-type": "text/javascript" } });
  const page = await visitor.open();
  await page.waitForFunction(() => "app" in window);
  await page.evaluate(() => {
    Object.assign(window, { sent: document.querySelector("#number")?.firstChild });
  });
  return page;
}

/**
 * Lets the framework take over; `hydrated_at` is when it was asked to. The tag is made to look while React has only
 * begun: an island is no longer marked then.
 */
function hydrate(page: Page): Promise<void> {
  return page.evaluate(() => {
    Object.assign(window, { hydrated_at: performance.now() });
    (window as unknown as { app: { hydrate(): void } }).app.hydrate();
    document.querySelector("astro-island")?.removeAttribute("ssr");
    window.ringtrail?.swap();
  });
}

/** What a busy machine may add to the 3 s within which the number is to be shown. */
const SHOWN_WITHIN_MS = 3000 + 1000;

/** Milliseconds from hydration until the number is shown. */
async function shownAfter(page: Page): Promise<number> {
  const took = await page.waitForFunction((number) => {
    const { hydrated_at } = window as unknown as { hydrated_at: number };
    return document.querySelector("#number")?.textContent === number && performance.now() - hydrated_at;
  }, LEASED);
  return Number(await took.jsonValue());
}

/** The framework updates, swaps again and goes, all in the nodes it knows. */
async function livesOn(visitor: Visitor, page: Page): Promise<void> {
  expect(await shownAfter(page)).toBeLessThan(SHOWN_WITHIN_MS);
  const seen = await page.evaluate(() => {
    const link = document.querySelector<HTMLElement>("#link");
    return {
      dials: link?.getAttribute("href"),
      label: link?.ariaLabel,
      text: link?.innerText,
      same_node: (window as unknown as { sent: Node }).sent === document.querySelector("#number")?.firstChild,
    };
  });
  expect(seen).toEqual({
    dials: "tel:+16285550101",
    label: "Call (628) 555-0101",
    text: "(628) 555-0101",
    same_node: true,
  });
  for (const [count, line] of [
    ["1", "Night line 628.555.0101"],
    ["2", "Day line 628-555-0101"],
  ]) {
    await page.evaluate(() => document.querySelector<HTMLElement>("#more")?.click());
    await page.waitForFunction(
      ([text, free]) =>
        document.querySelector("#line")?.textContent === text &&
        document.querySelector("#count")?.textContent === `${free} free at 628 555 0101, call now` &&
        document.querySelector("#late")?.textContent === "1-628-555-0101",
      [line, count],
      { timeout: 15_000 },
    );
  }
  await page.evaluate(() => (window as unknown as { app: { unmount(): void } }).app.unmount());
  await page.waitForFunction(() => !document.querySelector("main"));
  expect(visitor.complaints).toEqual([]);
}

const visitor = new Visitor();

const pageOf = ({ html }: FrameworkApp, around: Case["page"]) =>
  visitor.html(around(html), `${visitor.stage.snippet()}<script defer src="/app.js"></script>`);

describe.each([...FRAMEWORKS, ...ROOTS])("$name", ({ app, page: around, is_marked = true }) => {
  it("hydrates the page it rendered although a number is leased already", async () => {
    const built = await app();
    const page = await openApp(visitor, pageOf(built, around), built.script);
    await page.waitForFunction(() => window.ringtrail?.get());
    expect(await page.textContent("#number")).toBe(is_marked ? OWN : LEASED);
    await hydrate(page);
    await livesOn(visitor, page);
  });
});

describe.each(FRAMEWORKS)("$name", ({ app, page: around }) => {
  it("is swapped when the lease comes after it has hydrated", async () => {
    const built = await app();
    const held = pageOf(built, around).replace("<script async", '<script async data-consent="denied"');
    const page = await openApp(visitor, held, built.script);
    await hydrate(page);
    expect(await page.textContent("#number")).toBe(OWN);
    await page.waitForFunction(() => window.ringtrail);
    await page.evaluate(() => window.ringtrail?.consent("granted"));
    await livesOn(visitor, page);
  });
});

describe("React 19 over the whole document, as in Next", () => {
  it("hydrates the page it rendered although a number is leased already", async () => {
    const { html, script } = await frameworkApp("document", "jsx");
    const head = `${visitor.stage.snippet()}<script>self.__next_f = []</script><script defer src="/app.js"></script>`;
    const page = await openApp(
      visitor,
      `<!doctype html>${html.replace("<title>", `${head}<title>`)}`,
      script,
    );
    await page.waitForFunction(() => window.ringtrail?.get());
    expect(await page.textContent("#number")).toBe(OWN);
    await hydrate(page);
    await livesOn(visitor, page);
  });
});

describe("beside an island", () => {
  it("swaps what is no framework's at once", async () => {
    visitor.stage.answer = () => leased("+16285550101");
    const page = await visitor.open(
      "/",
      `<p id="number">${OWN}</p><astro-island ssr><p id="island">${OWN}</p></astro-island>`,
    );
    await visitor.shows(page, LEASED);
    expect(await page.textContent("#island")).toBe(OWN);
  });
});
