import { describe, expect, it } from "vitest";
import { SITE_KEY } from "../stage.ts";
import { BODY, eventually, LEASED, Visitor } from "../visitor.ts";

/** Groups 9 and 20: a visit that was taken for over, and goes on: whoever sees that says so, by a renewal. */

const visitor = new Visitor({ bfcache: true });
const LEASE = "lse_0101";
const ASKED = "/v1/leases";
const RENEWED = `/v1/leases/${LEASE}/renew`;

const paths = () => visitor.stage.heard.map(({ path }) => path);
const reported = () => visitor.stage.reportedOf(LEASE);

describe("a visit goes on after a goodbye", () => {
  it("in the tab that stays, when another one is closed", async () => {
    visitor.stage.reported.length = 0;
    const first = await visitor.open();
    await visitor.shows(first, LEASED);
    const second = await visitor.context.newPage();
    await second.goto(visitor.stage.site);
    await visitor.shows(second, LEASED);
    expect(paths()).toEqual([ASKED]);
    await second.close({ runBeforeUnload: true });
    await eventually(reported).toEqual(["left"]);
    await eventually(paths).toEqual([ASKED, RENEWED]);
  });

  it("in the page whose frame of the same site is closed", async () => {
    visitor.stage.reported.length = 0;
    visitor.stage.pages.set("/form", { html: visitor.html(BODY) });
    const page = await visitor.open();
    await visitor.shows(page, LEASED);
    await page.evaluate(() => {
      const frame = document.createElement("iframe");
      frame.src = "/form";
      document.body.appendChild(frame);
    });
    await page.frameLocator("iframe").locator("#number", { hasText: LEASED }).waitFor();
    await page.evaluate(() => document.querySelector("iframe")?.remove());
    await eventually(reported).toEqual(["left"]);
    await eventually(paths).toEqual([ASKED, RENEWED]);
  });

  it("on the page by which the visitor comes back, where the number is shown before that is said", async () => {
    visitor.stage.reported.length = 0;
    const page = await visitor.open();
    await visitor.shows(page, LEASED);
    await page.goto("about:blank");
    await eventually(reported).toEqual(["left"]);
    visitor.stage.answer = () => undefined;
    await page.goto(`${visitor.stage.site}/`);
    await visitor.shows(page, LEASED);
    await eventually(paths).toEqual([ASKED, RENEWED]);
  });

  it("and asks for nothing on the pages after that", async () => {
    visitor.stage.pages.set("/next", { html: visitor.html(BODY) });
    const page = await visitor.open("/", `${BODY}<a id="next" href="/next">next</a>`);
    await visitor.shows(page, LEASED);
    await page.goto("about:blank");
    await page.goto(`${visitor.stage.site}/`);
    await eventually(paths).toEqual([ASKED, RENEWED]);
    const entry = () =>
      page.evaluate((key) => JSON.parse(localStorage[key]).due > 0, `ringtrail:${SITE_KEY}`);
    await eventually(entry).toBe(true);
    await page.click("#next");
    await eventually(() => new URL(page.url()).pathname).toBe("/next");
    await visitor.shows(page, LEASED);
    expect(paths()).toEqual([ASKED, RENEWED]);
  });
});
