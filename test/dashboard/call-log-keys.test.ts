import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { callWindows, PHONE, WIDE } from "./call-windows.ts";

/** The focus in the call log and its drawer, and the head of its table. */

const { visit } = callWindows();
const rows = (page: Page, n: number) => page.locator("tbody tr").nth(n);

describe("the call log", () => {
  it("has its drawer right behind the row that is open, by Tab there and back", async () => {
    const page = await visit("network", "/calls");
    await page.waitForSelector("tbody tr");
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
    const openIn = (n: number) => rows(page, n).evaluate((row) => row.contains(document.activeElement));
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.locator(".drawer .verdict, .drawer h2").first().waitFor();
    // The row's other links come first.
    await expect.poll(() => page.keyboard.press("Tab").then(focused)).toBe("Call");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Shift+Tab");
    expect(await openIn(0)).toBe(true);
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Call");
    await page.getByRole("tab", { name: "Raw" }).click();
    await page.locator(".drawer").evaluate((drawer) => {
      [...drawer.querySelectorAll<HTMLElement>("a, button, summary, [tabindex='0']")].at(-1)?.focus();
    });
    await page.keyboard.press("Tab");
    expect(await openIn(1)).toBe(true);
  });

  it("keeps the focus on the row that is shown, in sight, and gives it back", async () => {
    const page = await visit("network", "/calls");
    await page.waitForSelector("tbody tr");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.locator(".drawer").waitFor();
    const row = page.locator('tbody tr[aria-current="true"]');
    for (let n = 1; n <= 25; n++) {
      await page.keyboard.press("ArrowRight");
      await expect
        .poll(() => row.evaluate((one) => [...(one.parentElement?.children ?? [])].indexOf(one)))
        .toBe(n);
    }
    await expect.poll(() => row.evaluate((one) => one.contains(document.activeElement))).toBe(true);
    const box = await row.boundingBox();
    expect(box && box.y > 0 && box.y + box.height <= WIDE.height).toBe(true);
    await page
      .locator(".drawer")
      .getByRole("button", { name: /Previous/ })
      .focus();
    await page.keyboard.press("Escape");
    await page.locator(".drawer").waitFor({ state: "detached" });
    await expect
      .poll(() => rows(page, 25).evaluate((one) => one.contains(document.activeElement)))
      .toBe(true);
  });

  it("keeps the focus in the drawer where that covers the list", async () => {
    const page = await visit("network", "/calls", PHONE);
    await page.locator("tbody th a").first().click();
    const drawer = page.locator(".drawer");
    await drawer.getByRole("tab", { name: "Trail" }).waitFor();
    const inside = () => drawer.evaluate((one) => one.contains(document.activeElement));
    await page.keyboard.press("Shift+Tab");
    expect(await inside()).toBe(true);
    await page.keyboard.press("Tab");
    expect(await inside()).toBe(true);
  });

  it.each([1280, 1024, 390])("keeps its heads in sight at %i px", async (width) => {
    const page = await visit("network", "/calls", { ...WIDE, width });
    await page.waitForSelector("tbody tr");
    await page.evaluate(() => scrollTo(0, 900));
    const head = page.locator("thead th").first();
    await expect.poll(async () => (await head.boundingBox())?.y).toBe(0);
  });

  it("scrolls by itself where the columns that one chose need more room", async () => {
    const page = await visit("network", "/calls");
    await page.getByRole("button", { name: "Columns" }).click();
    for (const name of ["Keyword", "UTM campaign", "Content", "Channel", "Call id", "Number called"]) {
      await page.getByRole("menuitemcheckbox", { name }).click();
    }
    const frame = page.locator(".log .tw");
    await expect
      .poll(() => frame.evaluate((it) => it.scrollWidth > it.clientWidth && getComputedStyle(it).overflowX))
      .toBe("auto");
  });
});
