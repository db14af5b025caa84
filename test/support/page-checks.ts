import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page, Request } from "playwright-core";

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Axe's rule that reads every colour: the dearest of them, and the only one that a colour scheme can break. */
const COLOURS = "color-contrast";
type Look = "all" | "colours" | "all but colours";

/**
 * What axe-core finds wrong on the page as it is now, as `rule: target: why` lines. Works under a strict CSP.
 * `look` leaves out what another look at the same page has found already, `within` what lies around an element.
 */
export async function axeFaults(page: Page, look: Look = "all", within = "html"): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(await axe);
  const options: RunOptions = {
    resultTypes: ["violations"],
    ...(look === "colours" && { runOnly: [COLOURS] }),
    ...(look === "all but colours" && { rules: { [COLOURS]: { enabled: false } } }),
  };
  return page.evaluate(
    async ({ within, options }) => {
      const { axe } = window as unknown as {
        axe: { run(within: string, options: RunOptions): Promise<AxeResults> };
      };
      return (await axe.run(within, options)).violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary ?? ""}`),
      );
    },
    { within, options },
  );
}

/** True when the page can be scrolled sideways, which it never may. */
function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

/** Tables that are wider than their room: columns go before that, and nothing of a row lies out of sight. */
function tablesTooWide(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll(".tw")]
      .filter((frame) => frame.scrollWidth > frame.clientWidth)
      .map((frame) => `${frame.querySelector("caption")?.textContent} is wider than its room`),
  );
}

export const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };

/**
 * What is wrong with a page to look at, wide and narrow, in light and dark, as lines. A width changes no colour and
 * a scheme nothing else, so each is looked at once; `npm run verify` looks at everything in all four. The page comes
 * wide and light, and is left so. `within`: looks at this element only, when the page around it was looked at before.
 */
export async function pageFaults(page: Page, within?: string): Promise<string[]> {
  const faults: string[] = [];
  const whole = process.env.VERIFY_RUNS !== undefined;
  const add = (where: string, found: string[]) => faults.push(...found.map((fault) => `${where}: ${fault}`));
  for (const [name, size] of [
    ["wide", WIDE],
    ["narrow", NARROW],
  ] as const) {
    await page.setViewportSize(size);
    if (await scrollsSideways(page)) faults.push(`${name}: scrolls sideways`);
    add(name, await tablesTooWide(page));
    add(name, await axeFaults(page, whole || name === "wide" ? "all" : "all but colours", within));
    if (name === "narrow" && !whole) continue;
    await page.emulateMedia({ colorScheme: "dark" });
    add(`${name}, dark`, await axeFaults(page, whole ? "all" : "colours", within));
    await page.emulateMedia({ colorScheme: "light" });
  }
  await page.setViewportSize(WIDE);
  return faults;
}

/** Collects what goes wrong on the page from now on: uncaught errors and whatever the console calls an error. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(`${new URL(page.url()).pathname}: ${error}`));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    errors.push(`${new URL(page.url()).pathname}: ${message.text()} ${message.location().url}`);
  });
  return errors;
}

const flights = new WeakMap<Page, Set<Request>>();
const QUIET_MS = 120;
const POLL_MS = 20;

/** The page's requests on their way, from the first time it is asked for. */
function inFlight(page: Page): Set<Request> {
  const known = flights.get(page);
  if (known) return known;
  const found = new Set<Request>();
  flights.set(page, found);
  page.on("request", (request) => found.add(request));
  page.on("requestfinished", (request) => found.delete(request));
  page.on("requestfailed", (request) => found.delete(request));
  return found;
}

/**
 * Opens an address and waits until the page stands: it has its title, no skeleton is left, and for a moment
 * nothing was asked for (which is quicker than the half second of "networkidle").
 */
export async function openPage(page: Page, url: string): Promise<void> {
  const flying = inFlight(page);
  flying.clear();
  await page.goto(url, { waitUntil: "commit" });
  await page.locator("h1").first().waitFor();
  let quiet_since = performance.now();
  while (performance.now() - quiet_since < QUIET_MS) {
    await page.waitForTimeout(POLL_MS);
    if (flying.size > 0) quiet_since = performance.now();
  }
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}
