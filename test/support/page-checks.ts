import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page, Request } from "playwright-core";

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds wrong on the page as it is now, as `rule: target` lines. Works under a strict CSP. */
export async function axeFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(await axe);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } };
    return (await axe.run()).violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary ?? ""}`),
    );
  });
}

/** True when the page can be scrolled sideways, which it never may. */
export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
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
