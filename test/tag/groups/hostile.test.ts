import { describe, expect, it } from "vitest";
import { leased } from "../stage.ts";
import { BODY, eventually, LEASED, OWN, Visitor } from "../visitor.ts";

/** Groups 7 and 15: strict policies, missing storage, other scripts that write numbers, and adversaries. */

const visitor = new Visitor();

/** Opens the front page, served with this policy. */
function openUnder(policy: string, head = visitor.stage.snippet()) {
  visitor.stage.pages.set("/", {
    html: visitor.html(BODY, head),
    headers: { "content-security-policy": policy },
  });
  return visitor.open();
}

describe("strict policies", () => {
  it("are met: nothing but two hosts, and no string is ever made code or markup", async () => {
    const { worker } = visitor.stage;
    const page = await openUnder(
      `default-src 'none'; script-src ${worker}; connect-src ${worker}; require-trusted-types-for 'script'; trusted-types 'none'`,
    );
    await visitor.shows(page, LEASED);
    await page.evaluate(() => window.ringtrail?.reset());
    expect(await page.textContent("#number")).toBe(OWN);
    expect(visitor.complaints).toEqual([]);
  });

  it("are met by the immutable file with its integrity", async () => {
    const { worker } = visitor.stage;
    const page = await openUnder(
      `default-src 'none'; script-src ${worker}; connect-src ${worker}`,
      visitor.stage.sealedSnippet(),
    );
    await visitor.shows(page, LEASED);
    expect(visitor.complaints).toEqual([]);
  });

  it("that allow no outside script take the file pasted inline, with a nonce", async () => {
    const { worker } = visitor.stage;
    const inline = `<script nonce="n1">${visitor.stage.perSite()}</script>`;
    const page = await openUnder(`default-src 'none'; script-src 'nonce-n1'; connect-src ${worker}`, inline);
    await visitor.shows(page, LEASED);
    expect(visitor.complaints).toEqual([]);
  });

  it("that refuse the request leave the page's number", async () => {
    const page = await openUnder(`script-src ${visitor.stage.worker}; connect-src 'none'`);
    await page.waitForFunction(() => window.ringtrail);
    await page.evaluate(() => new Promise((done) => setTimeout(done)));
    expect(await page.textContent("#number")).toBe(OWN);
    expect(visitor.complaints.filter((text) => !/Content Security Policy/.test(text))).toEqual([]);
  });
});

describe("storage", () => {
  it.each([
    ["throws", `Object.defineProperty(window, "localStorage", { get() { throw new Error("no") } })`],
    ["is missing", `Object.defineProperty(window, "localStorage", { value: null })`],
    [
      "is full",
      `Storage.prototype.setItem = () => { throw new Error("full") }; localStorage.junk = "x".repeat(5242870)`,
    ],
  ])("that %s costs only the memory: no visitor is sent", async (_name, script) => {
    const page = await visitor.open("/", BODY, `<script>${script}</script>${visitor.stage.snippet()}`);
    await visitor.shows(page, LEASED);
    expect(visitor.stage.heard[0]?.body).not.toHaveProperty("visitor");
    expect(visitor.complaints).toEqual([]);
  });

  it("that holds nonsense is begun anew", async () => {
    const nonsense = [
      "",
      "null",
      "[]",
      '"x"',
      "{",
      '{"lease":{}}',
      '{"lease":{"swaps":[null]}}',
      '{"lease":7,"visitor":{}}',
    ];
    const page = await visitor.open("/", "", "<title>t</title>");
    for (const [i, memory] of nonsense.entries()) {
      const store = `localStorage["ringtrail:${i}"] = ${JSON.stringify(memory)}`;
      const head = `<script>${store}</script>${visitor.stage.snippet(`data-site="${i}"`)}`;
      visitor.stage.pages.set(`/${i}`, { html: visitor.html(BODY, head) });
      await page.goto(`${visitor.stage.site}/${i}`);
      await visitor.shows(page, LEASED);
    }
    expect(visitor.complaints).toEqual([]);
  });
});

describe("names that the page's own scripts have taken", () => {
  it.each([
    ["navigation", "var navigation = [{ url: '/' }]"],
    ["origin", "var origin = { lat: 37.8, lng: -122.4 }"],
    ["reduce", "Array.prototype.reduce = function () { return this.length > 1 ? this : this[0] }"],
    // Given back at once, as whoever drives the browser needs it, too.
    ["Map", "const real = Map; Map = function () { this.put = () => {} }", "Map = real"],
  ])("do no harm: %s", async (name, before, after = "") => {
    const lease = `lse_${name}`;
    visitor.stage.answer = () => leased("+16285550101", { lease });
    const snippet = visitor.stage.snippet().replace("async ", "");
    const head = `<script>${before}</script>${snippet}<script>${after}</script>`;
    const page = await visitor.open("/", `${BODY}<a id="next" href="/next">next</a>`, head);
    visitor.stage.pages.set("/next", { html: visitor.html(BODY, head) });
    await visitor.shows(page, LEASED);
    await page.click("#next");
    await eventually(() => new URL(page.url()).pathname).toBe("/next");
    // Whoever drives the browser is not to begin in the page while a name is taken.
    await page.waitForLoadState();
    await visitor.shows(page, LEASED);
    await page.goto("about:blank");
    // Once, and not when it went on to the next page.
    await eventually(() => visitor.stage.reportedOf(lease)).toEqual(["left"]);
    expect(visitor.complaints).toEqual([]);
  });
});

describe("another copy of the tag", () => {
  it.each([
    ["the same", ""],
    ["the versioned one", 'data-site="other"'],
  ])("does nothing: %s", async (_name, attributes) => {
    const { stage } = visitor;
    const page = await visitor.open("/", BODY, stage.snippet() + stage.snippet(attributes));
    await visitor.shows(page, LEASED);
    await page.waitForLoadState("load");
    await page.evaluate(() => new Promise((done) => setTimeout(done)));
    expect(stage.heard).toHaveLength(1);
    expect(visitor.complaints).toEqual([]);
  });
});

describe("other scripts that write numbers", () => {
  /** A script of the page that runs when the lease is shown. */
  const onSwap = (script: string) =>
    `<script>document.addEventListener("ringtrail:swap", () => { ${script} }, { once: true })</script>`;

  it("may be Google's, which replaces texts by number: both settle, no number is half one and half other", async () => {
    const page = await visitor.open(
      "/",
      `${BODY}<p id="google">(415) 555-0132</p>${onSwap(`
        const text = document.querySelector("#google").firstChild;
        text.data = "(650) 555-0177";
        document.querySelector("#link").href = "tel:+16505550177";
        document.querySelector("#link").innerHTML = "<b>(650) 555-0177</b>";`)}`,
    );
    await visitor.shows(page, LEASED);
    await page.evaluate(() => new Promise((done) => setTimeout(done)));
    expect(await page.evaluate(() => document.body.innerText.match(/\(\d+\) \d+-\d+/g))).toEqual([
      LEASED,
      "(650) 555-0177",
      "(650) 555-0177",
    ]);
    expect(await page.getAttribute("#link", "href")).toBe("tel:+16505550177");
    expect(visitor.complaints).toEqual([]);
  });

  it("may wrap the number in elements of their own", async () => {
    const page = await visitor.open(
      "/",
      `${BODY}${onSwap(`document.querySelector("#number").innerHTML = '<span class="dni">(415) 555-0132</span>'`)}`,
    );
    await page.waitForSelector("#number > .dni");
    await visitor.shows(page, LEASED);
    expect(await page.innerHTML("#number")).toBe(`<span class="dni">${LEASED}</span>`);
  });

  it("may have the body replaced under us", async () => {
    const page = await visitor.open();
    await visitor.shows(page, LEASED);
    await page.evaluate((html) => {
      const body = document.createElement("body");
      body.innerHTML = html;
      document.body.replaceWith(body);
    }, BODY);
    await visitor.shows(page, LEASED);
  });
});

describe("an adversary that restores the text", () => {
  const counting = "window.restored = 0; const count = () => { window.restored++ };";

  it("on every mutation meets bounded effort; the rest of the page stays swapped", async () => {
    const page = await visitor.open(
      "/",
      `${BODY}<script>${counting}
        const text = document.querySelector("#number").firstChild;
        new MutationObserver(() => {
          if (text.data !== "${OWN}") { count(); text.data = "${OWN}"; }
        }).observe(text, { characterData: true });
      </script>`,
    );
    await page.waitForFunction(() => document.querySelector("#link")?.textContent?.includes("628"));
    const restored = () => page.evaluate(() => (window as unknown as { restored: number }).restored);
    await page.waitForFunction(() => (window as unknown as { restored: number }).restored > 3);
    const now = await restored();
    await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
    expect(await restored()).toBe(now);
    expect(now).toBeLessThan(30);
    expect(await page.textContent("#link")).toBe(LEASED);
  });

  it("with a new text node each time does not hang the page", async () => {
    const page = await visitor.open(
      "/",
      `${BODY}<script>${counting}
        const number = document.querySelector("#number");
        new MutationObserver(() => {
          if (number.textContent !== "${OWN}" && window.restored < 5000) { count(); number.textContent = "${OWN}"; }
        }).observe(number, { characterData: true, childList: true, subtree: true });
      </script>`,
    );
    await page.waitForFunction(() => document.querySelector("#link")?.textContent?.includes("628"));
    await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
    const times = await page.evaluate(() => (window as unknown as { restored: number }).restored);
    expect(times).toBeLessThan(100);
  });

  it("with a new element each time does not hang the page", async () => {
    const page = await visitor.open(
      "/",
      `${BODY}<div id="box"><p>${OWN}</p></div><script>${counting}
        const box = document.querySelector("#box");
        new MutationObserver(() => {
          if (box.textContent !== "${OWN}" && window.restored < 50000) { count(); box.innerHTML = "<p>${OWN}</p>"; }
        }).observe(box, { characterData: true, childList: true, subtree: true });
      </script>`,
    );
    await page.waitForFunction(() => document.querySelector("#link")?.textContent?.includes("628"));
    const restored = () => page.evaluate(() => (window as unknown as { restored: number }).restored);
    const now = await restored();
    await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
    expect(await restored()).toBe(now);
    expect(now).toBeLessThan(1000);
  });

  it("on every frame meets bounded effort too", async () => {
    await visitor.context.clock.install();
    visitor.stage.answer = () => leased("+16285550101");
    const page = await visitor.open(
      "/",
      `${BODY}<script>${counting}
        const text = document.querySelector("#number").firstChild;
        setInterval(() => {
          if (text.data !== "${OWN}") { count(); text.data = "${OWN}"; }
        }, 16);
      </script>`,
    );
    await page.waitForFunction(() => window.ringtrail?.get());
    for (let second = 0; second < 4; second++) await page.clock.runFor(1000);
    const times = await page.evaluate(() => (window as unknown as { restored: number }).restored);
    expect(times).toBeLessThan(100);
    expect(visitor.complaints).toEqual([]);
  });
});
