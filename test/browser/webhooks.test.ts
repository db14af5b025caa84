import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Webhook, WebhookDelivery } from "../../shared/api/webhooks.ts";
import { launchChromium } from "../support/chromium.ts";
import { DEMO_TIMEOUT_MS, type DemoWorld, startDemo } from "../support/demo-world.ts";
import { isSignedBy, type Receiver, startReceiver } from "../support/receiver.ts";
import { openWindow, textOf } from "./window.ts";

/** Somebody connects a server of theirs, and looks after it. */

let world: DemoWorld;
let browser: Browser;
let receiver: Receiver;

beforeAll(async () => {
  [world, browser, receiver] = await Promise.all([startDemo(), launchChromium(), startReceiver()]);
}, DEMO_TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await receiver?.stop();
  await world?.stop();
});

it("a publisher adds a webhook, sends a test, sees it fail and arrive, and retires it", async () => {
  const window = await openWindow(browser, world, "publisher");
  const { page } = window;
  await window.open("/settings");
  await page.getByRole("button", { name: "Add a webhook" }).click();
  await page.getByLabel("Address").fill("ftp://example.com");
  const add = page.getByRole("button", { name: "Add the webhook" });
  await add.click();
  await page.getByText("Must be an address such as https://").waitFor();
  expect(window.errors.splice(0).join()).toContain("422");
  await page.getByLabel("Address").fill(receiver.url);
  await page.getByLabel(/call\.started/).uncheck();
  await add.click();
  const secret = (await page.getByText(/^whsec_/).textContent()) ?? "";
  expect(await window.faults()).toEqual([]);
  await page.getByRole("button", { name: "I have copied it" }).click();

  await page.getByRole("link", { name: new URL(receiver.url).host }).click();
  await page.getByText("Nothing was sent yet.").waitFor();
  await page.getByRole("button", { name: "Send a test" }).click();
  await page.getByText("The test arrived: 204.").waitFor();
  const test = await receiver.told(({ body }) => body.type === "webhook.test");
  expect(isSignedBy(secret, test)).toBe(true);

  receiver.answer = { status: 500 };
  await page.getByRole("button", { name: "Send a test" }).click();
  await page.getByText("The test did not arrive: answered 500.").waitFor();
  await page.getByText("Its server has not taken a message since").waitFor();
  await page.getByRole("tab", { name: "On their way" }).click();
  await page.locator("#messages tbody a").first().click();
  receiver.answer = { status: 200 };
  await page.getByRole("button", { name: "Send again" }).click();
  await page.getByText("Sent again. Arrived, 200.").waitFor();
  expect(await textOf(page, "#main")).toContain("answered 500");
  expect(await window.faults()).toEqual([]);

  const { data } = await window.known<{ data: Webhook[] }>("/webhooks");
  expect(data[0]?.events).not.toContain("call.started");
  const told = await window.known<{ data: WebhookDelivery[] }>(`/webhooks/${data[0]?.id}/deliveries`);
  expect(told.data.map(({ status }) => status)).toEqual(["delivered", "delivered"]);
  await page.getByRole("button", { name: "Retire this webhook…" }).click();
  await page.getByRole("button", { name: "Retire 1 webhook" }).click();
  await page.getByText("None: other systems have to ask.").waitFor();
  await window.context.close();
});

it("another's is as absent as one that never was", async () => {
  const window = await openWindow(browser, world, "advertiser");
  await window.open("/settings/webhooks/whk_01M7ZBTBNSVCVX3ACSJZ31G5D9");
  await window.page.getByText("It does not exist, or it belongs to somebody else.").waitFor();
  await window.context.close();
});
