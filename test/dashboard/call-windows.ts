import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { DIST } from "../../bin/paths.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { builtOnce } from "../support/build.ts";
import { launchChromium } from "../support/chromium.ts";
import { RING, ZONE } from "./call-fixtures.ts";
import { type CallServer, startCallServer } from "./call-server.ts";

const KINDS = ["network", "advertiser", "publisher"] as const;
export const WIDE = { width: 1280, height: 900, colorScheme: "light" } as const;
export const PHONE = { width: 390, height: 844, colorScheme: "dark" } as const;

type Screen = { width: number; height: number; colorScheme: "light" | "dark" };

export type CallWindows = {
  /** Opens a path as an organization of this kind; closed after the test. */
  visit(kind: OrganizationKind, path: string, screen?: Screen): Promise<Page>;
  serverOf(kind: OrganizationKind): CallServer;
};

/** Windows onto the built dashboard over invented calls, for the tests of a file. */
export function callWindows(): CallWindows {
  let browser: Browser;
  const servers = new Map<OrganizationKind, CallServer>();
  const opened: Page[] = [];

  beforeAll(async () => {
    await builtOnce();
    browser = await launchChromium();
    for (const kind of KINDS) servers.set(kind, await startCallServer(kind, join(DIST, "dashboard")));
  });
  afterEach(async () => {
    for (const page of opened.splice(0)) await page.context().close();
  });
  afterAll(async () => {
    await browser?.close();
    for (const server of servers.values()) await server.close();
  });

  const serverOf = (kind: OrganizationKind): CallServer => servers.get(kind)!;

  async function visit(kind: OrganizationKind, path: string, screen: Screen = WIDE): Promise<Page> {
    const { width, height, colorScheme } = screen;
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme,
      timezoneId: ZONE,
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    opened.push(page);
    await page.clock.setFixedTime(RING + 30_000);
    await page.goto(serverOf(kind).url + path);
    return page;
  }
  return { visit, serverOf };
}
