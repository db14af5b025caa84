import { describe, expect, it } from "vitest";
import { leased, SITE_KEY } from "../stage.ts";
import { BODY, eventually, LEASED, OWN, Visitor } from "../visitor.ts";

/** Groups 9, 19 and 20: one lease over pages, tabs, time and history, and never a number that has expired. */

const visitor = new Visitor({ bfcache: true });
const HOUR_MS = 3_600_000;
const RENEW_MS = 900_000;
const NEXT = "(628) 555-0102";

const paths = () => visitor.stage.heard.map(({ path }) => path);

describe("a visit", () => {
  it("shows the leased number in text and link after one plain request", async () => {
    const page = await visitor.open("/?utm_source=x&gclid=Ab");
    await visitor.shows(page, LEASED);
    expect(await page.getAttribute("#link", "href")).toBe("tel:+16285550101");
    expect(paths()).toEqual(["/v1/leases"]);
    const [{ body, headers }] = visitor.stage.heard as [(typeof visitor.stage.heard)[0]];
    expect(headers["content-type"]).toMatch(/^text\/plain/);
    expect(headers.cookie).toBeUndefined();
    expect(body).toMatchObject({
      site: SITE_KEY,
      url: `${visitor.stage.site}/?utm_source=x&gclid=Ab`,
      referrer: "",
      visitor: expect.stringMatching(/^[\w-]{20,}$/),
    });
    expect(body).not.toHaveProperty("lease");
    expect(body).not.toHaveProperty("gpc");
    expect(visitor.complaints).toEqual([]);
  });

  it("shows a remembered number on the next page without a request, before the first paint", async () => {
    await visitor.shows(await visitor.open(), LEASED);
    const reads = `<script>window.first = document.querySelector("#number").textContent</script>`;
    const head = visitor.stage.snippet().replace("async ", "");
    visitor.stage.pages.set("/next", { html: visitor.html(BODY + reads, head) });
    const page = await visitor.open("/next");
    expect(await page.evaluate(() => (window as unknown as { first: string }).first)).toBe(LEASED);
    expect(paths()).toEqual(["/v1/leases"]);
  });

  it("asks again, with the held lease, when the URL brings another touch, and only then", async () => {
    const page = await visitor.open("/?gclid=one");
    await visitor.shows(page, LEASED);
    for (const query of ["?gclid=one&page=2", "?gclid=two"]) {
      await page.evaluate((to) => {
        setTimeout(() => location.assign(to));
      }, `/${query}`);
      await eventually(() => page.url()).toContain(query);
      await visitor.shows(page, LEASED);
    }
    await eventually(() => visitor.stage.heard.length).toBe(2);
    expect(visitor.stage.heard[1]?.body).toMatchObject({
      url: `${visitor.stage.site}/?gclid=two`,
      lease: "lse_0101",
      visitor: visitor.stage.heard[0]?.body.visitor,
    });
    await page.evaluate(() => {
      setTimeout(() => history.back());
    });
    await eventually(() => page.url()).toContain("/?gclid=one&page=2");
    await visitor.shows(page, LEASED);
    expect(visitor.stage.heard).toHaveLength(2);
  });

  it("goes on over links, reloads and back within the site, and is over when the site is left", async () => {
    visitor.stage.answer = () => leased("+16285550177");
    const onPage = async (path: string) => {
      await eventually(() => new URL(page.url()).pathname).toBe(path);
      await visitor.shows(page, "(628) 555-0177");
    };
    const page = await visitor.open("/", `${BODY}<a id="next" href="/next">next</a>`);
    visitor.stage.pages.set("/next", { html: visitor.html(BODY) });
    await onPage("/");
    await page.click("#next");
    await onPage("/next");
    await page.evaluate(() => {
      setTimeout(() => location.reload());
    });
    await page.waitForEvent("load");
    await onPage("/next");
    await page.evaluate(() => {
      setTimeout(() => history.back());
    });
    await onPage("/");
    await page.evaluate(() => history.pushState({}, "", "/view"));
    expect(visitor.stage.reportedOf("lse_0177")).toEqual([]);
    await page.goto("about:blank");
    await eventually(() => visitor.stage.reportedOf("lse_0177")).toEqual(["left"]);
  });

  it("goes on over links where the browser tells of no navigation", async () => {
    visitor.stage.answer = () => leased("+16285550179");
    await visitor.context.addInitScript(() => Object.assign(window, { navigation: undefined }));
    visitor.stage.pages.set("/next", {
      html: visitor.html(`${BODY}<a id="away" href="about:blank">away</a>`),
    });
    const page = await visitor.open("/", `${BODY}<a href="/next"><b id="next">next</b></a>`);
    await visitor.shows(page, "(628) 555-0179");
    expect(await page.evaluate(() => window.navigation)).toBeUndefined();
    await page.click("#next");
    await eventually(() => new URL(page.url()).pathname).toBe("/next");
    await visitor.shows(page, "(628) 555-0179");
    expect(visitor.stage.reportedOf("lse_0179")).toEqual([]);
    await page.click("#away");
    await eventually(() => visitor.stage.reportedOf("lse_0179")).toEqual(["left"]);
  });

  it("is over when the page is left after a download, or after another page and back", async () => {
    visitor.stage.answer = () => leased("+16285550178");
    visitor.stage.pages.set("/next", { html: visitor.html(BODY) });
    const headers = { "content-disposition": "attachment; filename=terms.txt" };
    visitor.stage.pages.set("/file", { html: "terms", headers });
    const links =
      '<a id="next" href="/next">next</a><a id="file" href="/file">file</a><a id="menu" href="#">+</a>';
    const page = await visitor.open("/", BODY + links);
    await visitor.shows(page, "(628) 555-0178");
    const downloaded = page.waitForEvent("download");
    await page.click("#file");
    await downloaded;
    await page.click("#number");
    await page.goto("about:blank");
    await eventually(() => visitor.stage.reportedOf("lse_0178")).toEqual(["left"]);

    await page.goto(`${visitor.stage.site}/`);
    await page.click("#next");
    await eventually(() => new URL(page.url()).pathname).toBe("/next");
    await page.evaluate(() => {
      setTimeout(() => history.back());
    });
    await eventually(() => new URL(page.url()).pathname).toBe("/");
    await visitor.shows(page, "(628) 555-0178");
    // A link that only opens a menu leads nowhere.
    await page.evaluate(() => addEventListener("click", (event) => event.preventDefault()));
    await page.click("#menu");
    await page.goto("about:blank");
    await eventually(() => visitor.stage.reportedOf("lse_0178")).toEqual(["left", "left"]);
  });

  it("is another one on another subdomain, and goes on where it was after coming back", async () => {
    visitor.stage.answer = ({ headers }) =>
      leased(headers.origin?.includes("shop.") ? "+16285550102" : "+16285550101");
    const { port } = new URL(visitor.stage.site);
    visitor.stage.pages.set("/", { html: visitor.html(BODY) });
    const page = await visitor.context.newPage();
    await page.goto(`http://www.localhost:${port}/`);
    await visitor.shows(page, LEASED);
    await page.goto(`http://shop.localhost:${port}/`);
    await visitor.shows(page, NEXT);
    for (const [way, number] of [
      [-1, LEASED],
      [1, NEXT],
    ] as const) {
      await page.evaluate((by) => {
        setTimeout(() => history.go(by));
      }, way);
      await visitor.shows(page, number);
    }
    expect(paths().filter((path) => !path.endsWith("/renew"))).toEqual(["/v1/leases", "/v1/leases"]);
  });

  it("is one in two tabs: the same lease, one request, the same renewals", async () => {
    await visitor.context.clock.install();
    const first = await visitor.open();
    await visitor.shows(first, LEASED);
    const second = await visitor.open();
    await visitor.shows(second, LEASED);
    expect(paths()).toEqual(["/v1/leases"]);
    visitor.stage.answer = () => leased("+16285550102");
    await first.clock.fastForward(RENEW_MS + 20_000);
    await visitor.shows(first, NEXT);
    await visitor.shows(second, NEXT);
    expect(paths().filter((path) => path.endsWith("/renew")).length).toBeLessThanOrEqual(2);
  });
});

describe("an open page", () => {
  it("renews in time, and asks anew when the lease is gone", async () => {
    await visitor.context.clock.install();
    let gone = false;
    visitor.stage.answer = ({ path }) => {
      if (!path.endsWith("/renew")) return leased(gone ? "+16285550102" : "+16285550101");
      return gone ? { status: 410, body: "" } : leased("+16285550101");
    };
    const page = await visitor.open();
    await visitor.shows(page, LEASED);
    await page.clock.fastForward(RENEW_MS + 20_000);
    await eventually(paths).toEqual(["/v1/leases", "/v1/leases/lse_0101/renew"]);
    gone = true;
    await eventually(async () => {
      await page.clock.fastForward(RENEW_MS / 2);
      return page.textContent("#number");
    }).toBe(NEXT);
    expect(paths().slice(-2)).toEqual(["/v1/leases/lse_0101/renew", "/v1/leases"]);
  });

  it("shows its own number again when the lease expires and nothing answers", async () => {
    await visitor.context.clock.install();
    const page = await visitor.open();
    await visitor.shows(page, LEASED);
    visitor.stage.answer = () => ({ status: 503, body: "" });
    await eventually(async () => {
      await page.clock.fastForward(RENEW_MS / 4);
      return page.textContent("#number");
    }).toBe(OWN);
    expect(await page.getAttribute("#link", "href")).toBe("tel:+14155550132");
    expect(await page.evaluate(() => window.ringtrail?.get())).toBeNull();
    expect(visitor.complaints).toEqual([]);
  });

  it("puts its own number back before it asks, after the machine slept", async () => {
    await visitor.context.clock.install();
    const page = await visitor.open();
    await visitor.shows(page, LEASED);
    visitor.stage.answer = () => undefined;
    await page.clock.fastForward(2 * HOUR_MS);
    expect(await page.textContent("#number")).toBe(OWN);
  });
});

describe("a page out of the back/forward cache", () => {
  /** Leaves the page for another one and comes back, `later_ms` after by the machine's clock. */
  async function leaveAndReturn(later_ms: number) {
    visitor.stage.pages.set("/away", { html: "<!doctype html><title>away</title>" });
    const page = await visitor.open();
    await visitor.shows(page, LEASED);
    await page.evaluate((later) => {
      const now = Date.now.bind(Date);
      addEventListener("pagehide", () => {
        Date.now = () => now() + later;
      });
      addEventListener("pageshow", ({ persisted }) => {
        Object.assign(window, { returned: [persisted, document.querySelector("#number")?.textContent] });
      });
    }, later_ms);
    await page.goto(`${visitor.stage.site}/away`);
    await page.evaluate(() => {
      setTimeout(() => history.back());
    });
    await page.waitForFunction(() => "returned" in window);
    const returned = await page.evaluate(() => (window as unknown as { returned: unknown }).returned);
    return { page, returned };
  }

  it("still shows a live lease, and says that the visit goes on", async () => {
    const { returned } = await leaveAndReturn(0);
    expect(returned).toEqual([true, LEASED]);
    await eventually(paths).toEqual(["/v1/leases", "/v1/leases/lse_0101/renew"]);
  });

  it("never shows an expired one, and asks for another", async () => {
    const first = visitor.stage.answer;
    visitor.stage.answer = (heard) =>
      visitor.stage.heard.length > 1 ? leased("+16285550102") : first(heard);
    const { page, returned } = await leaveAndReturn(2 * HOUR_MS);
    expect(returned).toEqual([true, OWN]);
    await visitor.shows(page, NEXT);
  });

  it("stays with its own number when there is no other", async () => {
    const first = visitor.stage.answer;
    visitor.stage.answer = (heard) =>
      visitor.stage.heard.length > 1 ? { status: 500, body: "" } : first(heard);
    const { page, returned } = await leaveAndReturn(2 * HOUR_MS);
    expect(returned).toEqual([true, OWN]);
    await eventually(paths).toHaveLength(2);
    expect(await page.textContent("#number")).toBe(OWN);
  });
});

it("asks for nothing in a background tab, until somebody looks", async () => {
  function pretend(properties: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(properties)) {
      Object.defineProperty(document, name, { value, configurable: true });
    }
  }
  const unseen = `<script>(${pretend})({ visibilityState: "hidden", hidden: true })</script>`;
  const page = await visitor.open("/", BODY, unseen + visitor.stage.snippet());
  await page.waitForFunction(() => window.ringtrail);
  await page.evaluate(() => new Promise((done) => setTimeout(done)));
  expect(paths()).toEqual([]);
  expect(await page.textContent("#number")).toBe(OWN);
  await page.evaluate(pretend, { visibilityState: "visible", hidden: false });
  await page.evaluate(() => {
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  });
  await visitor.shows(page, LEASED);
  expect(paths()).toEqual(["/v1/leases"]);
});
