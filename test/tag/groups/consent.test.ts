import { describe, expect, it } from "vitest";
import { leased, SITE_KEY } from "../stage.ts";
import { BODY, LEASED, OWN, Visitor } from "../visitor.ts";

/** Group 12: what each consent and each signal of the browser lets the tag send and keep, exactly. */

const visitor = new Visitor();
const CONSENTS = ["granted", "cookieless", "denied"] as const;
const SIGNALS = { none: {}, GPC: { globalPrivacyControl: true }, DNT: { doNotTrack: "1" } };

const snippet = (consent: string) =>
  visitor.stage.snippet(`data-site="${SITE_KEY}" data-consent="${consent}"`);

/** A script that gives the browser these signals. */
const signalling = (properties: object) =>
  `<script>for (const [name, value] of Object.entries(${JSON.stringify(properties)})) {
    Object.defineProperty(Navigator.prototype, name, { get: () => value, configurable: true });
  }</script>`;

/** Everything the page has kept, and whether it got a number. */
function kept() {
  return {
    cookies: document.cookie,
    session: sessionStorage.length,
    local: Object.keys(localStorage),
    shown: document.querySelector("#number")?.textContent,
  };
}

describe.each(CONSENTS)("consent %s", (consent) => {
  it.each(Object.entries(SIGNALS))("under %s", async (signal, properties) => {
    const page = await visitor.open("/", BODY, signalling(properties) + snippet(consent));
    const remembers = consent === "granted" && signal !== "GPC";
    if (consent === "denied") {
      await page.waitForFunction(() => window.ringtrail);
      await page.evaluate(() => new Promise((done) => setTimeout(done)));
    } else await visitor.shows(page, LEASED);

    expect(await page.evaluate(kept)).toEqual({
      cookies: "",
      session: 0,
      local: remembers ? [`ringtrail:${SITE_KEY}`] : [],
      shown: consent === "denied" ? OWN : LEASED,
    });
    const sent = visitor.stage.heard.map(({ body }) => [typeof body.visitor, body.gpc]);
    const expected = [remembers ? "string" : "undefined", signal === "GPC" ? true : undefined];
    expect(sent).toEqual(consent === "denied" ? [] : [expected]);
    expect(visitor.complaints).toEqual([]);
  });
});

describe("a choice of the visitor", () => {
  it("starts when it is granted, with the URL that the visit began with, and ends when it is denied", async () => {
    const page = await visitor.open("/?gclid=one", BODY, snippet("denied"));
    await page.waitForFunction(() => window.ringtrail);
    await page.evaluate(() => {
      history.replaceState({}, "", "/");
      window.ringtrail?.consent("granted");
    });
    await visitor.shows(page, LEASED);
    expect(visitor.stage.heard[0]?.body.url).toBe(`${visitor.stage.site}/?gclid=one`);
    await page.evaluate(() => window.ringtrail?.consent("denied"));
    expect(await page.evaluate(kept)).toEqual({ cookies: "", session: 0, local: [], shown: OWN });
  });

  it("to be known no more takes the memory and leaves the number", async () => {
    const page = await visitor.open("/");
    await visitor.shows(page, LEASED);
    await page.evaluate(() => window.ringtrail?.consent("cookieless"));
    expect(await page.evaluate(kept)).toEqual({ cookies: "", session: 0, local: [], shown: LEASED });
  });

  it("under GPC may be the static number: the site decides in the Worker", async () => {
    visitor.stage.answer = () => ({ ...leased("+16285550101", { lease: null as never })!, status: 200 });
    const page = await visitor.open();
    await visitor.shows(page, LEASED);
    expect(await page.evaluate(() => window.ringtrail?.get())).toBeNull();
  });
});
