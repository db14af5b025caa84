import { describe, expect, it } from "vitest";
import { SITE_KEY } from "./stage.ts";
import { BODY, LEASED, OWN, Visitor } from "./visitor.ts";

const visitor = new Visitor();

describe("late content", () => {
  it("swaps what a single-page app brings, in elements, texts and attributes", async () => {
    const page = await visitor.open();
    await visitor.shows(page, LEASED);
    await page.evaluate((own) => {
      history.pushState({}, "", "/contact");
      document.body.innerHTML = `<main><h1>Contact</h1><p id="number">${own}</p><a id="link" href="#">call</a></main>`;
      setTimeout(() => document.querySelector("#link")?.setAttribute("href", "tel:4155550132"), 20);
      setTimeout(() => document.querySelector("h1")?.append("Call 415.555"), 40);
      setTimeout(() => document.querySelector("h1")?.append(".0132"), 60);
    }, OWN);
    await visitor.shows(page, LEASED);
    await page.waitForFunction(
      () =>
        document.querySelector("#link")?.getAttribute("href") === "tel:6285550101" &&
        document.querySelector("h1")?.textContent === "ContactCall 628.555.0101",
    );
  });

  it("swaps thousands of inserted nodes in one go", async () => {
    const page = await visitor.open();
    await visitor.shows(page, LEASED);
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
    const page = await visitor.open("/", `<div id="root">${BODY}</div><p id="outside">${OWN}</p>`);
    await page.waitForFunction(() => document.querySelector("#outside")?.textContent?.includes("628"));
    expect(await page.textContent("#number")).toBe(OWN);
    await page.evaluate(() => {
      for (const element of document.querySelectorAll("#root *"))
        Object.assign(element, { __reactFiber$x: {} });
    });
    await visitor.shows(page, LEASED);
    expect(await page.getAttribute("#link", "href")).toBe("tel:+16285550101");
  });

  it("shows the number after three seconds when nothing hydrates, and dials it at once", async () => {
    const page = await visitor.open("/", `<div id="root">${BODY}</div>`);
    await expect.poll(() => page.evaluate(() => window.ringtrail?.get()?.lease)).toBe("lse_0101");
    expect(await page.textContent("#number")).toBe(OWN);
    await page.evaluate(() => {
      document.addEventListener("click", (event) => event.preventDefault());
    });
    await page.click("#link");
    expect(await page.getAttribute("#link", "href")).toBe("tel:+16285550101");
    await visitor.shows(page, LEASED);
  });
});

describe("window.ringtrail", () => {
  it("resets to the original page byte for byte, and swaps again when asked", async () => {
    const body = `${BODY}<p>Call <b>415</b>.555.<i>0132</i></p><input type="button" value="Call 4155550132">`;
    const page = await visitor.open("/", body);
    await visitor.shows(page, LEASED);
    const swapped = await page.evaluate(() => document.body.innerHTML);
    await page.evaluate(() => window.ringtrail?.reset());
    expect(await page.evaluate(() => document.body.innerHTML)).toBe(body);
    await page.evaluate(() => window.ringtrail?.swap());
    expect(await page.evaluate(() => document.body.innerHTML)).toBe(swapped);
  });

  it("tells the page of a swap", async () => {
    const page = await visitor.open(
      "/",
      `${BODY}<script>document.addEventListener("ringtrail:swap", (event) => { window.told = event.detail })</script>`,
    );
    await visitor.shows(page, LEASED);
    expect(await page.evaluate(() => (window as unknown as { told: unknown }).told)).toMatchObject({
      lease: { lease: "lse_0101" },
      swaps: [{ find: "+14155550132", replace: "+16285550101" }],
    });
  });

  it("makes no request and stores nothing while consent is denied, and starts when it is granted", async () => {
    const page = await visitor.open(
      "/?gclid=one",
      BODY,
      visitor.stage.snippet(`data-site="${SITE_KEY}" data-consent="denied"`),
    );
    await page.waitForFunction(() => window.ringtrail);
    expect(visitor.stage.heard).toEqual([]);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    await page.evaluate(() => {
      history.replaceState({}, "", "/");
      window.ringtrail?.consent("granted");
    });
    await visitor.shows(page, LEASED);
    expect(visitor.stage.heard[0]?.body.url).toBe(`${visitor.stage.site}/?gclid=one`);
    await page.evaluate(() => window.ringtrail?.consent("denied"));
    expect(await page.textContent("#number")).toBe(OWN);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
  });
});
