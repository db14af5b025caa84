import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { disputesSentence, standsWords } from "../../dashboard/pages/disputes/words.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { launchChromium } from "../support/chromium.ts";
import { pageFaults } from "../support/page-checks.ts";
import { disputesAt } from "./fixtures/disputes.ts";
import { leaveHouse, NOW, visit } from "./fixtures/house.ts";
import { ZONE } from "./fixtures/world.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await leaveHouse();
});

const plain = (text: string) => text.replaceAll("\u00a0", " ").replaceAll(/\s+/g, " ").trim();
const rows = async (page: Page) => (await page.locator("tbody tr").allInnerTexts()).map(plain);
const lead = async (page: Page) => plain(await page.locator("p.lead").innerText());
const path = "/disputes";

describe("the sentence of the disputes", () => {
  const said = (kind: OrganizationKind, count = 9) =>
    plain(disputesSentence(kind, disputesAt(NOW, kind).slice(0, count), NOW));

  it("says what waits, for whom, how long and what is at stake, to each its own money", () => {
    expect(said("network", 2)).toBe(
      "2 disputes wait for your decision, the oldest for 5 days. At stake: 70.00 USD of charges, 45.00 USD of payouts.",
    );
    expect(said("advertiser", 1)).toBe(
      "1 dispute waits for the network's decision, for 5 days now. At stake: 70.00 USD of what you owe.",
    );
    expect(said("publisher", 2)).toBe("2 disputes wait for the network's decision, the oldest for 5 days.");
    expect(said("network")).toMatch(/1 dispute was decided: 1 accepted in part\.$/);
  });

  it("says of one how it stands", () => {
    const [, open, decided] = disputesAt(NOW, "network");
    if (!open || !decided) throw new Error("there are three");
    expect(plain(standsWords(open, NOW, ZONE))).toBe("Open for 5 days");
    expect(plain(standsWords(decided, NOW, ZONE))).toBe(
      "Accepted in part: $35.00 credited to the advertiser, $20.00 taken off of the payout, Thu 12 Nov",
    );
  });
});

describe("the list of disputes", () => {
  it("begins with what waits longest, and leads by keyboard to where it is decided", async () => {
    await visit(browser, { path }, async ({ page }) => {
      await page.getByRole("columnheader", { name: "Revenue, USD" }).waitFor();
      expect(await lead(page)).toMatch(/^2 disputes wait for your decision/);
      const [first = "", second = ""] = await rows(page);
      expect(first).toMatch(/Harbor & Pine disputes what it owes Spam: A recorded voice\./);
      expect(first).toMatch(/Open for 5 days 70\.00 45\.00 Decide…$/);
      expect(second).toMatch(/claims the payout Missing payout: .*Open for 3 h — — Decide…$/);
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/calls/cal_old?do=dsp_old");
    });
  });

  it("shows those decided and all by its tabs, and filters by campaign", async () => {
    await visit(browser, { path }, async ({ page, state }) => {
      await page.getByRole("tab", { name: "Open" }).focus();
      await page.keyboard.press("ArrowRight");
      await page.waitForURL("**/disputes?status=decided");
      await page.getByText("1 dispute was decided: 1 accepted in part.").waitFor();
      expect(await rows(page)).toHaveLength(1);
      await page.getByRole("tab", { name: "All" }).click();
      await expect.poll(() => rows(page).then((all) => all.length)).toBe(3);
      expect(state.asked.at(-1)).toBe("/api/v1/disputes?limit=200");
      await page.getByRole("button", { name: "+ Filter" }).click();
      await page.getByRole("option", { name: "campaign" }).click();
      await page.getByRole("option", { name: "Same-day dental" }).click();
      await page.waitForURL(/status=all&campaign_id=cmp_/);
      await expect.poll(() => rows(page).then((all) => all.length)).toBe(1);
    });
  });

  it("sorts by what is at stake", async () => {
    await visit(browser, { path: "/disputes?status=all" }, async ({ page }) => {
      const head = page.getByRole("columnheader", { name: "Payout, USD" });
      await head.getByRole("button").click();
      await page.waitForURL(/sort=-payout/);
      expect(await head.getAttribute("aria-sort")).toBe("descending");
      // What is claimed takes nothing from a payout that there is: it comes last.
      expect((await rows(page)).at(-1)).toContain("claims the payout");
    });
  });

  it("shows a side its own money and no way to decide", async () => {
    await visit(browser, { kind: "advertiser", path }, async ({ page }) => {
      await page.getByRole("columnheader", { name: "Revenue, USD" }).waitFor();
      expect(await page.locator("main").innerText()).not.toMatch(/payout|decide…/i);
    });
    await visit(browser, { kind: "publisher", path }, async ({ page }) => {
      await page.getByRole("columnheader", { name: "Payout, USD" }).waitFor();
      expect(await page.locator("table").innerText()).not.toMatch(/revenue|70\.00|decide…/i);
    });
  });

  it("says what there is to do where nothing is disputed, and which filter to drop", async () => {
    await visit(browser, { fresh: true, path }, async ({ page }) => {
      await page.getByText("No dispute waits for a decision.").waitFor();
      await page.getByRole("link", { name: "Show those decided" }).click();
      await page.getByText("No dispute was decided yet.").waitFor();
    });
    await visit(browser, { path: "/disputes?side=margin" }, async ({ page }) => {
      await page.getByText("No dispute matches this filter.").waitFor();
      await page.getByRole("link", { name: "Drop that filter" }).click();
      await page.waitForURL("**/disputes");
    });
  });

  it("says so when it does not load", async () => {
    await visit(browser, { path, broken: ["/disputes"] }, async ({ page, state }) => {
      await page.getByText("The disputes did not load.").waitFor();
      state.broken.clear();
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("columnheader", { name: "Revenue, USD" }).waitFor();
    });
  });

  it("has no fault for axe in light and dark, and no sideways scroll", async () => {
    await visit(browser, { path: "/disputes?status=all" }, async ({ page }) => {
      await page.getByRole("columnheader", { name: "Revenue, USD" }).waitFor();
      expect(await pageFaults(page)).toEqual([]);
    });
  });
});
