import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { openPage, pageFaults, WIDE, watchErrors } from "../support/page-checks.ts";
import { PASSWORD } from "../support/visitor.ts";
import { startWorld, type World } from "../support/world.ts";

/** The whole way of a publisher's first person: invited on its page, in by the link, and at its own dashboard. */

const STEP_TIMEOUT_MS = 20_000;

let world: World;
let browser: Browser;
beforeAll(async () => {
  [world, browser] = await Promise.all([startWorld({ dashboard: true }), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

/** A browser of one's own, with what its page complained about. */
async function person(): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ viewport: WIDE, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_TIMEOUT_MS);
  return { page, errors: watchErrors(page) };
}

describe("a publisher's first person", () => {
  it("is invited on its page, makes a login by the link, and sees the publisher's dashboard", async () => {
    const owner = await person();
    await openPage(owner.page, `${world.url}/sign-in?way=sign-up`);
    await owner.page.fill("#network", "Harrow Network");
    await owner.page.fill("#name", "Nora Lark");
    await owner.page.fill("#email", "nora@harrow.example");
    await owner.page.fill("#password", PASSWORD);
    await owner.page.getByRole("button", { name: "Start a network" }).click();
    await owner.page.getByText("Harrow Network").first().waitFor();
    owner.errors.splice(0);

    await owner.page.goto(`${world.url}/publishers?do=new`);
    await owner.page.getByLabel("Name").fill("Fernhill Media");
    await owner.page.getByRole("button", { name: "Add the publisher" }).click();
    await owner.page.getByText("Nobody of Fernhill Media can sign in yet.").waitFor();
    await owner.page.getByRole("button", { name: "Invite its first person" }).click();
    await owner.page.getByLabel("Email").fill("pat@fernhill.example");
    await owner.page.getByRole("button", { name: "Make the link" }).click();
    const link = (await owner.page.locator(".code pre").textContent()) ?? "";
    expect(link).toMatch(/\/invitation#rt_invite_/);
    expect([...(await pageFaults(owner.page)), ...owner.errors.splice(0)]).toEqual([]);
    await owner.page.getByRole("button", { name: "I have copied it" }).click();
    expect(await owner.page.content()).not.toContain(link);
    await owner.page.getByText("Invited, until").last().waitFor();

    const pat = await person();
    await openPage(pat.page, link);
    await pat.page
      .getByRole("heading", { name: /^Join Fernhill Media, publisher with Harrow Network/ })
      .waitFor();
    expect([...(await pageFaults(pat.page)), ...pat.errors.splice(0)]).toEqual([]);
    await pat.page.getByLabel("Your name").fill("Pat Fernhill");
    await pat.page.getByLabel("Password").fill(PASSWORD);
    await pat.page.getByRole("button", { name: "Make a login and join" }).click();
    const nav = pat.page.getByRole("navigation", { name: "Main" }).getByRole("link");
    await nav.filter({ hasText: "Earnings" }).waitFor();
    expect(await nav.allTextContents()).not.toContain("Publishers");
    const me = await (await pat.page.request.get(`${world.url}/api/v1/me`)).json();
    expect(me).toMatchObject({ role: "owner", organizations: [{ name: "Fernhill Media" }] });
    expect(pat.errors.splice(0)).toEqual([]);

    const late = await person();
    await late.page.goto(link);
    await late.page.getByRole("heading", { name: "This link does not open" }).waitFor();
    await late.page.getByText("was accepted already").waitFor();
  });
});
