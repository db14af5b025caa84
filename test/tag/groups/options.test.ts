import { beforeAll, describe, expect, it } from "vitest";
import { buildTagVariants } from "../../../bin/build-tag.ts";
import type { Swap } from "../../../shared/api/leases.ts";
import type { TagSite } from "../../../shared/api/tag-site.ts";
import { leased } from "../stage.ts";
import { LEASED, OWN, Visitor } from "../visitor.ts";

/** What a site may have compiled in, and that without it nothing of the kind happens. */

const visitor = new Visitor();
let variants: Record<string, string>;

beforeAll(async () => {
  variants = await buildTagVariants();
});

/** A page with this variant of the tag pasted inline, in front of its body. */
async function openWith(option: string, body: string, settings: Partial<TagSite> = {}, head = "") {
  const { stage } = visitor;
  const script = `<script>${stage.perSite(variants[option], settings)}</script>`;
  const html = visitor.html(body, script);
  stage.pages.set("/", { html: head ? html.replace("<title>t</title>", () => head) : html });
  return visitor.open();
}

describe("embedded", () => {
  const BODY = `<p id="number">${OWN}</p><div id="host"><template shadowrootmode="open"><p>415-555-0132</p>
    <div id="inner"><template shadowrootmode="open"><a href="tel:4155550132">x</a></template></div></template></div>
    <iframe srcdoc="<p>415.555.0132</p>"></iframe>`;

  function inside() {
    const host = document.querySelector("#host")?.shadowRoot;
    return [
      host?.querySelector("p")?.textContent,
      host?.querySelector("#inner")?.shadowRoot?.querySelector("a")?.getAttribute("href"),
      document.querySelector("iframe")?.contentDocument?.querySelector("p")?.textContent,
    ];
  }

  it("swaps in open shadow roots and same-origin frames, and later too", async () => {
    const page = await openWith("embedded", BODY);
    await visitor.shows(page, LEASED);
    await expect
      .poll(() => page.evaluate(inside))
      .toEqual(["628-555-0101", "tel:6285550101", "628.555.0101"]);
    await page.evaluate(() => {
      const root = document.querySelector("#host")?.shadowRoot;
      root?.appendChild(document.createElement("i")).append("late 415-555-0132");
    });
    const late = () =>
      page.evaluate(() => document.querySelector("#host")?.shadowRoot?.querySelector("i")?.textContent);
    await expect.poll(late).toBe("late 628-555-0101");
    await page.evaluate(() => window.ringtrail?.reset());
    expect(await page.evaluate(inside)).toEqual(["415-555-0132", "tel:4155550132", "415.555.0132"]);
    expect(visitor.complaints).toEqual([]);
  });

  it("is what the core leaves alone", async () => {
    const page = await openWith("", BODY);
    await visitor.shows(page, LEASED);
    expect(await page.evaluate(inside)).toEqual(["415-555-0132", "tel:4155550132", "415.555.0132"]);
  });
});

describe("vanity", () => {
  const FLOWERS: Swap = { find: "+18003569377", replace: "+18885550123" };
  const BODY =
    '<p id="word">Call 1-800-FLOWERS or 1-800-356-9377</p><p id="other">1-800-FLOWER5S FLOWERS</p>';

  it.each([
    ["vanity", "Call 1-888-5550123 or 1-888-555-0123"],
    ["", "Call 1-800-FLOWERS or 1-888-555-0123"],
  ])("with option %j letters stand for digits or not", async (option, expected) => {
    visitor.stage.answer = () => leased(FLOWERS.replace, { swaps: [FLOWERS] });
    const page = await openWith(option, BODY);
    await expect.poll(() => page.textContent("#word")).toBe(expected);
    expect(await page.textContent("#other")).toBe("1-800-FLOWER5S FLOWERS");
    await page.evaluate(() => window.ringtrail?.reset());
    expect(await page.textContent("#word")).toBe("Call 1-800-FLOWERS or 1-800-356-9377");
  });
});

describe("labels", () => {
  it("swaps the title and the data attributes that are named, and no other", async () => {
    const head = `<title>Call 415-555-0132</title><meta name="description" content="415-555-0132">`;
    const body = `<p id="number" data-phone="4155550132" data-fax="4155550132">${OWN}</p>`;
    const page = await openWith("labels", body, { labels: ["data-phone"] }, head);
    await visitor.shows(page, LEASED);
    const seen = () =>
      page.evaluate(() => {
        const { phone, fax } = (document.querySelector("#number") as HTMLElement).dataset;
        return [document.title, phone, fax, document.querySelector("meta[name]")?.getAttribute("content")];
      });
    await expect.poll(seen).toEqual(["Call 628-555-0101", "6285550101", "4155550132", "415-555-0132"]);
    await page.evaluate(() => window.ringtrail?.reset());
    expect(await seen()).toEqual(["Call 415-555-0132", "4155550132", "4155550132", "415-555-0132"]);
  });
});

describe("lazy", () => {
  const find = ["+14155550132"];
  const far = `<div style="height: 5000px">far</div><p id="number">${OWN}</p>`;
  const settled = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))";

  it("leases nothing where no number is near the screen, until it is", async () => {
    const page = await openWith("lazy", far, { find });
    await page.evaluate(settled);
    expect(visitor.stage.heard).toEqual([]);
    await page.evaluate(() => document.querySelector("#number")?.scrollIntoView());
    await visitor.shows(page, LEASED);
    expect(visitor.stage.heard).toHaveLength(1);
  });

  it("leases when the visitor does something", async () => {
    const page = await openWith("lazy", far, { find });
    await page.evaluate(settled);
    expect(visitor.stage.heard).toEqual([]);
    await page.keyboard.press("Tab");
    await visitor.shows(page, LEASED);
  });

  it("leases at once where a number is on the screen", async () => {
    await visitor.shows(await openWith("lazy", `<p id="number">${OWN}</p>`, { find }), LEASED);
  });
});

describe("google_ads", () => {
  const gtag = `<script>
    window.asked = [];
    window.gtag = (...args) => {
      window.asked.push(JSON.parse(JSON.stringify(args)));
      window.answer = args[2].phone_conversion_callback;
    };
  </script>`;

  it("tells Google of the leased number, and shows the one that Google puts before it", async () => {
    const page = await openWith("google_ads", `<p id="number">${OWN}</p>`, { google_ads: "AW-1/x" }, gtag);
    await visitor.shows(page, LEASED);
    expect(await page.evaluate(() => (window as unknown as { asked: unknown }).asked)).toEqual([
      ["config", "AW-1/x", { phone_conversion_number: "+16285550101" }],
    ]);
    await page.evaluate(() => {
      (window as unknown as { answer: (...args: string[]) => void }).answer("(650) 555-0177", "+16505550177");
    });
    await visitor.shows(page, "(650) 555-0177");
    await page.evaluate(() => window.ringtrail?.reset());
    expect(await page.textContent("#number")).toBe(OWN);
    expect(visitor.complaints).toEqual([]);
  });
});
