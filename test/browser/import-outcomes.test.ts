import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Call } from "../../shared/api/calls.ts";
import { launchChromium } from "../support/chromium.ts";
import { DEMO_TIMEOUT_MS, type DemoWorld, startDemo } from "../support/demo-world.ts";
import { csv } from "../support/upload.ts";
import { openWindow, textOf } from "./window.ts";

/** Outcomes that an advertiser sends from the log of its calls. */

let world: DemoWorld;
let browser: Browser;

beforeAll(async () => {
  [world, browser] = await Promise.all([startDemo(), launchChromium()]);
}, DEMO_TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

it("an advertiser sends a file, sees what is rejected, and finds the outcome on the call", async () => {
  const window = await openWindow(browser, world, "advertiser");
  const { page } = window;
  const { data } = await window.known<{ data: Call[] }>("/calls?limit=1");
  const id = data[0]?.id ?? "";
  await window.open("/calls");
  await page.getByRole("link", { name: "Import outcomes" }).click();
  const send = page.getByRole("button", { name: "Import these outcomes" });
  await send.click();
  await page.getByText("Choose a file, or paste its lines.").waitFor();

  const file = csv("call_id,name,value", `${id},booked,"a visit, on Monday"`, `${id},booked,`);
  await page
    .getByLabel("A CSV file")
    .setInputFiles({ name: "outcomes.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
  await send.click();
  await page.getByText("Of 2 lines 1 is taken in").waitFor();
  expect(await textOf(page, "#main")).toContain("3value is empty");
  expect(page.url()).toMatch(/\?import=job_/);
  expect(await window.faults()).toEqual([]);
  const { signals } = await window.known<Call>(`/calls/${id}`);
  expect(signals).toContainEqual(expect.objectContaining({ name: "booked", value: "a visit, on Monday" }));

  // Who comes back finds it again, also by its address.
  await window.open(new URL(page.url()).pathname + new URL(page.url()).search);
  await page.getByText("Of 2 lines 1 is taken in").waitFor();
  await window.context.close();
});

it("a publisher, who reports nothing, finds no way there", async () => {
  const window = await openWindow(browser, world, "publisher");
  await window.open("/calls");
  expect(await window.page.getByRole("link", { name: "Import outcomes" }).count()).toBe(0);
  await window.open("/calls/import");
  await window.page.getByText("The imports are not for you to see here.").waitFor();
  expect(await window.page.getByRole("button", { name: "Import these outcomes" }).count()).toBe(0);
  await window.context.close();
});
