import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { leased, SITE_KEY } from "../stage.ts";
import { eventually, LEASED, OWN, Visitor } from "../visitor.ts";

/** Group 11: a link is dialled with the leased number as soon as there is one, and the Worker hears of it once. */

const visitor = new Visitor();
const LINK = '<a id="link" href="tel:+14155550132"><b id="inner">Call</b> now</a>';

/** Opens a page on which clicks dial nothing; what was dialled is in `window.dialled`. */
async function openLinks(body: string, lease: string, consent = "granted"): Promise<Page> {
  visitor.stage.answer = () => leased("+16285550101", { lease });
  const snippet = visitor.stage.snippet(`data-site="${SITE_KEY}" data-consent="${consent}"`);
  const page = await visitor.open("/", `<p id="number">${OWN}</p>${body}`, snippet);
  await page.evaluate(() => {
    const dialled: (string | null)[] = [];
    Object.assign(window, { dialled });
    for (const type of ["click", "auxclick"]) {
      addEventListener(type, (event) => {
        const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
        if (link) dialled.push((link as HTMLAnchorElement).getAttribute("href"));
        event.preventDefault();
      });
    }
  });
  return page;
}

const dialled = (page: Page) => page.evaluate(() => (window as unknown as { dialled: string[] }).dialled);

describe("a call link", () => {
  it("dials the leased number, however it is pressed, and says so each time", async () => {
    const around = '<a id="around" href="tel:1-415-555-0132"><span id="icon"></span></a>';
    const page = await openLinks(`${LINK}${around}<div id="host"></div>`, "lse_pressed");
    await page.evaluate(() => {
      const icon = document.querySelector("#icon")?.attachShadow({ mode: "open" });
      if (icon) icon.innerHTML = '<b id="glyph">around an icon</b>';
      const root = document.querySelector("#host")?.attachShadow({ mode: "open" });
      if (root) root.innerHTML = '<a href="tel:4155550132"><i id="deep">Call</i></a>';
    });
    await visitor.shows(page, LEASED);
    await page.click("#link");
    await page.click("#inner");
    await page.click("#link", { button: "middle" });
    await page.focus("#link");
    await page.keyboard.press("Enter");
    await page.click("#glyph");
    await page.click("#deep");
    expect(await dialled(page)).toEqual([
      ...Array(4).fill("tel:+16285550101"),
      "tel:1-628-555-0101",
      "tel:6285550101",
    ]);
    await eventually(() => visitor.stage.reportedOf("lse_pressed")).toEqual(Array(6).fill("tel_click"));
  });

  it("dials the page's own number, unreported, before there is another", async () => {
    const page = await openLinks(LINK, "lse_early", "denied");
    await page.click("#link");
    await page.waitForFunction(() => window.ringtrail);
    await page.click("#link");
    expect(await dialled(page)).toEqual(Array(2).fill("tel:+14155550132"));
    expect(visitor.stage.reportedOf("lse_early")).toEqual([]);
    await page.evaluate(() => window.ringtrail?.consent("granted"));
    await visitor.shows(page, LEASED);
    await page.click("#link");
    expect((await dialled(page)).at(-1)).toBe("tel:+16285550101");
    await eventually(() => visitor.stage.reportedOf("lse_early")).toEqual(["tel_click"]);
  });

  it("dials the leased number also while its text waits for hydration", async () => {
    const page = await openLinks(`<div id="root">${LINK}<p id="wait">${OWN}</p></div>`, "lse_waiting");
    await visitor.shows(page, LEASED);
    expect(await page.textContent("#wait")).toBe(OWN);
    await page.click("#link");
    expect(await dialled(page)).toEqual(["tel:+16285550101"]);
    await eventually(() => visitor.stage.reportedOf("lse_waiting")).toEqual(["tel_click"]);
  });

  it("is not dialled by opening its menu, which shows the leased number all the same", async () => {
    const page = await openLinks(`<div id="root">${LINK}</div>`, "lse_menu");
    await visitor.shows(page, LEASED);
    await page.click("#link", { button: "right" });
    expect(await page.getAttribute("#link", "href")).toBe("tel:+16285550101");
    await page.click("#link");
    await eventually(() => visitor.stage.reportedOf("lse_menu")).toEqual(["tel_click"]);
  });

  it("to another number is none of ours", async () => {
    const page = await openLinks(
      '<a id="other" href="tel:+12125550100">x</a><a id="sms" href="sms:+14155550132">x</a>',
      "lse_other",
    );
    await visitor.shows(page, LEASED);
    await page.click("#other");
    await page.click("#sms");
    expect(await dialled(page)).toEqual(["tel:+12125550100", "sms:+14155550132"]);
    await page.goto("about:blank");
    await eventually(() => visitor.stage.reportedOf("lse_other")).toEqual(["left"]);
  });
});
