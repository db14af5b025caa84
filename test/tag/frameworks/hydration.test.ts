import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { leased } from "../stage.ts";
import { LEASED, OWN, Visitor } from "../visitor.ts";
import { type FrameworkApp, frameworkApp } from "./bundle.ts";

/**
 * Group 5: frameworks take over the page that they rendered on the server, whenever the lease comes; the number is
 * shown soon after, and again whenever they write, in their own nodes and without a complaint in development builds.
 */

type Case = { name: string; app: () => Promise<FrameworkApp>; page: (html: string) => string };

const inRoot = (attributes: string) => (html: string) => `<div ${attributes} data-app>${html}</div>`;

const CASES: Case[] = [
  { name: "React 18", app: () => frameworkApp("react", "jsx", 18), page: inRoot('id="root"') },
  { name: "React 19", app: () => frameworkApp("react", "jsx"), page: inRoot('id="root"') },
  { name: "Vue 3", app: () => frameworkApp("vue"), page: inRoot('id="app"') },
  { name: "Svelte 5", app: () => frameworkApp("svelte"), page: inRoot('id="app"') },
  {
    name: "React 19 in an Astro island",
    app: () => frameworkApp("react", "jsx"),
    page: (html) => `<astro-island ssr data-app>${html}</astro-island>`,
  },
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

function hydrate(page: Page): Promise<void> {
  return page.evaluate(() => (window as unknown as { app: { hydrate(): void } }).app.hydrate());
}

/** The framework updates, swaps again and goes, all in the nodes it knows. */
async function livesOn(visitor: Visitor, page: Page): Promise<void> {
  await visitor.shows(page, LEASED);
  expect(await page.getAttribute("#link", "href")).toBe("tel:+16285550101");
  expect(await page.getAttribute("#link", "aria-label")).toBe("Call (628) 555-0101");
  expect(await page.innerText("#link")).toBe("(628) 555-0101");
  expect(
    await page.evaluate(
      () => (window as unknown as { sent: Node }).sent === document.querySelector("#number")?.firstChild,
    ),
  ).toBe(true);
  for (const [count, line] of [
    ["1", "Night line 628.555.0101"],
    ["2", "Day line 628-555-0101"],
  ]) {
    await page.click("#more");
    await page.waitForFunction(
      ([text, free]) =>
        document.querySelector("#line")?.textContent === text &&
        document.querySelector("#count")?.textContent === `${free} free at 628 555 0101, call now` &&
        document.querySelector("#late")?.textContent === "1-628-555-0101",
      [line, count],
      { timeout: 3000 },
    );
  }
  await page.evaluate(() => (window as unknown as { app: { unmount(): void } }).app.unmount());
  await page.waitForFunction(() => !document.querySelector("main"));
  expect(visitor.complaints).toEqual([]);
}

const visitor = new Visitor();

describe.each(CASES)("$name", ({ app, page: around }) => {
  let built: FrameworkApp;
  beforeAll(async () => {
    built = await app();
  });
  const html = () =>
    visitor.html(around(built.html), `${visitor.stage.snippet()}<script defer src="/app.js"></script>`);

  it("hydrates the page it rendered although a number is leased already", async () => {
    const page = await openApp(visitor, html(), built.script);
    await page.waitForFunction(() => window.ringtrail?.get());
    expect(await page.textContent("#number")).toBe(OWN);
    await hydrate(page);
    await livesOn(visitor, page);
  });

  it("is swapped when the lease comes after it has hydrated", async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    await visitor.context.route("**/v1/leases", async (route) => {
      await gate;
      await route.continue();
    });
    const page = await openApp(visitor, html(), built.script);
    await hydrate(page);
    expect(await page.textContent("#number")).toBe(OWN);
    open();
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
