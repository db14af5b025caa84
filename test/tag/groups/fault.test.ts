import { describe, expect, it } from "vitest";
import { type Answer, leased } from "../stage.ts";
import { BODY, LEASED, OWN, Visitor } from "../visitor.ts";

/** Group 8: whatever the Worker does, the page keeps its own number, nothing is hidden and nothing complains. */

const visitor = new Visitor();

const FAULTS: Record<string, Answer> = {
  "500": { status: 500, body: "oops" },
  "404": { status: 404, body: '{"type":"about:blank"}' },
  "an HTML body": { status: 200, body: "<!doctype html><p>captive portal" },
  "invalid JSON": { status: 201, body: '{"lease":"lse_1","swaps":[' },
  "an empty body": { status: 200, body: "" },
  "an empty object": { status: 200, body: "{}" },
  null: { status: 200, body: "null" },
  "a list": { status: 200, body: "[]" },
  "swaps of nothing": { status: 200, body: '{"lease":"lse_1","renew_after_s":900,"swaps":[null]}' },
  "no number to lease": { status: 200, body: '{"lease":null,"swaps":[],"reason":"pool_empty"}' },
  "HTML for a number": leased("<b>1</b>"),
  "words for a number": leased("call us"),
  "an impossible renewal": leased("+16285550101", { renew_after_s: -1 }),
  "no renewal": leased("+16285550101", { renew_after_s: undefined as never }),
  "CORS refusal": {
    ...leased("+16285550101")!,
    headers: { "access-control-allow-origin": "https://other.example" },
  },
};

it("keeps the page's own number after every wrong answer", async () => {
  const names = Object.keys(FAULTS);
  visitor.stage.answer = ({ body }) => FAULTS[String(body.site)];
  const page = await visitor.open("/", "", "<title>t</title>");
  const outcomes: [string, object][] = [];
  for (const [i, name] of names.entries()) {
    const head = visitor.stage.snippet(`data-site="${name}"`);
    visitor.stage.pages.set(`/${i}`, { html: visitor.html(BODY, head) });
    await visitor.settle(page, `/${i}`);
    const outcome = await page.evaluate(() => ({
      shown: document.querySelector("#number")?.textContent,
      dials: document.querySelector("#link")?.getAttribute("href"),
      seen: (document.querySelector("#number") as HTMLElement).checkVisibility(),
      lease: window.ringtrail?.get(),
    }));
    outcomes.push([name, outcome]);
  }
  const untouched = { shown: OWN, dials: "tel:+14155550132", seen: true, lease: null };
  const all = Object.fromEntries(outcomes);
  expect(all).toEqual(Object.fromEntries(names.map((name) => [name, untouched])));
  expect(visitor.complaints).toEqual([]);
});

describe("without an answer", () => {
  it("gives up after a while, so that a late number does not change under the visitor's eyes", async () => {
    visitor.stage.answer = () => undefined;
    const failed = visitor.context.waitForEvent("requestfailed", {
      predicate: (request) => request.method() === "POST",
      timeout: 4000,
    });
    const page = await visitor.open();
    await failed;
    expect(await page.textContent("#number")).toBe(OWN);
    expect(visitor.complaints).toEqual([]);
  });

  it("does without its script as without its Worker", async () => {
    await visitor.context.route("**/t/*.js", (route) => route.abort("blockedbyclient"));
    const page = await visitor.open();
    expect(await page.textContent("#number")).toBe(OWN);
    expect(await page.evaluate(() => window.ringtrail)).toBeUndefined();
    expect(visitor.complaints).toEqual([]);
  });

  it("survives a page that calls its functions wrongly", async () => {
    const page = await visitor.open();
    await visitor.shows(page, LEASED);
    await page.evaluate(() => {
      const { ringtrail } = window as unknown as { ringtrail: Record<string, (x?: unknown) => void> };
      for (const call of ["swap", "reset", "consent", "set"]) {
        for (const nonsense of [null, 7, "x", {}, document, []]) ringtrail[call]?.(nonsense);
      }
    });
    expect(visitor.complaints).toEqual([]);
  });
});

it("shows the static number that a reply without a lease brings", async () => {
  visitor.stage.answer = () => leased("+16285550101", { lease: null as never });
  await visitor.shows(await visitor.open(), LEASED);
});
