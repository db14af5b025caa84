import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { axeFaults, pageFaults } from "../support/page-checks.ts";
import { leaveHouse, visit } from "./fixtures/house.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await leaveHouse();
});

const query = (page: Page) => new URL(page.url()).searchParams;
const readout = (page: Page) => page.locator(".read b").innerText();
const figures = (page: Page) => page.getByRole("tab", { name: /^Calls/ }).waitFor();
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? "");

describe("the keys of the range", () => {
  it("choose, step and compare, all in the URL", async () => {
    await visit(browser, {}, async ({ page }) => {
      await figures(page);
      await page.keyboard.press("w");
      await page.waitForURL("**/?range=7d");
      await page.getByText("14–20 Nov 2026, Los Angeles time").waitFor();
      await page.keyboard.press("ArrowLeft");
      await page.waitForURL("**/?range=custom&from=2026-11-07&to=2026-11-13");
      await page.keyboard.press("ArrowRight");
      await page.waitForURL(/to=2026-11-20/);
      await page.keyboard.press("x");
      await page.waitForURL(/compare=none/);
      expect(await page.getByRole("button", { name: "Compare" }).getAttribute("aria-pressed")).toBe("false");
      await page.goBack();
      await page.getByRole("button", { name: "vs the week before" }).waitFor();
    });
  });

  it("are silent while a person types, and open the dialog of dates", async () => {
    await visit(browser, {}, async ({ page }) => {
      await figures(page);
      await page.keyboard.press("/");
      await page.keyboard.press("Enter");
      await page.getByRole("combobox", { name: "Filter by" }).fill("");
      await page.keyboard.type("wd");
      expect(query(page).get("range")).toBeNull();
      await page.keyboard.press("Escape");
      await page.keyboard.press("c");
      await page.getByRole("dialog", { name: "Choose dates" }).waitFor();
      await page.getByLabel("From").fill("2026-10-05");
      await page.getByLabel("To, included").fill("2026-10-11");
      await page.getByRole("button", { name: "Show these days" }).click();
      await page.waitForURL("**/?range=custom&from=2026-10-05&to=2026-10-11");
    });
  });

  it("leave the arrows to the plot that has the focus", async () => {
    await visit(browser, {}, async ({ page }) => {
      await figures(page);
      expect((await readout(page)).replaceAll("\u00a0", " ")).toBe("Thu 19 Nov");
      await page.locator("svg.p").first().focus();
      await page.keyboard.press("ArrowLeft");
      expect((await readout(page)).replaceAll("\u00a0", " ")).toBe("Wed 18 Nov");
      await page.keyboard.press("Home");
      expect((await readout(page)).replaceAll("\u00a0", " ")).toBe("Sat 24 Oct");
      expect(query(page).get("range")).toBeNull();
      await page.keyboard.press("Enter");
      await page.waitForURL("**/?range=custom&from=2026-10-24&to=2026-10-24");
    });
  });
});

describe("a table", () => {
  it("goes by j and k, and its values filter", async () => {
    await visit(browser, {}, async ({ page }) => {
      await page.getByRole("link", { name: "Emergency plumbing" }).waitFor();
      await page.keyboard.press("j");
      expect(await focused(page)).toBe("Emergency plumbing");
      await page.keyboard.press("j");
      expect(await focused(page)).toBe("Same-day dental");
      await page.keyboard.press("k");
      await page.keyboard.press("Enter");
      await page.waitForURL(/campaign_id=cmp_/);
      await page.getByRole("button", { name: "Remove filter: campaign" }).click();
      await page.waitForURL((url) => url.search === "");
    });
  });

  it("sorts by its header, and says how", async () => {
    await visit(browser, {}, async ({ page }) => {
      const calls = page.getByRole("columnheader", { name: "Calls" }).first();
      await calls.waitFor();
      expect(await calls.getAttribute("aria-sort")).toBe("descending");
      await calls.getByRole("button").click();
      await page.waitForURL(/sort=calls/);
      expect(await calls.getAttribute("aria-sort")).toBe("ascending");
      const first = page.getByRole("tabpanel", { name: "Campaign" }).locator("tbody tr").first();
      expect(await first.innerText()).toContain("Injury intake");
    });
  });

  it("shows on a phone where one is in the strip of pages", async () => {
    await visit(browser, { width: 390, path: "/settings" }, async ({ page }) => {
      const here = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" });
      const box = await here.boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= 390).toBe(true);
    });
  });

  it("folds columns on a phone rather than scrolling the page", async () => {
    await visit(browser, { width: 390 }, async ({ page }) => {
      await page.getByRole("link", { name: "Emergency plumbing" }).waitFor();
      expect(await page.getByRole("columnheader", { name: "Advertiser" }).count()).toBe(0);
      expect(await page.locator(".fold.k2").first().isVisible()).toBe(true);
    });
  });
});

describe("what floats", () => {
  it("finds a page, a call and another organization by Ctrl K", async () => {
    await visit(browser, {}, async ({ page, state }) => {
      await figures(page);
      await page.keyboard.press("Control+k");
      const field = page.getByRole("combobox", { name: /Go to a page/ });
      await field.fill("+1 (415) 555");
      await page
        .getByRole("option", { name: /415.555/ })
        .first()
        .waitFor();
      expect(state.asked.some((path) => path.startsWith("/api/v1/calls?q=%2B1415555"))).toBe(true);
      await field.fill("fern");
      await page.keyboard.press("Enter");
      await page.getByText("Publisher with Larkspur Network").waitFor();
    });
  });

  it("lists the keys of this page by ?, and Escape closes", async () => {
    await visit(browser, {}, async ({ page }) => {
      await figures(page);
      await page.keyboard.press("Shift+?");
      const sheet = page.getByRole("dialog", { name: "Shortcuts" });
      await sheet.getByText("Compare with the period before").waitFor();
      await page.keyboard.press("Escape");
      await sheet.waitFor({ state: "detached" });
    });
  });

  it("opens the range as a menu for arrows and Enter", async () => {
    await visit(browser, {}, async ({ page }) => {
      await figures(page);
      await page.getByRole("button", { name: /Last 28 days/ }).click();
      await page.getByRole("menu", { name: "Range" }).waitFor();
      await page.waitForFunction(() => document.activeElement?.getAttribute("aria-checked") === "true");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/?range=30d");
    });
  });
});

describe("states", () => {
  it("say what failed with the request's id, and try again", async () => {
    await visit(browser, { broken: ["/reports"] }, async ({ page, state }) => {
      const fault = page.getByRole("alert").first();
      await fault.getByText("The figures did not load.").waitFor();
      expect(await fault.innerText()).toContain("req_01KA7QB3");
      state.broken.clear();
      await fault.getByRole("button", { name: "Try again" }).click();
      await figures(page);
    });
  });

  it("keep their figures when they are asked for again and that fails, and say from when they are", async () => {
    await visit(browser, {}, async ({ page, state }) => {
      await figures(page);
      state.broken.add("/reports");
      await page.getByRole("link", { name: "Ledger" }).click();
      await page.getByRole("heading", { level: 1, name: "Ledger" }).waitFor();
      await page.getByRole("link", { name: "Overview" }).click();
      await page.getByText("What you see is from 14:32:05.").first().waitFor();
      expect(await page.getByRole("tab", { name: /^Calls/ }).isVisible()).toBe(true);
    });
  });

  it("show no figures of another range when those of the chosen one do not load", async () => {
    await visit(browser, {}, async ({ page, state }) => {
      await figures(page);
      state.broken.add("/reports");
      await page.keyboard.press("w");
      await page.getByText("did not load.").first().waitFor();
      await page.getByRole("tab", { name: /^Calls/ }).waitFor({ state: "hidden" });
      expect(await page.getByText("What you see is from").count()).toBe(0);
      state.broken.delete("/reports");
      await page.getByRole("button", { name: "Try again" }).first().click();
      await figures(page);
    });
  });

  it("say which filter to drop when nothing matches", async () => {
    await visit(browser, { path: "/?source=nobody&attribution=lease" }, async ({ page }) => {
      await page.getByText("No call matches these 2 filters.").waitFor();
      await page.getByRole("link", { name: "Drop that filter" }).click();
      await page.waitForURL("**/?attribution=lease");
      await figures(page);
    });
  });

  it("say so when a page's code cannot be fetched, instead of staying blank", async () => {
    await visit(browser, {}, async ({ page }) => {
      await figures(page);
      await page.route("**/chunk-*.js", (route) => route.abort());
      await page.getByRole("link", { name: "Ledger" }).click();
      await page.getByText("This page did not load.").waitFor();
      await page.unroute("**/chunk-*.js");
      await page.getByRole("button", { name: "Load it again" }).click();
      await page.getByRole("heading", { level: 1, name: "Ledger" }).waitFor();
    });
  });

  it("lead a new network by its first steps", async () => {
    await visit(browser, { fresh: true }, async ({ page }) => {
      await page.getByText("Three are done.").waitFor();
      expect(await page.locator(".st.todo").count()).toBe(2);
      expect(await page.locator(".code pre").innerText()).toContain("/t/st_7Q2mX9.js");
    });
  });
});

describe("who is there", () => {
  it("is asked to sign in and comes back to where it was going", async () => {
    await visit(browser, { kind: null, path: "/?range=7d" }, async ({ page }) => {
      await page.waitForURL(/\/sign-in\?next=%2F%3Frange%3D7d/);
      await page.getByLabel("Email").fill("robin@larkspur.example");
      await page.getByLabel("Password").fill("correct horse");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL("**/?range=7d");
      await figures(page);
    });
  });

  it("is led to nothing that its role may not read", async () => {
    await visit(browser, { role: "viewer" }, async ({ page }) => {
      await figures(page);
      const nav = page.getByRole("navigation", { name: "Main" });
      expect(await nav.getByRole("link", { name: "Disputes" }).count()).toBe(1);
      expect(await nav.getByRole("link", { name: "Ledger" }).count()).toBe(0);
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: /Go to a page/ }).fill("ledger");
      await expect.poll(() => page.getByRole("option", { name: "Ledger" }).count()).toBe(0);
    });
  });

  it("sees no word and asks for no metric of the other side", async () => {
    await visit(browser, { kind: "publisher" }, async ({ page, state }) => {
      await figures(page);
      await page.getByRole("tabpanel", { name: "Campaign" }).locator("tbody tr").first().waitFor();
      expect(await page.locator("main").innerText()).not.toMatch(/revenue|margin|target/i);
      expect(state.asked.join("\n")).not.toMatch(/revenue_micros|margin_micros|billable/);
    });
    await visit(browser, { kind: "advertiser" }, async ({ page, state }) => {
      await figures(page);
      await page.getByRole("tabpanel", { name: "Campaign" }).locator("tbody tr").first().waitFor();
      expect(await page.locator("main").innerText()).not.toMatch(/payout|margin/i);
      expect(state.asked.join("\n")).not.toMatch(/payout|margin_micros|payable/);
    });
  });
});

// The pages that the demo can show are looked at over the demo: here are the rest.
describe("every page", () => {
  const PAGES = [
    { name: "overview by source", path: "/?by=source&plot=connected&campaign_id=cmp_unknown" },
    { name: "failed", path: "/", broken: ["/reports"] },
    { name: "no such page", path: "/nowhere" },
  ] as const;

  for (const { name, ...opening } of PAGES) {
    it(`${name}: no fault for axe in light and dark, no sideways scroll at 1280 and 390`, async () => {
      const broken = "broken" in opening ? [...opening.broken] : [];
      await visit(browser, { ...opening, broken }, async ({ page }) => {
        await page.waitForLoadState("networkidle");
        expect(await pageFaults(page)).toEqual([]);
      });
    });
  }

  it("has no fault for axe with what floats open", async () => {
    await visit(browser, {}, async ({ page }) => {
      await figures(page);
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").waitFor();
      expect(await axeFaults(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: /Last 28 days/ }).click();
      await page.getByRole("menu", { name: "Range" }).waitFor();
      expect(await axeFaults(page)).toEqual([]);
    });
  });
});
