import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { launchChromium } from "../support/chromium.ts";
import { DEMO_TIMEOUT_MS, type DemoWorld, type Side, startDemo } from "../support/demo-world.ts";
import { openPage, pageFaults, watchErrors } from "../support/page-checks.ts";
import { keepAnswers, leaksIn, type Secrets, wordsIn } from "./answers.ts";

/**
 * A newcomer's first five minutes, on the demo as `npm start` serves it: arrive from an ad, place a test call, read
 * on one page who called, why we think so and who pays, from each of the three sides; and each side's limits.
 */

const FROM_AN_AD =
  "/demo?utm_source=google&utm_medium=cpc&utm_campaign=emergency&utm_term=burst+pipe&gclid=Cj0KtestClick";
const USD = 1_000_000;

let world: DemoWorld;
let browser: Browser;
/** The page a test call was placed from, and where its links led. */
let landing: Page;
let landing_errors: string[];
let talked: string;
let hung_up: string;

beforeAll(async () => {
  [world, browser] = await Promise.all([startDemo(), launchChromium()]);
  landing = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  landing_errors = watchErrors(landing);
  await landing.goto(world.url + FROM_AN_AD);
  await landing.waitForFunction(() => !document.querySelector("main")?.textContent?.includes("555-0132"));
}, DEMO_TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

/** The text as a person reads it, what is folded away included, with plain spaces. */
const textOf = async (page: Page, selector = "body") =>
  ((await page.locator(selector).textContent()) ?? "").replaceAll(/\s+/g, " ");

const digits = (text: string | null) => (text ?? "").replaceAll(/\D/g, "").replace(/^1(?=\d{10}$)/, "");

async function placeCall(button: string): Promise<string> {
  await landing.getByRole("button", { name: button }).click();
  const link = landing.getByRole("link", { name: /who called/ });
  await link.waitFor();
  return (await link.getAttribute("href")) ?? "";
}

/** A window in which this side's person is signed in, closed after `use`. */
async function as(side: Side, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    await world.signIn(context, side);
    const page = await context.newPage();
    const errors = watchErrors(page);
    await use(page);
    expect(errors).toEqual([]);
  } finally {
    await context.close();
  }
}

const open = (page: Page, path: string) => openPage(page, world.url + path);

/** What this page's person is answered. */
async function known<T>(page: Page, path: string): Promise<T> {
  const answer = await page.request.get(`${world.url}/api/v1${path}`);
  expect(answer.status(), path).toBe(200);
  return (await answer.json()) as T;
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
    await as("network", async (page) => {
      await open(page, talked);
      const text = await textOf(page);
      const call = await known<Call>(page, talked);
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
    await as("advertiser", async (page) => {
      await open(page, talked);
      const text = await textOf(page);
      expect(text).toContain("You pay $70.00 for this call.");
      expect(text).toContain("leased to this visitor when it rang");
      expect(text).toMatch(/P-\d+, proven by its own number/);
      expect(await known<Call>(page, talked)).not.toHaveProperty("publisher_id");
      expect(text).toContain("google / cpc");
    });
  });

  it("to the publisher: what it earns, and of the caller the area code", async () => {
    await as("publisher", async (page) => {
      await open(page, talked);
      const text = await textOf(page);
      expect(text).toContain("You earn $48.00 for this call.");
      expect(text).toContain("leased to this visitor when it rang");
      expect(text).toContain("+1 415 ··· ···· to Emergency plumbing");
    });
  });

  it("and why a call that hung up early is paid by nobody, the failed rule first", async () => {
    await as("network", async (page) => {
      await open(page, hung_up);
      const [first_call, second_call] = [await known<Call>(page, talked), await known<Call>(page, hung_up)];
      // Another phone is another visitor, and joined to a visit of its own.
      expect(second_call.attribution.method).toBe("lease");
      expect(second_call.session).toMatchObject({ source: "google", term: "burst pipe" });
      expect(second_call.session?.id).not.toBe(first_call.session?.id);
      expect(await textOf(page, ".verdict")).toMatch(/Rejected.*Nobody pays for this call.*23 s/);
      const rules = page.getByRole("table", { name: /^Rules/ }).locator("tbody tr");
      const first = (await rules.first().textContent()) ?? "";
      expect(first.replaceAll(/\s/g, " ")).toMatch(/min_duration.*23 s < 90 s, short by 67 s/);
    });
    await as("publisher", async (page) => {
      await open(page, hung_up);
      expect(await textOf(page, ".verdict")).toMatch(/Rejected.*23 s/);
    });
  });
});

describe("a side learns nothing that is not its business", () => {
  type Named = { data: { id: string; name: string }[] };
  /** Whom the demo's campaign rings. */
  const TARGETS = ["+14155550199", "+15105550195", "+14155550194"];
  const SITES = { fernhill: "plumber-now.example", bluegate: "best-plumbers.example" };
  const secrets = {} as Record<"advertiser" | "publisher", Secrets>;

  beforeAll(() =>
    as("network", async (page) => {
      const publishers = (await known<Named>(page, "/publishers")).data;
      const calls = (await known<{ data: Call[] }>(page, "/calls?limit=200")).data;
      expect(publishers).toHaveLength(3);
      expect(calls.length).toBeGreaterThan(50);
      const others = publishers.filter(({ name }) => name !== "Fernhill Media");
      const dialled = new Set(calls.map(({ to }) => to));
      const callers = calls.flatMap(({ from }) => (from && !dialled.has(from) ? [from] : []));
      const identity = ({ id, name }: { id: string; name: string }) => [id, name, name.replace("&", "&amp;")];
      secrets.publisher = {
        names: /revenue|margin|^target$|^legs$|destination_number/,
        amounts: [70 * USD, 22 * USD, 25 * USD],
        words: [...others.flatMap(identity), ...callers, SITES.bluegate, ...TARGETS, "70.00", "22.00"],
      };
      secrets.advertiser = {
        names: /payout|margin/,
        amounts: [48 * USD, 45 * USD, 22 * USD, 25 * USD],
        words: [...publishers.flatMap(identity), ...Object.values(SITES), "48.00", "45.00", "22.00"],
      };
    }),
  );

  it.each(["advertiser", "publisher"] as const)(
    "%s: on no page of its own, in no answer and no export",
    async (side) => {
      await as(side, async (page) => {
        const kept = await keepAnswers(page);
        const leaks = new Set<string>();
        await open(page, "/");
        const nav = await page.locator("nav a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
        const paths = [...nav.map(String), talked, hung_up, `/calls?call=${talked.slice("/calls/".length)}`];
        for (const path of paths) {
          await open(page, path);
          for (const leak of wordsIn(`page ${path}`, await textOf(page), secrets[side])) leaks.add(leak);
          await kept.all();
          for (const link of await page.locator('a[href*="format=csv"]').all()) {
            const url = `${world.url}${await link.getAttribute("href")}`;
            const body = await (await page.request.get(url)).text();
            expect(body.split("\n").length, url).toBeGreaterThan(1);
            for (const leak of leaksIn([{ url, body }], secrets[side])) leaks.add(leak);
          }
        }
        const answers = await kept.all();
        expect(answers.length).toBeGreaterThan(paths.length);
        for (const leak of leaksIn(answers, secrets[side])) leaks.add(leak);
        expect([...leaks]).toEqual([]);
      });
    },
    60_000,
  );

  it("would find them, for the network is told all of it", async () => {
    await as("network", async (page) => {
      const kept = await keepAnswers(page);
      await open(page, talked);
      const answers = await kept.all();
      for (const side of ["advertiser", "publisher"] as const) {
        const leaks = leaksIn(answers, secrets[side]).join("\n");
        expect(leaks).toMatch(/field/);
        expect(leaks).toMatch(/is \d+/);
      }
      expect(wordsIn("page", await textOf(page), secrets.publisher)).not.toEqual([]);
    });
  });
});
