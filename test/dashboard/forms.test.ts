import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { axeFaults } from "../support/page-checks.ts";
import { leaveHouse, visit } from "./fixtures/house.ts";

/** What a person has typed into a form is not lost by a key, a link or the end of a session. */

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await leaveHouse();
});

const path = "/campaigns?do=new";
const name = (page: Page) => page.getByLabel("Name", { exact: true });
const form = (page: Page) => page.locator(".panel form");

/** Types a name, chooses another advertiser than the first, and answers what was chosen. */
async function fillIn(page: Page): Promise<string> {
  await name(page).fill("Roof repair");
  await page.getByLabel("Advertiser").selectOption({ index: 2 });
  return page.getByLabel("Advertiser").inputValue();
}

async function signInAgain(page: Page): Promise<void> {
  await page.getByLabel("Email").fill("robin@larkspur.example");
  await page.getByLabel("Password").fill("correct horse");
  await page.getByRole("button", { name: "Sign in" }).click();
}

describe("a form", () => {
  it("is left by Escape at once while nothing was typed", async () => {
    await visit(browser, { path }, async ({ page }) => {
      await name(page).press("Escape");
      await form(page).waitFor({ state: "detached" });
    });
  });

  it("asks before it throws away what was typed, and Escape goes on typing", async () => {
    await visit(browser, { path }, async ({ page }) => {
      await name(page).pressSequentially("Roof");
      await page.keyboard.press("Escape");
      const dialog = page.getByRole("dialog", { name: "Throw away what you typed?" });
      await dialog.waitFor();
      expect(await axeFaults(page)).toEqual([]);
      // Enter pressed in haste throws nothing away.
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Go on typing");
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      expect(await name(page).inputValue()).toBe("Roof");
      await expect.poll(() => name(page).evaluate((field) => field === document.activeElement)).toBe(true);
      await page.getByRole("button", { name: "Cancel" }).click();
      await dialog.getByRole("button", { name: "Throw it away" }).click();
      await form(page).waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Make a campaign" }).click();
      expect(await name(page).inputValue()).toBe("");
      expect(await page.getByText("What you typed before is back.").count()).toBe(0);
    });
  });

  it("has what was typed after the session ended and somebody signed in again", async () => {
    await visit(browser, { path }, async ({ page, state }) => {
      const advertiser = await fillIn(page);
      await page.getByLabel("Calls go to").fill("+1 415 555 0199");
      state.kind = null;
      await page.getByRole("button", { name: "Make the campaign" }).click();
      await page.waitForURL(/\/sign-in\?next=/);
      await signInAgain(page);
      await page.waitForURL("**/campaigns?do=new");
      await page.getByText("What you typed before is back.").waitFor();
      expect(await name(page).inputValue()).toBe("Roof repair");
      expect(await page.getByLabel("Advertiser").inputValue()).toBe(advertiser);
      expect(await axeFaults(page)).toEqual([]);
    });
  });

  it("has what was typed after a link was followed, until it is thrown away", async () => {
    await visit(browser, { path }, async ({ page }) => {
      await fillIn(page);
      await page.getByRole("link", { name: "Ledger" }).click();
      await page.getByRole("heading", { level: 1, name: "Ledger" }).waitFor();
      await page.goBack();
      await page.getByText("What you typed before is back.").waitFor();
      expect(await name(page).inputValue()).toBe("Roof repair");
      // Once it is given back it is in the form alone.
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByRole("button", { name: "Throw it away" }).click();
      await page.getByRole("button", { name: "Make a campaign" }).click();
      expect(await name(page).inputValue()).toBe("");
    });
  });

  it("keeps no secret", async () => {
    await visit(browser, { path: "/settings" }, async ({ page }) => {
      await page.getByRole("button", { name: "Connect an account" }).click();
      await page.getByLabel("Auth token").fill("a secret of a provider");
      await page.getByLabel("Name", { exact: true }).fill("West");
      await page.getByRole("link", { name: "Ledger" }).click();
      await page.getByRole("heading", { level: 1, name: "Ledger" }).waitFor();
      await page.getByRole("link", { name: "Settings" }).click();
      await page.getByRole("button", { name: "Connect an account" }).click();
      await page.getByText("What you typed before is back.").waitFor();
      expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("West");
      expect(await page.getByLabel("Auth token").inputValue()).toBe("");
    });
  });

  it("asks before the window is closed over it", async () => {
    await visit(browser, { path }, async ({ page }) => {
      await name(page).pressSequentially("Roof");
      const asked = page.waitForEvent("dialog");
      await page.close({ runBeforeUnload: true });
      const dialog = await asked;
      expect(dialog.type()).toBe("beforeunload");
      await dialog.dismiss();
      expect(await name(page).inputValue()).toBe("Roof");
    });
  });
});
