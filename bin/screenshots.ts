import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium } from "../test/support/chromium.ts";
import { type DemoWorld, type Side, startDemo } from "../test/support/demo-world.ts";
import { openPage } from "../test/support/page-checks.ts";
import { ROOT } from "./paths.ts";

/**
 * `node bin/boot.mjs screenshots`: takes the pictures of the main pages into `docs/screens/`, over the demo's month,
 * in light and dark, the first two also on a phone. Names are stable: `call-dark-390.png`.
 */
type Shot = {
  name: string;
  as: Side | null;
  /** Where it is; what has an id is looked up, as the person who is signed in. */
  path: string | ((context: BrowserContext) => Promise<string>);
  /** Of the wide picture, px; a phone's is always 844. */
  height?: number;
  phone?: boolean;
  /** What to do before the picture is taken. */
  prepare?: (page: Page) => Promise<void>;
};

const FOLDER = join(ROOT, "docs", "screens");
const WIDE_PX = 1280;
const PHONE = { width: 390, height: 844 };
const SCHEMES = ["light", "dark"] as const;

const world = await startDemo();
const browser = await launchChromium();
try {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  for (const shot of shots(world)) {
    for (const scheme of SCHEMES) await take(browser, shot, scheme);
    console.log(shot.name);
  }
} finally {
  await browser.close();
  await world.stop();
}
process.exit(0);

function shots({ url }: DemoWorld): Shot[] {
  const first = (query: string, page: string) => async (context: BrowserContext) => {
    const answer = await context.request.get(`${url}/api/v1/${query}`);
    const { data } = (await answer.json()) as { data: { id: string }[] };
    const [found] = data;
    if (!found) throw new Error(`the demo answers nothing to ${query}`);
    return `${page}${found.id}`;
  };
  const paid = "calls?attribution=late_lease&payout_status=paid&limit=1";
  return [
    // First: its visitors are who holds the pool's numbers later.
    {
      name: "demo",
      as: null,
      path: "/demo?utm_source=google&utm_medium=cpc&utm_term=burst+pipe&gclid=demo",
      prepare: placeCall,
    },
    { name: "overview", as: "network", path: "/", height: 1000, phone: true },
    { name: "call", as: "network", path: first(paid, "/calls/"), height: 1280, phone: true },
    { name: "calls", as: "network", path: first(paid, "/calls?range=28d&call="), height: 720 },
    { name: "pool", as: "network", path: first("pools?limit=1", "/pools/"), height: 1000 },
    { name: "publisher", as: "publisher", path: "/earnings", height: 1000 },
  ];
}

/** The tag has shown its number, and the test call is placed. */
async function placeCall(page: Page): Promise<void> {
  await page.waitForFunction(() => !document.querySelector("main")?.textContent?.includes("555-0132"));
  await page.getByRole("button", { name: "Place a test call" }).click();
  await page.getByRole("link", { name: /who called/ }).waitFor();
}

async function take(opened: Browser, shot: Shot, scheme: (typeof SCHEMES)[number]): Promise<void> {
  const wide = { width: WIDE_PX, height: shot.height ?? 800 };
  const context = await opened.newContext({ viewport: wide, colorScheme: scheme, reducedMotion: "reduce" });
  if (shot.as) await world.signIn(context, shot.as);
  const page = await context.newPage();
  const path = typeof shot.path === "string" ? shot.path : await shot.path(context);
  for (const viewport of shot.phone ? [wide, PHONE] : [wide]) {
    await page.setViewportSize(viewport);
    await openPage(page, world.url + path);
    await shot.prepare?.(page);
    await page.mouse.move(0, 0);
    await page.screenshot({ path: join(FOLDER, `${shot.name}-${scheme}-${viewport.width}.png`) });
  }
  await context.close();
}
