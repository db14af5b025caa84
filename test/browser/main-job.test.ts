import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { startWorld, type World } from "../support/world.ts";

/**
 * The main job, as its users do it: a landing page in a real browser shows a leased number, the visitor calls
 * it, and the call appears in the API with its source, its reason and the money on both sides.
 */

const PAGE_NUMBER = "+14155550132";

let world: World;
let stock: Inventory;
let browser: Browser;
let page_server: Server;
let origin: string;

beforeAll(async () => {
  page_server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(`<!doctype html><title>Plumber</title><h1>Call <b>(415)</b> 555-0132</h1>
      <a id="call" href="tel:+1-415-555-0132" aria-label="Call 415.555.0132">415.555.0132</a>
      <script async src="${world.url}/t/${stock.site_key}.js"></script>`);
  });
  await new Promise<void>((resolve) => page_server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(page_server.address() as AddressInfo).port}`;
  [world, browser] = await Promise.all([startWorld(), launchChromium()]);
  // The browser's requests come by the machine's clock, so the inventory must exist by it.
  world.at = Date.now() - 60_000;
  stock = await stockUp(world, { origins: [origin], swap_numbers: [PAGE_NUMBER] });
});

afterAll(async () => {
  await browser?.close();
  page_server?.close();
  await world?.stop();
});

describe("from a landing page to money on both sides", () => {
  it("shows a leased number, joins the call to the visit and books it", async () => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => errors.push(message.text()));
    await page.goto(
      `${origin}/?utm_source=google&utm_medium=cpc&utm_campaign=spring&utm_term=burst+pipe&gclid=Cj0KtestClick`,
    );
    await page.waitForFunction(() => !document.body.innerText.includes("0132"));

    const shown = await page.getAttribute("#call", "href");
    const number = `+${(shown ?? "").replaceAll(/\D/g, "")}`;
    expect(stock.pool_numbers).toContain(number);
    const digits = number.slice(2);
    expect((await page.innerText("#call")).replaceAll(/\D/g, "")).toBe(digits);
    expect((await page.innerText("h1")).replaceAll(/\D/g, "")).toBe(digits);
    expect((await page.getAttribute("#call", "aria-label"))?.replaceAll(/\D/g, "")).toBe(digits);

    // The browser's own clock made the lease; the call comes half a minute later.
    const now = Date.now() + 30_000;
    const hook = `/v1/telephony/${stock.sandbox_account_id}`;
    const call_id = "browser-1";
    const answer = await world.json<{ action: string; target: string }>(`${hook}/voice`, {
      now,
      json: { call_id, from: "+14155550177", to: number },
    });
    expect(answer).toMatchObject({ action: "dial", target: stock.destination_number });
    await world.json(`${hook}/status`, { now: now + 8_000, json: { call_id, status: "answered" } });
    await world.json(`${hook}/status`, {
      now: now + 120_000,
      json: { call_id, status: "completed", duration_s: 120, connected_s: 112 },
    });

    const list = await world.json<{ data: { id: string; provider_call_id: string }[] }>("/api/v1/calls", {
      now: now + 121_000,
    });
    const id = list.data.find((row) => row.provider_call_id === call_id)?.id;
    const call = await world.json<Record<string, Record<string, unknown>>>(`/api/v1/calls/${id}`, {
      now: now + 121_000,
    });
    expect(call.session).toMatchObject({
      source: "google",
      medium: "cpc",
      campaign: "spring",
      term: "burst pipe",
      channel: "paid_search",
      click_ids: { gclid: "Cj0KtestClick" },
    });
    expect(call.attribution).toMatchObject({ method: "lease", publisher_proof: "number" });
    expect(call.attribution?.confidence).toBeGreaterThan(0.95);
    expect(call.publisher_id).toBe(stock.publisher_id);
    expect(call.revenue).toMatchObject({ status: "qualified", revenue_micros: 70_000_000 });
    expect(call.payout).toMatchObject({ status: "qualified", payout_micros: 45_000_000 });

    const ledger = await world.json<{ data: { amount_micros: number; account: string }[] }>(
      `/api/v1/ledger?call_id=${id}`,
      {
        now: now + 121_000,
      },
    );
    const balance = (account: string) =>
      ledger.data
        .filter((line) => line.account === account)
        .reduce((sum, line) => sum + line.amount_micros, 0);
    expect([balance("receivable"), balance("payable"), balance("margin")]).toEqual([
      70_000_000, -45_000_000, -25_000_000,
    ]);
    expect(errors).toEqual([]);
    await page.close();
  });

  it("keeps the page's own number when the Worker does not answer", async () => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.route("**/v1/leases", (route) => route.abort());
    await page.goto(`${origin}/`);
    await page.waitForLoadState("networkidle");
    expect(await page.getAttribute("#call", "href")).toBe("tel:+1-415-555-0132");
    expect(await page.innerText("h1")).toBe("Call (415) 555-0132");
    expect(errors).toEqual([]);
    await page.close();
  });
});
