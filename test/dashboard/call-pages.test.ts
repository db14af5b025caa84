import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { pageFaults } from "../support/page-checks.ts";
import { callWindows, WIDE } from "./call-windows.ts";

/** The call pages as the browser shows them, over invented calls: every role, both widths, both colour schemes. */

const { visit, serverOf } = callWindows();
const textOf = (page: Page) => page.locator("main").innerText();

/** Waits until the page with this title listens to keys: its title is set when it is. */
const titled = (page: Page, title: RegExp) => expect.poll(() => page.title()).toMatch(title);

// The log, the ledger and the pages of the other sides are looked at over the demo: here are the rarer calls.
describe("a call page", () => {
  it.each<[OrganizationKind, string, string]>([
    ["network", "/calls?call=cal_reversed", ".drawer .way-list"],
    ["network", "/calls/cal_reversed", ".tx"],
    ["network", "/calls/cal_late", ".cand"],
    ["network", "/calls/cal_ringing", ".spine"],
    ["network", "/calls/cal_static", ".spine"],
    ["publisher", "/calls/cal_unsure", ".cand"],
  ])(
    "is accessible and never scrolls sideways, wide and narrow, light and dark: %s %s",
    async (kind, path, has) => {
      const page = await visit(kind, path, WIDE);
      await page.waitForSelector(has);
      expect(await pageFaults(page)).toEqual([]);
    },
  );
});

describe("the call page", () => {
  it("tells a newcomer who called, why we think so, who pays whom and why", async () => {
    const page = await visit("network", "/calls/cal_reversed");
    await page.waitForSelector(".tx");
    const text = (await textOf(page)).replaceAll("\u00a0", " ");
    expect(text).toContain("+1 415 555 0188 to Emergency plumbing");
    expect(text).toContain(
      "Nobody pays for this call. The caller was connected for 71 s; terms v3 ask for 90 s.",
    );
    expect(text).toMatch(/\$0\.00\s+instead of\s+\$70\.00/);
    expect(text).toContain("0.942 + 0.031 = 0.973");
    expect(text).toContain("Something else");
    expect(text).toContain("71 s < 90 s, short by 19 s");
    expect(await page.locator(".rules tbody tr").first().getAttribute("class")).toBe("no");
    expect(await page.locator(".tx tfoot").innerText()).toMatch(/230\.00\s+230\.00/);
  });

  it("shows its network the visits that led up to it with their credit, and the caller's earlier calls", async () => {
    const page = await visit("network", "/calls/cal_reversed");
    await page.getByText("What led up to it").click();
    const rows = page.locator("details .tw").getByRole("row");
    await expect.poll(() => rows.count()).toBe(3);
    const cells = (await rows.nth(1).innerText()).replaceAll("\u00a0", " ").split(/\t|\n/);
    expect(cells).toContain("mail / email, /spring");
    expect(cells.slice(-5)).toEqual(["0.0%", "100.0%", "50.0%", "50.0%", "33.3%"]);
    await page.getByRole("link", { name: /Thu 19 Nov/ }).waitFor();
    expect(await pageFaults(page)).toEqual([]);
    const publisher = await visit("publisher", "/calls/cal_reversed");
    await publisher.waitForSelector(".spine");
    expect(await publisher.getByText("What led up to it").count()).toBe(0);
  });

  it.each([
    ["advertiser", /\$45|\$25|Fernhill|Kestrel|Publisher earns|Network keeps|enrollment/],
    ["publisher", /\$70|\$25|Harbor|Kestrel|Advertiser pays|Network keeps|0188|0174|Odds/],
  ] as const)("has for the %s nothing of what only others may see", async (kind, hidden) => {
    const page = await visit(kind, "/calls/cal_reversed");
    await page.waitForSelector(".spine");
    await page.getByText("As JSON").click();
    expect((await textOf(page)).replaceAll("\u00a0", " ")).not.toMatch(hidden);
  });

  it("goes to the next call of the log one came from by arrow key, and back to the log by Escape", async () => {
    const page = await visit("network", "/calls?payout_status=reversed");
    await page.locator("tbody a").first().click();
    await page.getByRole("link", { name: "Open the full page" }).click();
    await titled(page, /0188/);
    await page.keyboard.press("ArrowRight");
    await titled(page, /0104/);
    await page.keyboard.press("Escape");
    await page.waitForURL("**/calls");
  });

  it("says that a call which is not there is not there", async () => {
    const page = await visit("network", "/calls/cal_unknown");
    await page.getByRole("heading", { name: "No such call" }).waitFor();
  });
});

describe("the call log", () => {
  it("is read by keyboard: j to a row, Enter opens it beside, arrows go on, Escape closes", async () => {
    const page = await visit("network", "/calls");
    await page.waitForSelector("tbody tr");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    const drawer = page.locator(".drawer");
    await drawer.waitFor();
    const first = new URL(page.url()).searchParams.get("call");
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction((id) => new URL(location.href).searchParams.get("call") !== id, first);
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
    expect(new URL(page.url()).searchParams.get("call")).toBeNull();
    // The page takes its keys back from the drawer by a frame.
    const searches = () => page.evaluate(() => document.activeElement?.getAttribute("type") === "search");
    await expect.poll(() => page.keyboard.press("/").then(searches)).toBe(true);
    // Escape leaves the field, and the list has its keys again.
    await page.keyboard.type("jk");
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.waitForFunction(() => document.activeElement?.getAttribute("href")?.includes("call="));
    expect(await page.getByRole("searchbox").inputValue()).toBe("");
  });

  it("has for each side only its own columns", async () => {
    const heads = async (kind: OrganizationKind) => {
      const page = await visit(kind, "/calls");
      await page.waitForSelector("tbody tr");
      return page.locator("thead th").allInnerTexts();
    };
    expect(await heads("network")).toEqual(
      expect.arrayContaining(["Publisher", "Payout, USD", "Revenue, USD"]),
    );
    const advertiser = await heads("advertiser");
    expect(advertiser).toContain("You pay, USD");
    expect(advertiser.join()).not.toMatch(/Payout|Margin/);
    const publisher = await heads("publisher");
    expect(publisher).toContain("Payout, USD");
    expect(publisher.join()).not.toMatch(/Publisher|Revenue|Margin|Target/);
  });

  it("shows more by cursor, with each call once", async () => {
    const page = await visit("network", "/calls");
    await page.waitForSelector("tbody tr");
    const rows = page.locator("tbody tr");
    expect(await rows.count()).toBe(50);
    await page.getByRole("button", { name: "Show more" }).click();
    await expect.poll(() => rows.count()).toBe(100);
    const links = await page
      .locator("tbody th a")
      .evaluateAll((all) => all.map((one) => one.getAttribute("href")));
    expect(new Set(links).size).toBe(links.length);
  });

  it("keeps the columns one chose, in this browser", async () => {
    const page = await visit("network", "/calls");
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Keyword" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Source" }).click();
    await page.reload();
    await page.waitForSelector("tbody tr");
    const heads = await page.locator("thead th").allInnerTexts();
    expect(heads).toContain("Keyword");
    expect(heads).not.toContain("Source");
  });

  it("says which filter to drop when none of the calls fits", async () => {
    const page = await visit("network", "/calls?payout_status=paid&attribution=none");
    await page.getByText("No call matches these two filters.").waitFor();
    await page.getByRole("link", { name: "Drop that filter" }).click();
    await page.waitForSelector("tbody tr");
    expect([...new URL(page.url()).searchParams.keys()]).toHaveLength(1);
  });

  it("says so when none of the filters alone is to be dropped, and nothing of a list that is not there", async () => {
    const page = await visit("network", "/calls?q=zzzz&publisher_id=org_nobody");
    await page.getByText("Without any one of them there is none, either.").waitFor();
    expect(await page.getByRole("button", { name: "Columns" }).count()).toBe(0);
    await page.getByRole("link", { name: "Clear all filters" }).click();
    await page.waitForURL((url) => !url.search.includes("q=") && !url.search.includes("publisher_id"));
  });

  it("says what failed beside the filters, with the request's id, and tries again", async () => {
    const { broken } = serverOf("network");
    broken.add("calls");
    const page = await visit("network", "/calls");
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.innerText()).toContain("req_01KA7QB3");
    broken.delete("calls");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.waitForSelector("tbody tr");
    expect(await alert.count()).toBe(0);
  });
});

describe("the ledger", () => {
  it("sums to zero before one's eyes and leads to the calls", async () => {
    const page = await visit("network", "/ledger");
    await page.getByText("Sums to zero").waitFor();
    expect(await page.locator(".accounts tfoot").innerText()).toMatch(/([\d,.]+)\sUSD\s+\1\sUSD/);
    await page.locator(".ledger tbody a:visible").first().click();
    await page.waitForSelector(".spine");
  });

  it("has for a publisher its own account only", async () => {
    const page = await visit("publisher", "/ledger");
    await page.waitForSelector(".tx");
    const text = await textOf(page);
    expect(text).toContain("You earned");
    expect(text).not.toMatch(/Harbor|margin|Sums to zero/);
  });
});
