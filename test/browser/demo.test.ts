import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { launchChromium } from "../support/chromium.ts";
import { DEMO_TIMEOUT_MS, type DemoWorld, type Side, startDemo } from "../support/demo-world.ts";
import { pageFaults, WIDE, watchErrors } from "../support/page-checks.ts";
import { openWindow, textOf, type Window } from "./window.ts";

/**
 * A newcomer's first five minutes, on the demo as `npm start` serves it: arrive from an ad, place a test call, read
 * on one page who called, why we think so and who pays, from each of the three sides; and each side's limits.
 */

const FROM_AN_AD =
  "/demo?utm_source=google&utm_medium=cpc&utm_campaign=emergency&utm_term=burst+pipe&gclid=Cj0KtestClick";

let world: DemoWorld;
let browser: Browser;
/** The page a test call was placed from, and where its links led. */
let landing: Page;
let landing_errors: string[];
let talked: string;
let hung_up: string;

beforeAll(async () => {
  [world, browser] = await Promise.all([startDemo(), launchChromium()]);
  landing = await browser.newPage({ viewport: WIDE });
  landing_errors = watchErrors(landing);
  await landing.goto(world.url + FROM_AN_AD);
  await landing.waitForFunction(() => !document.querySelector("main")?.textContent?.includes("555-0132"));
}, DEMO_TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

const digits = (text: string | null) => (text ?? "").replaceAll(/\D/g, "").replace(/^1(?=\d{10}$)/, "");

async function placeCall(button: string): Promise<string> {
  await landing.getByRole("button", { name: button }).click();
  const link = landing.getByRole("link", { name: /who called/ });
  await link.waitFor();
  return (await link.getAttribute("href")) ?? "";
}

/** A window in which this side's person is signed in, closed after `use`. */
async function as(side: Side, use: (window: Window) => Promise<void>): Promise<void> {
  const window = await openWindow(browser, world, side);
  try {
    await use(window);
    expect(window.errors).toEqual([]);
  } finally {
    await window.context.close();
  }
}

describe("the landing page", () => {
  it("shows one leased number wherever the page had its own", async () => {
    const links = landing.locator('a[href^="tel:"]');
    const shown = await links.evaluateAll((all) =>
      all.map((a) => [a.getAttribute("href"), a.textContent, a.getAttribute("aria-label") ?? a.textContent]),
    );
    expect(shown.length).toBeGreaterThanOrEqual(3);
    const numbers = new Set(shown.flat().map(digits));
    expect([...numbers]).toEqual([expect.stringMatching(/^628555\d{4}$/)]);
    expect(await textOf(landing, "main")).not.toMatch(/415.{0,3}555.{0,3}0132/);
    expect(digits(await landing.locator("#shown").textContent())).toBe([...numbers][0]);
  });

  it("has no fault for axe and no sideways scroll, wide and narrow, light and dark", async () => {
    expect(await pageFaults(landing)).toEqual([]);
  });

  it("places a test call and one that hangs up early, and links to both", async () => {
    talked = await placeCall("Place a test call");
    expect(talked).toMatch(/^\/calls\/cal_/);
    await landing.reload();
    await landing.waitForFunction(() => !document.querySelector("main")?.textContent?.includes("555-0132"));
    hung_up = await placeCall("Place one that hangs up early");
    expect(hung_up).toMatch(/^\/calls\/cal_/);
    expect(hung_up).not.toBe(talked);
    expect(landing_errors).toEqual([]);
  });
});

describe("the call page says who called, why we think so and who pays", () => {
  it("to the network: both sides and what it keeps", async () => {
    await as("network", async ({ page, open, known }) => {
      await open(talked);
      const text = await textOf(page);
      const call = await known<Call>(talked);
      expect(digits(text)).toContain(digits(call.from));
      for (const words of [
        "google / cpc",
        "burst pipe",
        "Cj0KtestClick",
        "leased to this visitor when it rang",
      ])
        expect(text).toContain(words);
      expect(text).toContain("Redwood Plumbing pays $70.00 for this call and Fernhill Media earns $48.00.");
      expect(text).toMatch(/Network keeps ?\$22\.00/);
      expect(text).toContain("126 s ≥ 90 s");
      expect(call).toMatchObject({ attribution: { method: "lease", publisher_proof: "number" } });
    });
  });

  it("to the advertiser: what it pays, and of the publisher an alias", async () => {
    await as("advertiser", async ({ page, open, known }) => {
      await open(talked);
      const text = await textOf(page);
      expect(text).toContain("You pay $70.00 for this call.");
      expect(text).toContain("leased to this visitor when it rang");
      expect(text).toMatch(/P-\d+, proven by its own number/);
      expect(await known<Call>(talked)).not.toHaveProperty("publisher_id");
      expect(text).toContain("google / cpc");
    });
  });

  it("to the publisher: what it earns, and of the caller the area code", async () => {
    await as("publisher", async ({ page, open }) => {
      await open(talked);
      const text = await textOf(page);
      expect(text).toContain("You earn $48.00 for this call.");
      expect(text).toContain("leased to this visitor when it rang");
      expect(text).toContain("+1 415 ··· ···· to Emergency plumbing");
    });
  });

  it("and why a call that hung up early is paid by nobody, the failed rule first", async () => {
    await as("network", async ({ page, open, known }) => {
      await open(hung_up);
      const [first_call, second_call] = [await known<Call>(talked), await known<Call>(hung_up)];
      // Another phone is another visitor, and joined to a visit of its own.
      expect(second_call.attribution.method).toBe("lease");
      expect(second_call.session).toMatchObject({ source: "google", term: "burst pipe" });
      expect(second_call.session?.id).not.toBe(first_call.session?.id);
      expect(await textOf(page, ".verdict")).toMatch(/Rejected.*Nobody pays for this call.*23 s/);
      const rules = page.getByRole("table", { name: /^Rules/ }).locator("tbody tr");
      const first = (await rules.first().textContent()) ?? "";
      expect(first.replaceAll(/\s/g, " ")).toMatch(/min_duration.*23 s < 90 s, short by 67 s/);
    });
    await as("publisher", async ({ page, open }) => {
      await open(hung_up);
      expect(await textOf(page, ".verdict")).toMatch(/Rejected.*23 s/);
    });
  });
});
