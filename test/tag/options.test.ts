import { beforeAll, describe, expect, it } from "vitest";
import { buildTagVariants, SITE_TOKEN } from "../../bin/build-tag.ts";
import type { TagSite } from "../../shared/api/tag-site.ts";
import { SITE_KEY } from "./stage.ts";
import { BODY, LEASED, Visitor } from "./visitor.ts";

/** What the groups' tests of the options leave open: all variants at once, and what an option meets with. */

const visitor = new Visitor();
let variants: Record<string, string>;
beforeAll(async () => {
  variants = await buildTagVariants();
});

/** Opens a page with this variant of the tag in its head. */
function open(variant: string, body: string, more: Partial<TagSite> = {}, head = "") {
  const site: TagSite = { key: SITE_KEY, host: visitor.stage.worker, ...more };
  const script = (variants[variant] as string).replace(SITE_TOKEN, () => JSON.stringify(site));
  return visitor.open("/", body, `${head}<script>${script}</script>`);
}

it("there is a variant for every combination, and none closes the script element it is pasted into", () => {
  expect(Object.keys(variants)).toHaveLength(32);
  for (const script of Object.values(variants)) expect(script).not.toMatch(/<\/script|<!--/i);
});

describe("vanity", () => {
  // +1 415 356 9377 is 415-FLOWERS.
  const swaps = [{ find: "+14153569377", replace: "+16285550101" }];
  const texts =
    "<p id=number>1-415-FLOWERS</p><p>415.flo.wers</p><p>415-356-9377</p><p>the flowers</p><p>415-FLOWERSHOP</p>";
  const read = () => [...document.querySelectorAll("p")].map(({ textContent }) => textContent);

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

describe("lazy", () => {
  const find = ["+14155550132"];

  it("asks for a number that comes late", async () => {
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

  it("keeps the leased number when Google answers with none, or is not there", async () => {
    await visitor.shows(await open("google_ads", BODY, { google_ads: "AW-1/x" }, gtag("")), LEASED);
    expect(visitor.complaints).toEqual([]);
  });
});
