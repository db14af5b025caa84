import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROUTES } from "../../dashboard/routes.ts";
import type { Call } from "../../shared/api/calls.ts";
import { launchChromium } from "../support/chromium.ts";
import { DEMO_TIMEOUT_MS, type DemoWorld, startDemo } from "../support/demo-world.ts";
import { axeFaults } from "../support/page-checks.ts";
import { inNavOf, openWindow, type Window } from "./window.ts";

/**
 * Every page of the dashboard over the demo's month: no fault for axe in light and dark, no sideways scroll at 1280
 * and 390, no error in the console, and a keyboard is enough. What an advertiser and a publisher see is in
 * `sides.test.ts`.
 */

let world: DemoWorld;
let browser: Browser;

beforeAll(async () => {
  [world, browser] = await Promise.all([startDemo(), launchChromium()]);
}, DEMO_TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

/** The network may open what it finds in its sidebar, and whatever these pages lead to. */
const OF_NETWORK = ROUTES.filter(({ nav }) => !nav || nav.kinds.includes("network")).map(({ path }) => path);

/** The buttons that open a form in their page. */
const FORMS: Record<string, string[]> = {
  "/pools": ["Make a pool"],
  "/numbers": ["Add numbers"],
  "/sites": ["Add a site"],
  "/campaigns": ["Make a campaign"],
  "/campaigns/:id": ["New terms…", "Add a target"],
  "/campaigns/:id/flow": ["Change…"],
  "/publishers": ["Add a publisher"],
  "/settings": ["Connect an account", "Make a key", "Add a webhook"],
  "/settings/webhooks/:id": ["Change", "Send a range again"],
};

describe("for the network", () => {
  let window: Window;
  beforeAll(async () => {
    window = await openWindow(browser, world, "network");
    await window.open("/settings");
    // The demo has none: nobody's server listens to it.
    const status = await window.page.evaluate(async () => {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ url: "https://crm.example.com/told" });
      return (await fetch("/api/v1/webhooks", { method: "POST", headers, body })).status;
    });
    expect(status).toBe(201);
  });
  afterAll(() => window.context.close());

  it.each([...OF_NETWORK, "/nowhere"])("%s and what opens in it have no fault", async (route) => {
    const { page } = window;
    await window.open(await window.addressOf(route));
    expect(await window.faults()).toEqual([]);
    for (const name of FORMS[route] ?? []) {
      await page.getByRole("button", { name }).focus();
      await page.keyboard.press("Enter");
      const form = page.locator(".panel form");
      await form.waitFor();
      // The focus follows the form by a frame.
      await expect
        .poll(() => form.evaluate((it) => it.contains(document.activeElement)), { message: name })
        .toBe(true);
      expect(await window.faults(".panel"), name).toEqual([]);
      await page.keyboard.press("Escape");
      await form.waitFor({ state: "detached" });
    }
  });

  it("has a page for every form", () => {
    expect(OF_NETWORK).toEqual(expect.arrayContaining(Object.keys(FORMS)));
  });

  it("the drawer over the log has no fault", async () => {
    const call = await window.addressOf("/calls/:id");
    await window.open(`/calls?call=${call.slice("/calls/".length)}`);
    await window.page.locator("aside.drawer h2, aside.drawer .verdict").first().waitFor();
    expect(await window.faults()).toEqual([]);
  });
});

describe("for nobody yet", () => {
  it.each(["/sign-in", "/sign-in?way=sign-up"])("%s has no fault", async (path) => {
    const window = await openWindow(browser, world, null);
    await window.open(path);
    expect(await window.faults()).toEqual([]);
    await window.context.close();
  });
});

describe("for a network that was founded a moment ago", () => {
  let window: Window;
  beforeAll(async () => {
    window = await openWindow(browser, world, null);
    const { page } = window;
    await window.open("/sign-in?way=sign-up");
    await page.getByLabel("Name of your network").fill("Harrow & Vale");
    await page.getByLabel(/your name/i).fill("Robin Vale");
    await page.getByLabel("Email").fill("robin@harrow.example");
    await page.getByLabel("Password").fill("a trail of bread crumbs");
    await page.getByRole("button", { name: "Start a network" }).click();
    await page.getByRole("heading", { level: 1, name: "Lay the first trail" }).waitFor();
    window.errors.length = 0;
  });
  afterAll(() => window.context.close());

  it("the overview is the trail of first steps, without a fault", async () => {
    const { page } = window;
    await window.open("/");
    expect(await page.locator("main").innerText()).toMatch(/None are done\./);
    expect(await window.faults()).toEqual([]);
  });

  it.each(inNavOf("network").filter((path) => path !== "/"))("%s is empty and has no fault", async (path) => {
    await window.open(path);
    expect(await window.faults()).toEqual([]);
  });
});

describe("a call tried out in the demo's call flow", () => {
  it("leaves its trail in the drawn menu", async () => {
    const window = await openWindow(browser, world, "network");
    const { page } = window;
    await window.open(await window.addressOf("/campaigns/:id/flow"));
    await page.getByLabel(/^At,/).fill("2026-11-22T10:00");
    await page.getByText("Rings whoever routing chooses").waitFor();
    expect(await page.locator(".flow-box.now").innerText()).toMatch(/Connect/);
    // Sunday: the night's words, and then nobody takes the call.
    await page.getByRole("button", { name: "Nobody answers" }).click();
    await page.getByText("The caller may leave a message.").waitFor();
    expect(await page.locator(".flow-box.passed").allInnerTexts()).toHaveLength(3);
    await page.getByRole("button", { name: "Start again" }).click();
    await page.getByText("Rings whoever routing chooses").waitFor();
    expect(window.errors).toEqual([]);
    await window.context.close();
  });
});

describe("a month's statement", () => {
  it("is marked as paid on its publisher's page, with a word to that publisher", async () => {
    const window = await openWindow(browser, world, "network");
    const { page } = window;
    await window.open(await window.addressOf("/publishers/:id"));
    const months = page.getByRole("region", { name: "Statements" });
    const offers = months.getByRole("button", { name: /^Mark as paid/ });
    const before = await offers.count();
    await offers.first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reference").fill("PAYOUT-7");
    expect(await window.faults("dialog")).toEqual([]);
    await dialog.getByRole("button", { name: /^Mark \d+.calls as paid$/ }).click();
    await page.getByText(/marked as paid\.$/).waitFor();
    await expect.poll(() => offers.count()).toBe(before - 1);
    const { data } = await window.known<{ data: { id: string }[] }>("/calls?payout_status=paid&limit=200");
    const calls = await Promise.all(data.map(({ id }) => window.known<Call>(`/calls/${id}`)));
    const told = calls.flatMap(({ timeline }) => timeline?.map(({ detail }) => detail) ?? []);
    expect(told).toContain("the publisher was paid: PAYOUT-7");
    await window.context.close();
  });
});

describe("by keyboard alone", () => {
  let window: Window;
  beforeAll(async () => {
    window = await openWindow(browser, world, "network");
  });
  afterAll(() => window.context.close());

  it("letters choose the range, ? lists them, Escape closes", async () => {
    const { page } = window;
    await window.open("/");
    await page.keyboard.press("w");
    await page.waitForURL("**/?range=7d");
    await page.keyboard.press("d");
    await page.waitForURL("**/?range=day");
    await page.keyboard.press("Shift+?");
    const sheet = page.getByRole("dialog", { name: "Shortcuts" });
    await sheet.getByText("Last 7 days").waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
  });

  it("j and k go through the log, Enter opens the drawer, Escape closes it, / searches", async () => {
    const { page } = window;
    await window.open("/calls");
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("href") ?? "");
    await page.keyboard.press("j");
    const first = await focused();
    await page.keyboard.press("j");
    const second = await focused();
    expect(second).toMatch(/call=cal_/);
    expect(second).not.toBe(first);
    await page.keyboard.press("k");
    expect(await focused()).toBe(first);
    await page.keyboard.press("Enter");
    const drawer = page.locator("aside.drawer");
    await drawer.waitFor();
    expect(page.url()).toContain(first);
    await page.keyboard.press("j");
    await page.waitForURL((url) => second.endsWith(url.search));
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
    await page.keyboard.press("/");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("search");
    await page.keyboard.type("w");
    expect(new URL(page.url()).searchParams.get("range")).toBeNull();
  });

  it("Ctrl K goes to a page, and finds a call by its caller", async () => {
    const { page } = window;
    const answer = await page.request.get(`${world.url}/api/v1/calls?limit=50`);
    const calls = ((await answer.json()) as { data: { id: string; from: string | null }[] }).data;
    const call = calls.find(({ from }) => from !== null);
    await window.open("/");
    await page.keyboard.press("Control+k");
    const field = page.getByRole("combobox", { name: /Go to a page/ });
    await field.waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.keyboard.type("ledger");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/ledger");
    await page.keyboard.press("Control+k");
    await field.waitFor();
    await page.keyboard.type(call?.from ?? "");
    await page.getByRole("option", { name: /^\+1/ }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/calls/${call?.id}`);
    expect(window.errors).toEqual([]);
  });
});
