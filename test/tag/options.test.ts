import { beforeAll, describe, expect, it } from "vitest";
import { buildTagVariants, SITE_TOKEN } from "../../bin/build-tag.ts";
import type { TagSite } from "../../shared/api/tag-site.ts";
import { SITE_KEY } from "./stage.ts";
import { BODY, LEASED, OWN, Visitor } from "./visitor.ts";

/** What a site may have compiled in, each pasted inline into a page: the delivery for pages that load no script. */

const visitor = new Visitor();
let variants: Record<string, string>;
beforeAll(async () => {
  variants = await buildTagVariants();
});

/** Opens a page with this variant of the tag in its head. */
function open(variant: string, body: string, more: Partial<TagSite> = {}, head = "") {
  const site: TagSite = { site: SITE_KEY, host: visitor.stage.worker, ...more };
  const script = (variants[variant] as string).replace(SITE_TOKEN, () => JSON.stringify(site));
  return visitor.open("/", body, `${head}<script>${script}</script>`);
}

it("there is a variant for every combination, and none closes the script element it is pasted into", () => {
  expect(Object.keys(variants)).toHaveLength(32);
  for (const script of Object.values(variants)) expect(script).not.toMatch(/<\/script|<!--/i);
});

describe("embedded", () => {
  const FRAME = `<iframe srcdoc="<p>415-555-0132</p>"></iframe>`;
  const inside = () => {
    const frame = document.querySelector("iframe")?.contentDocument?.body.textContent;
    return [document.querySelector("#host")?.shadowRoot?.textContent, frame];
  };
  const HOST = `${BODY}<div id="host"><template shadowrootmode="open"><p>415-555-0132</p></template></div>${FRAME}`;

  it("swaps in open shadow roots and in frames of the same origin, also what comes later, and takes it back", async () => {
    const page = await open("embedded", HOST);
    await visitor.shows(page, LEASED);
    await expect.poll(() => page.evaluate(inside)).toEqual(["628-555-0101", "628-555-0101"]);
    await page.evaluate(() => {
      const root = document.querySelector("#host")?.shadowRoot;
      const late = document.createElement("p");
      late.textContent = " 4155550132";
      root?.append(late);
    });
    await expect.poll(() => page.evaluate(inside)).toEqual(["628-555-0101 6285550101", "628-555-0101"]);
    await page.evaluate(() => window.ringtrail?.reset());
    expect(await page.evaluate(inside)).toEqual(["415-555-0132 4155550132", "415-555-0132"]);
    expect(visitor.complaints).toEqual([]);
  });

  it("swaps in a frame that loads after the lease is there, and in what it loads next", async () => {
    const page = await open("embedded", `${BODY}<iframe></iframe>`);
    await visitor.shows(page, LEASED);
    for (const text of ["415-555-0132", "+1 415 555 0132"]) {
      await page.evaluate((text) => {
        (document.querySelector("iframe") as HTMLIFrameElement).srcdoc = `<p>${text}</p>`;
      }, text);
      const swapped = text.replace("415", "628").replace("0132", "0101");
      await expect.poll(() => page.evaluate(inside)).toEqual([undefined, swapped]);
    }
    expect(visitor.complaints).toEqual([]);
  });

  it.each([
    ["filled at once", "this.attachShadow({ mode: 'open' }).innerHTML = '<p>415-555-0132</p>'"],
    [
      "filled soon",
      "const root = this.attachShadow({ mode: 'open' }); Promise.resolve().then(() => root.append('415-555-0132'))",
    ],
  ])("swaps in an element of the page whose code comes late, %s", async (_name, connected) => {
    const page = await open("embedded", `${BODY}<section><late-number id="host"></late-number></section>`);
    await visitor.shows(page, LEASED);
    await page.evaluate((script) => {
      const connectedCallback = new Function(script);
      customElements.define(
        "late-number",
        class extends HTMLElement {
          connectedCallback(): void {
            connectedCallback.call(this);
          }
        },
      );
    }, connected);
    await expect.poll(() => page.evaluate(inside)).toEqual(["628-555-0101", undefined]);
    await page.evaluate(() => window.ringtrail?.reset());
    expect(await page.evaluate(inside)).toEqual(["415-555-0132", undefined]);
    expect(visitor.complaints).toEqual([]);
  });

  it("leaves alone what is under an element to be skipped", async () => {
    const skipped = HOST.replace("<div id", "<section data-ringtrail-skip><div id").replace(
      "</div>",
      "</div></section>",
    );
    const page = await open("embedded", skipped);
    await visitor.shows(page, LEASED);
    await expect.poll(() => page.evaluate(inside)).toEqual(["415-555-0132", "628-555-0101"]);
    await page.evaluate(() => window.ringtrail?.swap());
    expect(await page.evaluate(inside)).toEqual(["415-555-0132", "628-555-0101"]);
  });

  it("leaves them alone without it", async () => {
    const page = await open("", HOST);
    await visitor.shows(page, LEASED);
    expect(await page.evaluate(inside)).toEqual(["415-555-0132", "415-555-0132"]);
  });
});

describe("vanity", () => {
  // +1 415 356 9377 is 415-FLOWERS.
  const swaps = [{ find: "+14153569377", replace: "+16285550101" }];
  const texts =
    "<p id=number>1-415-FLOWERS</p><p>415.flo.wers</p><p>415-356-9377</p><p>the flowers</p><p>415-FLOWERSHOP</p>";
  const read = () => [...document.querySelectorAll("p")].map(({ textContent }) => textContent);

  it("finds the number in letters in links, too", async () => {
    visitor.stage.answer = () => ({
      status: 201,
      body: JSON.stringify({ lease: "lse_1", expires_at: 1, renew_after_s: 900, swaps }),
    });
    const page = await open(
      "vanity",
      `${texts}<a href="tel:1-415-FLOWERS">x</a><a href="tel:415FLOWERS;ext=9">x</a><a href="tel:415-FLOWERSp9">x</a>`,
    );
    await visitor.shows(page, "1-628-5550101");
    expect(
      await page.evaluate(() => [...document.querySelectorAll("a")].map((a) => a.getAttribute("href"))),
    ).toEqual(["tel:1-628-5550101", "tel:6285550101;ext=9", "tel:628-5550101p9"]);
  });

  it("finds the number in letters and writes digits", async () => {
    visitor.stage.answer = () => ({
      status: 201,
      body: JSON.stringify({ lease: "lse_1", expires_at: 1, renew_after_s: 900, swaps }),
    });
    const page = await open("vanity", texts);
    await visitor.shows(page, "1-628-5550101");
    expect(await page.evaluate(read)).toEqual([
      "1-628-5550101",
      "628.555.0101",
      "628-555-0101",
      "the flowers",
      "415-FLOWERSHOP",
    ]);
    await page.evaluate(() => window.ringtrail?.reset());
    expect(await page.evaluate(() => document.body.innerHTML)).toBe(
      texts.replace("id=number", 'id="number"'),
    );
  });
});

describe("labels", () => {
  it("swaps the document's title and the named data attributes, no others", async () => {
    const body = `${BODY}<p id="a" data-phone="${OWN}" data-other="${OWN}">x</p>`;
    const page = await open("labels", body, { labels: ["data-phone"] }, `<meta name="x" content="${OWN}">`);
    await page.evaluate((own) => {
      document.title = `Call ${own}`;
    }, OWN);
    await visitor.shows(page, LEASED);
    await expect.poll(() => page.title()).toBe(`Call ${LEASED}`);
    const { phone, other } = await page.evaluate(() => ({
      ...document.querySelector<HTMLElement>("#a")?.dataset,
    }));
    expect([phone, other]).toEqual([LEASED, OWN]);
    expect(await page.getAttribute("meta[name=x]", "content")).toBe(OWN);
  });
});

describe("lazy", () => {
  const find = ["+14155550132"];
  const below = `<div style="height:400vh">top</div>${BODY}`;

  it("asks at once for a number on screen", async () => {
    await visitor.shows(await open("lazy", BODY, { find }), LEASED);
    expect(visitor.stage.heard).toHaveLength(1);
  });

  it("asks for one further down only when it comes near", async () => {
    const page = await open("lazy", below, { find });
    // Observers of what is on screen are told with every frame.
    await page.evaluate(async () => {
      for (let i = 0; i < 5; i++) await new Promise((frame) => requestAnimationFrame(frame));
    });
    expect(visitor.stage.heard).toHaveLength(0);
    await page.evaluate(() => scrollTo(0, 1e6));
    await visitor.shows(page, LEASED);
    expect(visitor.stage.heard).toHaveLength(1);
  });

  it("asks when the visitor does something, and for a number that comes late", async () => {
    const page = await open("lazy", below, { find });
    await page.keyboard.press("Tab");
    await visitor.shows(page, LEASED);
    await page.evaluate(() => localStorage.clear());
    const late = await open("lazy", "<p>no number</p>", { find });
    await late.evaluate((html) => {
      document.body.innerHTML = html;
    }, BODY);
    await visitor.shows(late, LEASED);
  });
});

describe("google_ads", () => {
  const gtag = (number: string) =>
    `<script>window.gtag = (...told) => { window.told = told; told[2].phone_conversion_callback("(833) 555-0199", "${number}") }</script>`;

  it("tells Google of the leased number and shows Google's", async () => {
    const page = await open("google_ads", BODY, { google_ads: "AW-1/x" }, gtag("+18335550199"));
    await visitor.shows(page, "(833) 555-0199");
    expect(await page.getAttribute("#link", "href")).toBe("tel:+18335550199");
    const told = await page.evaluate(() => (window as unknown as { told: unknown[] }).told.slice(0, 2));
    expect(told).toEqual(["config", "AW-1/x"]);
    await page.evaluate(() => window.ringtrail?.reset());
    expect(await page.textContent("#number")).toBe(OWN);
  });

  it("shows Google's number also while a framework has to be waited for", async () => {
    const body = `${BODY}<div id="root"><p id="waits">${OWN}</p></div>`;
    const page = await open("google_ads", body, { google_ads: "AW-1/x" }, gtag("+18335550199"));
    await visitor.shows(page, "(833) 555-0199");
    await expect.poll(() => page.textContent("#waits")).toBe("(833) 555-0199");
    expect(await page.textContent("#number")).toBe("(833) 555-0199");
  });

  it("keeps the leased number when Google answers with none, or is not there", async () => {
    await visitor.shows(await open("google_ads", BODY, { google_ads: "AW-1/x" }, gtag("")), LEASED);
    expect(visitor.complaints).toEqual([]);
  });
});
