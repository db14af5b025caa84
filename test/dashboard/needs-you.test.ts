import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { leaveHouse, visit } from "./fixtures/house.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await leaveHouse();
});

const plain = (text: string) => text.replaceAll("\u00a0", " ").replaceAll(/\s+/g, " ").trim();

describe("what needs a person", () => {
  it("leads to the disputes that wait, and says from when on", async () => {
    await visit(browser, {}, async ({ page }) => {
      const need = page.locator(".needs li", { hasText: "2 disputes wait for a decision." });
      expect(plain(await need.innerText())).toMatch(/^15 Nov .* the oldest for 5 days Decide them$/);
      await need.getByRole("link", { name: "Decide them" }).click();
      await page.getByRole("heading", { level: 1, name: "Disputes" }).waitFor();
    });
  });

  it("is looked for in every pool, however many there are", async () => {
    await visit(browser, { pools: 230 }, async ({ page }) => {
      await page.getByText("Pool “Pool 230” is dry.").waitFor();
    });
  });

  it("is also told to who may not read telephony accounts", async () => {
    await visit(browser, { role: "analyst" }, async ({ page, state }) => {
      await page.getByText("2 disputes wait for a decision.").waitFor();
      expect(state.asked.join()).not.toContain("telephony-accounts");
    });
  });

  it("says so when nobody could look", async () => {
    await visit(browser, { broken: ["/sites"] }, async ({ page }) => {
      await page.getByText("What needs you did not load.").waitFor();
    });
  });
});
