import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressFault } from "../../edge/webhooks/address.ts";
import { filledIn, type Told } from "../../edge/webhooks/model/postback.ts";
import type { NewWebhook } from "../../shared/api/webhooks.ts";
import { problemOf } from "../support/api-suite.ts";
import { type Stage, setStage } from "../support/stage.ts";

/** Where messages may go, and what a postback's address is made into. */

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.stop());

describe("a postback", () => {
  const postback = (url: string, more: Record<string, unknown> = {}) =>
    stage.as("publisher", "/webhooks", { json: { url, method: "GET", ...more } });

  it.each([
    ["https://tracker.ringtrail.net/?cid={sub9}", "/url"],
    ["https://tracker.ringtrail.net/?cid={data.a b}", "/url"],
    ["https://tracker.ringtrail.net/?cid={sub1", "/url"],
    ["https://tracker.ringtrail.net/?cid=sub1}", "/url"],
    ["https://{sub1}.ringtrail.net/", "/url"],
  ])("refuses what it could not fill in: %s", async (url, pointer) => {
    const { errors } = await problemOf(await postback(url), 422);
    expect(errors?.map((one) => one.pointer)).toEqual([pointer]);
  });

  it("tells of calls only, and nothing else has macros", async () => {
    const url = "https://tracker.ringtrail.net/?cid={sub1}";
    await problemOf(await postback(url, { events: ["dispute.opened"] }), 422);
    await problemOf(await stage.as("publisher", "/webhooks", { json: { url } }), 422);
    const made = (await (await postback(url)).json()) as NewWebhook;
    expect(made).toMatchObject({ method: "GET", events: ["call.judged"], statuses: null });
    const json = { events: ["call.judged", "dispute.decided"] };
    await problemOf(await stage.as("publisher", `/webhooks/${made.id}`, { method: "PATCH", json }), 422);
  });

  it("fills in what its organization sees, each as a part of a URL, and leaves the rest empty", () => {
    const told: Told = {
      ...{ id: "dlv_1", type: "call.judged", occurred_at: 5 },
      call: {
        ...{ id: "cal_1", from: "+14155550177", duration_s: 0, sub1: "a&b=c/d #é", currency: "USD" },
        payout: { status: "qualified", terms_version: 1, rules: [], payout_micros: 45_500_000 },
        session: { click_ids: { gclid: "x y" }, data: { cid: "{sub1}" } },
      },
    };
    const fill = (url: string) => filledIn(url, told, "publisher");
    expect(fill("https://t.net/p/{call_id}?c={sub1}&g={click_ids.gclid}&d={data.cid}&n={data.none}")).toBe(
      "https://t.net/p/cal_1?c=a%26b%3Dc%2Fd%20%23%C3%A9&g=x%20y&d=%7Bsub1%7D&n=",
    );
    expect(
      fill("https://t.net/?p={payout}&m={payout_micros}&r={revenue}&s={status}&t={duration_s}&f={caller}"),
    ).toBe("https://t.net/?p=45.50&m=45500000&r=&s=qualified&t=0&f=%2B14155550177");
  });

  it.each([
    [0, "0.00"],
    [1, "0.000001"],
    [45_000_000, "45.00"],
    [45_125_000, "45.125"],
    [-500_000, "-0.50"],
    [-1_500_000, "-1.50"],
  ])("writes %d micros as %s", (payout_micros, written) => {
    const call = { payout: { status: "qualified" as const, terms_version: 1, rules: [], payout_micros } };
    const told = { id: "dlv_1", type: "call.judged" as const, occurred_at: 5, call };
    expect(filledIn("{payout}", told, "publisher")).toBe(written);
  });
});

describe("an address", () => {
  const REFUSED = [
    "http://example.com/",
    "ftp://example.com/",
    "https://user:secret@hooks.ringtrail.net/",
    "https://hooks.ringtrail.net:8443/",
    "https://hooks.ringtrail.net/#part",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://１２７.0.0.1/",
    "https://10.0.0.8./",
    "https://169.254.169.254/latest/meta-data",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://db.localhost/",
    "https://router/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://nas.home.arpa/",
  ];

  it.each(REFUSED)("is refused where it is deployed: %s", (url) => {
    expect(addressFault(url, false)).toMatch(/^must /);
  });

  it("may be any public host's, and on one's own machine any", () => {
    expect(addressFault("https://hooks.ringtrail.net/told?by=ringtrail", false)).toBeNull();
    expect(addressFault("https://xn--mnchen-3ya.de/", false)).toBeNull();
    expect(addressFault("http://127.0.0.1:9000/told", true)).toBeNull();
    expect(addressFault("http://user:secret@127.0.0.1:9000/told", true)).toMatch(/password/);
  });
});
