import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import { ROUTES } from "../../dashboard/routes.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import type { DemoWorld } from "../support/demo-world.ts";
import { openPage, pageFaults, WIDE, watchErrors } from "../support/page-checks.ts";

/** Less than a test's own, so that a failure names its step. */
const STEP_TIMEOUT_MS = 20_000;

/** A person's window onto the dashboard over the demo, which stays open over several tests. */
export type Window = {
  context: BrowserContext;
  page: Page;
  /** What the page complained about since this was emptied. */
  errors: string[];
  /** Opens a path. */
  open(path: string): Promise<void>;
  /** The JSON that this person is answered at a path below `/api/v1`. */
  known<T>(path: string): Promise<T>;
  /** The route with the id of the first thing of its kind, as `/calls/cal_…` for `/calls/:id`. */
  addressOf(route: string): Promise<string>;
  /** What is wrong with the page to look at, and what it complained about until now, as lines. */
  faults(within?: string): Promise<string[]>;
};

export async function openWindow(
  browser: Browser,
  world: DemoWorld,
  side: OrganizationKind | null,
): Promise<Window> {
  const context = await browser.newContext({ viewport: WIDE, colorScheme: "light", reducedMotion: "reduce" });
  if (side) await world.signIn(context, side);
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_TIMEOUT_MS);
  const errors = watchErrors(page);
  const known = async <T>(path: string): Promise<T> => {
    const answer = await page.request.get(`${world.url}/api/v1${path}`);
    expect(answer.status(), path).toBe(200);
    return (await answer.json()) as T;
  };
  return {
    context,
    page,
    errors,
    open: (path) => openPage(page, world.url + path),
    known,
    async addressOf(route) {
      const [list, rest] = route.split("/:id");
      if (list === undefined || rest === undefined) return route;
      const resource = list.slice(list.lastIndexOf("/"));
      const { data } = await known<{ data: { id: string }[] }>(`${resource}?limit=1`);
      expect(data, `the demo has nothing to show at ${route}`).toHaveLength(1);
      return `${list}/${data[0]?.id}${rest}`;
    },
    faults: async (within) => [...(await pageFaults(page, within)), ...errors.splice(0)],
  };
}

/** What the sidebar of an organization of this kind leads to. */
export const inNavOf = (kind: OrganizationKind) =>
  ROUTES.filter(({ nav }) => nav?.kinds.includes(kind)).map(({ path }) => path);

/** The text as a person reads it, what is folded away included, with plain spaces. */
export const textOf = async (page: Page, selector = "body") =>
  ((await page.locator(selector).textContent()) ?? "").replaceAll(/\s+/g, " ");
