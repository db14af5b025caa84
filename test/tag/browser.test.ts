import { describe, expect, it } from "vitest";
import { leased, SITE_KEY } from "./stage.ts";
import { BODY, LEASED, OWN, Visitor } from "./visitor.ts";

const visitor = new Visitor();

describe("a visit", () => {
  it("shows the leased number in text and link after one plain request", async () => {
    const page = await visitor.open("/?utm_source=x&gclid=Ab");
    await visitor.shows(page, LEASED);
    expect(await page.getAttribute("#link", "href")).toBe("tel:+16285550101");
    expect(visitor.stage.heard.map(({ path }) => path)).toEqual(["/v1/leases"]);
    const [{ body, headers }] = visitor.stage.heard as [(typeof visitor.stage.heard)[0]];
    expect(headers["content-type"]).toMatch(/^text\/plain/);
    expect(headers.cookie).toBeUndefined();
    expect(body).toMatchObject({
      site: SITE_KEY,
      url: `${visitor.stage.site}/?utm_source=x&gclid=Ab`,
      referrer: "",
      visitor: expect.stringMatching(/^[\d-]{20,}$/),
    });
    expect(body).not.toHaveProperty("lease");
    expect(body).not.toHaveProperty("gpc");
    expect(visitor.complaints).toEqual([]);
  });

  it("works as the versioned file, configured by its script element", async () => {
    const page = await visitor.open("/", BODY, visitor.stage.snippet(`data-site="${SITE_KEY}"`));
    await visitor.shows(page, LEASED);
    expect(visitor.stage.heard[0]?.body.site).toBe(SITE_KEY);
    expect(visitor.complaints).toEqual([]);
  });

  it("shows a remembered number on the next page without a request, before the first paint", async () => {
    await visitor.shows(await visitor.open(), LEASED);
    const head = visitor.stage.snippet().replace("async ", "");
    visitor.stage.pages.set("/next", {
      html: visitor.html(
        `${BODY}<script>window.first = document.querySelector("#number").textContent</script>`,
        head,
      ),
    });
    const page = await visitor.open("/next");
    expect(await page.evaluate(() => (window as unknown as { first: string }).first)).toBe(LEASED);
    expect(visitor.stage.heard).toHaveLength(1);
  });

  it("asks again, with the held lease, when the URL brings another touch, and only then", async () => {
    const page = await visitor.open("/?gclid=one");
    await visitor.shows(page, LEASED);
    await page.goto(`${visitor.stage.site}/?gclid=one&page=2`);
    await visitor.shows(page, LEASED);
    await page.goto(`${visitor.stage.site}/?gclid=two`);
    await visitor.shows(page, LEASED);
    await expect.poll(() => visitor.stage.heard.length).toBe(2);
    expect(visitor.stage.heard[1]?.body).toMatchObject({
      url: `${visitor.stage.site}/?gclid=two`,
      lease: "lse_0101",
      visitor: visitor.stage.heard[0]?.body.visitor,
    });
  });

  it("reports a dialled number and the visitor's leaving", async () => {
    visitor.stage.answer = () => leased("+16285550101", { lease: "lse_mine" });
    const page = await visitor.open();
    await visitor.shows(page, LEASED);
    await page.evaluate(() => {
      document.addEventListener("click", (event) => event.preventDefault());
    });
    await page.click("#link");
    await expect.poll(() => visitor.stage.reportedOf("lse_mine")).toEqual(["tel_click"]);
    await page.goto("about:blank");
    await expect.poll(() => visitor.stage.reportedOf("lse_mine")).toEqual(["tel_click", "left"]);
  });

  it("gives two tabs the same number", async () => {
    const first = await visitor.open();
    await visitor.shows(first, LEASED);
    const second = await visitor.open();
    await visitor.shows(second, LEASED);
    expect(visitor.stage.heard).toHaveLength(1);
  });

  it("renews while it is open, and asks anew when the lease is gone", async () => {
    let renewals = 0;
    visitor.stage.answer = ({ path }) => {
      if (!path.endsWith("/renew"))
        return leased(renewals ? "+16285550102" : "+16285550101", { renew_after_s: 1 });
      return ++renewals < 2 ? leased("+16285550101", { renew_after_s: 1 }) : { status: 410, body: "" };
    };
    const page = await visitor.open();
    await visitor.shows(page, LEASED);
    await visitor.shows(page, "(628) 555-0102");
    expect(visitor.stage.heard.slice(0, 4).map(({ path }) => path)).toEqual([
      "/v1/leases",
      "/v1/leases/lse_0101/renew",
      "/v1/leases/lse_0101/renew",
      "/v1/leases",
    ]);
  });

  it("shows its own number again when the lease expires and nothing answers", async () => {
    visitor.stage.answer = ({ path }) =>
      path.endsWith("/renew") || visitor.stage.heard.length > 1
        ? { status: 503, body: "" }
        : leased("+16285550101", { renew_after_s: 1 });
    const page = await visitor.open();
    await visitor.shows(page, LEASED);
    await visitor.shows(page, OWN);
    expect(await page.getAttribute("#link", "href")).toBe("tel:+14155550132");
    expect(await page.evaluate(() => window.ringtrail?.get())).toBeNull();
    expect(visitor.complaints).toEqual([]);
  });
});

describe("the page's own number stays, without an error", () => {
  it.each<[string, ReturnType<typeof leased>]>([
    ["500", { status: 500, body: "oops" }],
    ["404", { status: 404, body: '{"type":"about:blank"}' }],
    ["an HTML body", { status: 200, body: "<!doctype html><p>captive portal" }],
    ["invalid JSON", { status: 201, body: '{"lease":"lse_1","swaps":[' }],
    ["an empty object", { status: 200, body: "{}" }],
    ["null", { status: 200, body: "null" }],
    ["no number to lease", { status: 200, body: '{"lease":null,"swaps":[],"reason":"pool_empty"}' }],
    ["nonsense numbers", leased("<b>1</b>")],
    ["an impossible renewal", leased("+16285550101", { renew_after_s: -1 })],
    [
      "CORS refusal",
      { ...leased("+16285550101")!, headers: { "access-control-allow-origin": "https://other.example" } },
    ],
    ["no answer at all", undefined],
  ])("%s", async (_name, answer) => {
    visitor.stage.answer = () => answer;
    const page = await visitor.openAndSettle();
    expect(await page.textContent("#number")).toBe(OWN);
    expect(await page.getAttribute("#link", "href")).toBe("tel:+14155550132");
    expect(await page.evaluate(() => window.ringtrail?.get())).toBeNull();
    expect(visitor.complaints).toEqual([]);
  });

  it("shows the static number that a reply without a lease brings", async () => {
    visitor.stage.answer = () => leased("+16285550101", { lease: null as never });
    await visitor.shows(await visitor.open(), LEASED);
  });
});

describe("hostile pages", () => {
  it("works under a strict CSP with Trusted Types", async () => {
    visitor.stage.pages.set("/", {
      html: visitor.html(BODY),
      headers: {
        "content-security-policy": `default-src 'none'; script-src ${visitor.stage.worker}; connect-src ${visitor.stage.worker}; require-trusted-types-for 'script'; trusted-types 'none'`,
      },
    });
    await visitor.shows(await visitor.open(), LEASED);
    expect(visitor.complaints).toEqual([]);
  });

  it("works without storage, and then sends no visitor", async () => {
    const page = await visitor.open(
      "/",
      BODY,
      `<script>Object.defineProperty(window, "localStorage", { get() { throw new Error("no") } })</script>${visitor.stage.snippet()}`,
    );
    await visitor.shows(page, LEASED);
    expect(visitor.stage.heard[0]?.body).not.toHaveProperty("visitor");
    expect(visitor.complaints).toEqual([]);
  });

  it("does nothing the second time", async () => {
    const page = await visitor.open(
      "/",
      BODY,
      visitor.stage.snippet() + visitor.stage.snippet(`data-site="other"`),
    );
    await visitor.shows(page, LEASED);
    await page.waitForLoadState("load");
    expect(visitor.stage.heard.map(({ body }) => body.site)).toEqual([expect.any(String)]);
  });

  it("gives up against a script that always puts the number back", async () => {
    const page = await visitor.open(
      "/",
      `${BODY}<script>
        window.restored = 0;
        const text = document.querySelector("#number").firstChild;
        new MutationObserver(() => {
          if (text.data !== "${OWN}") { window.restored++; text.data = "${OWN}"; }
        }).observe(text, { characterData: true });
      </script>`,
    );
    await page.waitForFunction(() => document.querySelector("#link")?.textContent?.includes("628"));
    await page.waitForFunction(() => (window as unknown as { restored: number }).restored > 3);
    expect(await page.evaluate(() => (window as unknown as { restored: number }).restored)).toBeLessThan(30);
    expect(await page.textContent("#link")).toBe(LEASED);
  });
});
