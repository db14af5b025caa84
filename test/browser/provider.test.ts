import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TrackingNumber } from "../../shared/api/inventory.ts";
import { launchChromium } from "../support/chromium.ts";
import { DEMO_TIMEOUT_MS, type DemoWorld, startDemo } from "../support/demo-world.ts";
import { FAKE_ACCOUNT, type Fake, fakeOf } from "../telephony/fakes/providers.ts";
import { openWindow, textOf, type Window } from "./window.ts";

/** The dashboard beside a provider whose API is faked: numbers bought there, and how the provider is asked. */

const [FIRST, GONE, THIRD] = ["+14155550161", "+14155550162", "+14155550163"] as const;

let twilio: Fake;
let world: DemoWorld;
let browser: Browser;
let window: Window;

beforeAll(async () => {
  twilio = await fakeOf("twilio");
  [world, browser] = await Promise.all([
    startDemo({ provider_apis: { twilio: twilio.url } }),
    launchChromium(),
  ]);
  window = await openWindow(browser, world, "network");
}, DEMO_TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await world?.stop();
  await twilio?.close();
});

describe("a provider's numbers", () => {
  it("says that an account is needed while there is only the sandbox", async () => {
    await window.open("/numbers?do=buy");
    expect(await textOf(window.page, ".panel")).toContain("Connect one first");
    expect(await window.faults(".panel")).toEqual([]);
  });

  it("shows what is for sale, buys what is chosen, and puts it to use", async () => {
    const { page } = window;
    const headers = { origin: world.url, "idempotency-key": "connect" };
    const data = {
      provider: "twilio",
      name: "Main",
      account_sid: FAKE_ACCOUNT.sid,
      auth_token: FAKE_ACCOUNT.token,
    };
    const made = await page.request.post(`${world.url}/api/v1/telephony-accounts`, { data, headers });
    expect(made.status()).toBe(201);
    twilio.for_sale.push(FIRST, GONE, THIRD);

    await window.open("/numbers?do=buy");
    await page.getByLabel("Area code").fill("415");
    await page.getByRole("button", { name: "Find numbers" }).click();
    await page.getByRole("group", { name: /3 numbers for sale in US, area code 415/ }).waitFor();
    expect(await window.faults(".panel")).toEqual([]);
    for (const end of ["0161", "0162"]) await page.getByLabel(end).check();
    // Somebody else is faster.
    twilio.for_sale.splice(twilio.for_sale.indexOf(GONE), 1);
    await page.getByRole("button", { name: "Buy the chosen" }).click();
    await page.getByText("1 number bought").waitFor();
    expect(await textOf(page)).toContain("1 could not be had");

    const { data: numbers } = await window.known<{ data: TrackingNumber[] }>("/numbers?limit=200");
    expect(numbers.filter(({ e164 }) => [FIRST, GONE, THIRD].includes(e164 as never))).toMatchObject([
      { e164: FIRST },
    ]);
    expect(twilio.owned.get(FIRST)?.voice_url).toContain("/v1/telephony/");
    // The browser itself notes the refusal.
    expect(await window.faults()).toEqual([expect.stringContaining("409 (Conflict)")]);
  });

  it("says how the provider is asked, and changes it", async () => {
    const { page } = window;
    await window.open("/settings");
    await page.getByText("The provider's records have not been read yet.").waitFor();
    await page.getByRole("button", { name: "API settings", exact: true }).click();
    await page.getByLabel("Fallback").fill("https://handler.twilio.com/twiml/EH1");
    await page.getByLabel("Its reports alone pay").uncheck();
    expect(await window.faults(".panel")).toEqual([]);
    await page.getByRole("button", { name: "Save the API settings" }).click();
    await page.getByText("The API settings of Main are saved.").waitFor();
    const { data } = await window.known<{ data: { id: string; provider: string }[] }>("/telephony-accounts");
    const id = data.find(({ provider }) => provider === "twilio")?.id;
    expect(await window.known(`/telephony-accounts/${id}/api`)).toMatchObject({
      fallback_url: "https://handler.twilio.com/twiml/EH1",
      reports_pay: false,
      can_be_asked: true,
    });
    expect(await window.faults()).toEqual([]);
  });
});
