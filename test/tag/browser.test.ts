import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildTag } from "../../bin/build-tag.ts";
import type {} from "../../tag/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { leased, SITE_KEY, Stage } from "./stage.ts";

const OWN = "(415) 555-0132";
const LEASED = "(628) 555-0101";
const BODY = `<p id="number">${OWN}</p><a id="link" href="tel:+14155550132">${OWN}</a>`;

let browser: Browser;
let stage: Stage;
let context: BrowserContext;
/** Everything the page complained about: uncaught errors, rejections, console output. */
let complaints: string[];

beforeAll(async () => {
  const [tag, launched] = await Promise.all([buildTag(), launchChromium()]);
  browser = launched;
  stage = new Stage(tag);
  await stage.open();
});

afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

beforeEach(async () => {
  stage.clear();
  complaints = [];
  context = await browser.newContext();
});

afterEach(async () => {
  await context.close();
});

function html(body: string, head = stage.snippet()): string {
  return `<!doctype html><html><head><meta charset="utf-8"><title>t</title>${head}</head><body>${body}</body></html>`;
}

async function open(path = "/", body = BODY, head?: string): Promise<Page> {
  if (!stage.pages.has("/")) stage.pages.set("/", { html: html(body, head) });
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // Chromium itself reports a failed request or a missing favicon; a script cannot prevent it.
    if (!message.text().startsWith("Failed to load resource")) complaints.push(message.text());
  });
  await page.goto(stage.site + path);
  return page;
}

async function shows(page: Page, number: string): Promise<void> {
  await page.waitForFunction((text) => document.querySelector("#number")?.textContent === text, number, {
    timeout: 5000,
  });
}

/** Waits until the page has the outcome of its one lease request, whatever it was, and has acted on it. */
async function openAndSettle(): Promise<Page> {
  const outcome = Promise.race([
    context.waitForEvent("requestfinished", (request) => request.method() === "POST"),
    context.waitForEvent("requestfailed", (request) => request.method() === "POST"),
  ]);
  const page = await open();
  await outcome;
  await page.evaluate(() => new Promise((done) => setTimeout(done)));
  return page;
}

describe("a visit", () => {
  it("shows the leased number in text and link after one plain request", async () => {
    const page = await open("/?utm_source=x&gclid=Ab");
    await shows(page, LEASED);
    expect(await page.getAttribute("#link", "href")).toBe("tel:+16285550101");
    expect(stage.heard.map(({ path }) => path)).toEqual(["/v1/leases"]);
    const [{ body, headers }] = stage.heard as [(typeof stage.heard)[0]];
    expect(headers["content-type"]).toMatch(/^text\/plain/);
    expect(headers.cookie).toBeUndefined();
    expect(body).toMatchObject({
      site: SITE_KEY,
      url: `${stage.site}/?utm_source=x&gclid=Ab`,
      referrer: "",
      visitor: expect.stringMatching(/^[\d-]{20,}$/),
    });
    expect(body).not.toHaveProperty("lease");
    expect(body).not.toHaveProperty("gpc");
    expect(complaints).toEqual([]);
  });

  it("works as the versioned file, configured by its script element", async () => {
    const page = await open("/", BODY, stage.snippet(`data-site="${SITE_KEY}"`));
    await shows(page, LEASED);
    expect(stage.heard[0]?.body.site).toBe(SITE_KEY);
    expect(complaints).toEqual([]);
  });

  it("shows a remembered number on the next page without a request, before the first paint", async () => {
    await shows(await open(), LEASED);
    const head = stage.snippet().replace("async ", "");
    stage.pages.set("/next", {
      html: html(
        `${BODY}<script>window.first = document.querySelector("#number").textContent</script>`,
        head,
      ),
    });
    const page = await open("/next");
    expect(await page.evaluate(() => (window as unknown as { first: string }).first)).toBe(LEASED);
    expect(stage.heardAt("/v1/leases")).toHaveLength(1);
  });

  it("asks again, with the held lease, when the URL brings another touch, and only then", async () => {
    const page = await open("/?gclid=one");
    await shows(page, LEASED);
    await page.goto(`${stage.site}/?gclid=one&page=2`);
    await shows(page, LEASED);
    await page.goto(`${stage.site}/?gclid=two`);
    await shows(page, LEASED);
    await expect.poll(() => stage.heardAt("/v1/leases").length).toBe(2);
    expect(stage.heardAt("/v1/leases")[1]?.body).toMatchObject({
      url: `${stage.site}/?gclid=two`,
      lease: "lse_0101",
      visitor: stage.heard[0]?.body.visitor,
    });
  });

  it("reports a dialled number and the visitor's leaving", async () => {
    const page = await open();
    await shows(page, LEASED);
    await page.evaluate(() => {
      document.addEventListener("click", (event) => event.preventDefault());
    });
    await page.click("#link");
    await expect
      .poll(() => stage.heardAt("/v1/leases/lse_0101/events").map(({ body }) => body.type))
      .toEqual(["tel_click"]);
    await page.goto("about:blank");
    await expect
      .poll(() => stage.heardAt("/v1/leases/lse_0101/events").map(({ body }) => body.type))
      .toEqual(["tel_click", "left"]);
  });

  it("gives two tabs the same number", async () => {
    const first = await open();
    await shows(first, LEASED);
    const second = await open();
    await shows(second, LEASED);
    expect(stage.heardAt("/v1/leases")).toHaveLength(1);
  });

  it("renews while it is open, and asks anew when the lease is gone", async () => {
    let renewals = 0;
    stage.answer = ({ path }) => {
      if (!path.endsWith("/renew"))
        return leased(renewals ? "+16285550102" : "+16285550101", { renew_after_s: 1 });
      return ++renewals < 2 ? leased("+16285550101", { renew_after_s: 1 }) : { status: 410, body: "" };
    };
    const page = await open();
    await shows(page, LEASED);
    await shows(page, "(628) 555-0102");
    expect(stage.heard.slice(0, 4).map(({ path }) => path)).toEqual([
      "/v1/leases",
      "/v1/leases/lse_0101/renew",
      "/v1/leases/lse_0101/renew",
      "/v1/leases",
    ]);
  });

  it("shows its own number again when the lease expires and nothing answers", async () => {
    stage.answer = ({ path }) =>
      path.endsWith("/renew") || stage.heard.length > 1
        ? { status: 503, body: "" }
        : leased("+16285550101", { renew_after_s: 1 });
    const page = await open();
    await shows(page, LEASED);
    await shows(page, OWN);
    expect(await page.getAttribute("#link", "href")).toBe("tel:+14155550132");
    expect(await page.evaluate(() => window.ringtrail?.get())).toBeNull();
    expect(complaints).toEqual([]);
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
    ["an impossible renewal", leased("+16285550101", { renew_after_s: 1e12 })],
    [
      "CORS refusal",
      { ...leased("+16285550101")!, headers: { "access-control-allow-origin": "https://other.example" } },
    ],
    ["no answer at all", undefined],
  ])("%s", async (_name, answer) => {
    stage.answer = () => answer;
    const page = await openAndSettle();
    expect(await page.textContent("#number")).toBe(OWN);
    expect(await page.getAttribute("#link", "href")).toBe("tel:+14155550132");
    expect(await page.evaluate(() => window.ringtrail?.get())).toBeNull();
    expect(complaints.filter((text) => !text.includes("CORS policy"))).toEqual([]);
  });

  it("shows the static number that a reply without a lease brings", async () => {
    stage.answer = () => leased("+16285550101", { lease: null as never });
    await shows(await open(), LEASED);
  });
});

describe("hostile pages", () => {
  it("works under a strict CSP with Trusted Types", async () => {
    stage.pages.set("/", {
      html: html(BODY),
      headers: {
        "content-security-policy": `default-src 'none'; script-src ${stage.worker}; connect-src ${stage.worker}; require-trusted-types-for 'script'; trusted-types 'none'`,
      },
    });
    await shows(await open(), LEASED);
    expect(complaints).toEqual([]);
  });

  it("works without storage, and then sends no visitor", async () => {
    const page = await open(
      "/",
      BODY,
      `<script>Object.defineProperty(window, "localStorage", { get() { throw new Error("no") } })</script>${stage.snippet()}`,
    );
    await shows(page, LEASED);
    expect(stage.heard[0]?.body).not.toHaveProperty("visitor");
    expect(complaints).toEqual([]);
  });

  it("does nothing the second time", async () => {
    const page = await open("/", BODY, stage.snippet() + stage.snippet(`data-site="other"`));
    await shows(page, LEASED);
    await page.waitForLoadState("load");
    expect(stage.heard.map(({ body }) => body.site)).toEqual([expect.any(String)]);
  });

  it("gives up against a script that always puts the number back", async () => {
    const page = await open(
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

describe("late content", () => {
  it("swaps what a single-page app brings, in elements, texts and attributes", async () => {
    const page = await open();
    await shows(page, LEASED);
    await page.evaluate((own) => {
      history.pushState({}, "", "/contact");
      document.body.innerHTML = `<main><h1>Contact</h1><p id="number">${own}</p><a id="link" href="#">call</a></main>`;
      setTimeout(() => document.querySelector("#link")?.setAttribute("href", "tel:4155550132"), 20);
      setTimeout(() => document.querySelector("h1")?.append("Call 415.555"), 40);
      setTimeout(() => document.querySelector("h1")?.append(".0132"), 60);
    }, OWN);
    await shows(page, LEASED);
    await page.waitForFunction(
      () =>
        document.querySelector("#link")?.getAttribute("href") === "tel:6285550101" &&
        document.querySelector("h1")?.textContent === "ContactCall 628.555.0101",
    );
  });

  it("swaps thousands of inserted nodes in one go", async () => {
    const page = await open();
    await shows(page, LEASED);
    const left = await page.evaluate(async () => {
      for (let i = 0; i < 5000; i++) {
        const p = document.createElement("p");
        p.textContent = `${i} call 415-555-0132`;
        document.body.appendChild(p);
      }
      await new Promise((done) => setTimeout(done, 0));
      return [...document.querySelectorAll("p")].filter((p) => p.textContent?.includes("415")).length;
    });
    expect(left).toBeLessThan(20);
  });

  it("waits for hydration, so that the framework finds the page it rendered", async () => {
    const page = await open("/", `<div id="root">${BODY}</div><p id="outside">${OWN}</p>`);
    await page.waitForFunction(() => document.querySelector("#outside")?.textContent?.includes("628"));
    expect(await page.textContent("#number")).toBe(OWN);
    await page.evaluate(() => {
      for (const element of document.querySelectorAll("#root *"))
        Object.assign(element, { __reactFiber$x: {} });
    });
    await shows(page, LEASED);
    expect(await page.getAttribute("#link", "href")).toBe("tel:+16285550101");
  });

  it("shows the number after three seconds when nothing hydrates, and dials it at once", async () => {
    const page = await open("/", `<div id="root">${BODY}</div>`);
    await expect.poll(() => page.evaluate(() => window.ringtrail?.get()?.lease)).toBe("lse_0101");
    expect(await page.textContent("#number")).toBe(OWN);
    await page.evaluate(() => {
      document.addEventListener("click", (event) => event.preventDefault());
    });
    await page.click("#link");
    expect(await page.getAttribute("#link", "href")).toBe("tel:+16285550101");
    await shows(page, LEASED);
  });
});

describe("window.ringtrail", () => {
  it("resets to the original page byte for byte, and swaps again when asked", async () => {
    const body = `${BODY}<p>Call <b>415</b>.555.<i>0132</i></p><input type="button" value="Call 4155550132">`;
    const page = await open("/", body);
    await shows(page, LEASED);
    const swapped = await page.evaluate(() => document.body.innerHTML);
    await page.evaluate(() => window.ringtrail?.reset());
    expect(await page.evaluate(() => document.body.innerHTML)).toBe(body);
    await page.evaluate(() => window.ringtrail?.swap());
    expect(await page.evaluate(() => document.body.innerHTML)).toBe(swapped);
  });

  it("tells the page of a swap", async () => {
    const page = await open(
      "/",
      `${BODY}<script>document.addEventListener("ringtrail:swap", (event) => { window.told = event.detail })</script>`,
    );
    await shows(page, LEASED);
    expect(await page.evaluate(() => (window as unknown as { told: unknown }).told)).toMatchObject({
      lease: { lease: "lse_0101" },
      swaps: [{ find: "+14155550132", replace: "+16285550101" }],
    });
  });

  it("makes no request and stores nothing while consent is denied, and starts when it is granted", async () => {
    const page = await open(
      "/?gclid=one",
      BODY,
      stage.snippet(`data-site="${SITE_KEY}" data-consent="denied"`),
    );
    await page.waitForFunction(() => window.ringtrail);
    expect(stage.heard).toEqual([]);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    await page.evaluate(() => {
      history.replaceState({}, "", "/");
      window.ringtrail?.consent("granted");
    });
    await shows(page, LEASED);
    expect(stage.heard[0]?.body.url).toBe(`${stage.site}/?gclid=one`);
    await page.evaluate(() => window.ringtrail?.consent("denied"));
    expect(await page.textContent("#number")).toBe(OWN);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
  });
});
