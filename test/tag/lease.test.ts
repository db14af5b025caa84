// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { CLICK_ID_NAMES } from "../../edge/leasing/model/click-ids.ts";
import {
  LeaseWorld,
  lease,
  OTHER,
  type PageOptions,
  RENEW_MS,
  type Reply,
  type Request,
  SWAP,
} from "./lease-world.ts";

const KEY = "ringtrail:site_key";
const world = new LeaseWorld(KEY);

describe("the first page", () => {
  it("asks in one plain request that carries no cookies and outlives the page", async () => {
    const page = await world.openPage({ url: "https://shop.example/?utm_source=A%20b&gclid=Xy#h" });
    expect(page.shows()).toEqual([SWAP]);
    expect(page.currentLease()).toMatchObject(lease("one"));
    const [{ body, init }] = world.requests as [Request];
    expect(init).toMatchObject({ method: "POST", keepalive: true });
    expect(init.headers).toBeUndefined();
    expect(body).toEqual({
      site: "site_key",
      url: "https://shop.example/?utm_source=A%20b&gclid=Xy#h",
      referrer: "https://search.example/",
      visitor: world.stored().visitor,
      data: {},
    });
    expect(body.visitor).toMatch(/^[\da-f-]{36}$/);
  });

  it.each<[string, Reply]>([
    ["a network error", new Error("offline")],
    ["a server error", { status: 500, body: { title: "oops" } }],
    ["no answer", undefined],
    ["no swaps", { status: 200, body: { lease: "lse_one", renew_after_s: 900 } }],
    ["no renewal", { status: 200, body: { ...lease("one"), renew_after_s: 0 } }],
    ["a number that is none", { status: 200, body: lease("one", { ...SWAP, replace: "call us" }) }],
  ])("shows the page's own number after %s, and does not insist", async (_name, reply) => {
    world.answer = () => reply;
    const page = await world.openPage();
    await world.settle(3_600_000);
    page.tick();
    expect(page.shows()).toEqual([]);
    expect(page.currentLease()).toBeNull();
    expect(world.requests).toHaveLength(1);
  });

  it("shows the static number of a reply without a lease, and remembers no lease", async () => {
    world.answer = () => ({ body: { lease: null, swaps: [OTHER], reason: "pool_empty" } });
    const page = await world.openPage();
    expect(page.shows()).toEqual([OTHER]);
    expect(page.currentLease()).toBeNull();
    expect(world.stored().lease).toBeNull();
  });

  it("asks for nothing while hidden, as a page is that is prerendered", async () => {
    world.visible = false;
    const page = await world.openPage();
    expect(world.requests).toEqual([]);
    world.visible = true;
    page.tick();
    await world.settle();
    expect(page.shows()).toEqual([SWAP]);
  });
});

describe("the next page", () => {
  it("shows the remembered number at once and asks for nothing", async () => {
    await world.openPage();
    const next = await world.openPage();
    expect(next.atOnce).toEqual([SWAP]);
    expect(world.requests).toHaveLength(1);
  });

  it.each([
    "rt_click=t",
    ...["source", "medium", "campaign", "term", "content"].map((name) => `utm_${name}=x`),
    // Those that are not known by their name have long values; Mailchimp's and Instagram's short ones come beside UTM.
    ...CLICK_ID_NAMES.filter((name) => !["mc_eid", "igsh"].includes(name)).map(
      (name) => `${name}=${/cl[ik]|braid/.test(name) ? "X" : "5028571439201234567"}`,
    ),
  ])("posts with the held lease for a new %s, but not for the same one again", async (query) => {
    await world.openPage();
    const url = `https://shop.example/?${query}`;
    expect((await world.openPage({ url })).atOnce).toEqual([SWAP]);
    await world.openPage({ url });
    await world.openPage();
    expect(world.paths()).toEqual(["", ""]);
    expect(world.requests[1]?.body).toMatchObject({
      url,
      lease: "lse_one",
      visitor: world.requests[0]?.body.visitor,
    });
  });

  it("keeps a new touch until the Worker has heard of it", async () => {
    await world.openPage();
    world.answer = () => new Error("offline");
    await world.openPage({ url: "https://shop.example/?gclid=X" });
    world.answer = () => ({ body: lease("one") });
    await world.settle(RENEW_MS / 2);
    expect(world.paths()).toEqual(["", "", ""]);
    expect(world.requests[2]?.body).toMatchObject({ url: "https://shop.example/?gclid=X", lease: "lse_one" });
  });

  it("does not show a remembered number that has expired, and asks without it", async () => {
    await world.openPage();
    await world.settle(0);
    vi.setSystemTime(Date.now() + 2 * RENEW_MS);
    const next = await world.openPage();
    expect(next.atOnce).toEqual([]);
    expect(world.requests[1]?.body).not.toHaveProperty("lease");
  });

  it("does not trust a stamp from the future: the clock was set back", async () => {
    await world.openPage();
    vi.setSystemTime(Date.now() - 60_000);
    expect((await world.openPage()).atOnce).toEqual([]);
  });

  it.each(["", "null", "[]", '"x"', "{", '{"lease":{}}', '{"lease":{"swaps":[null]}}'])(
    "starts anew over the broken memory %j",
    async (memory) => {
      localStorage.setItem(KEY, memory);
      expect((await world.openPage()).shows()).toEqual([SWAP]);
    },
  );
});

describe("an open page", () => {
  it("renews in time, with the data that was set since", async () => {
    const page = await world.openPage();
    Object.assign(page.data, { plan: "gold", seats: 3 });
    await world.settle(RENEW_MS + 10_000);
    expect(world.paths()).toEqual(["", "/lse_one/renew"]);
    expect(world.requests[1]?.body).toEqual({ data: { plan: "gold", seats: 3 } });
    await world.settle(RENEW_MS + 10_000);
    expect(world.paths()).toHaveLength(3);
    expect(page.shows()).toEqual([SWAP]);
  });

  it("does not renew while hidden, and is its own again when it has expired", async () => {
    const page = await world.openPage();
    world.visible = false;
    await world.settle(2 * RENEW_MS);
    expect(page.shows()).toEqual([]);
    expect(world.requests).toHaveLength(1);
    world.visible = true;
    world.answer = () => ({ body: lease("two", OTHER) });
    page.tick();
    await world.settle();
    expect(page.shows()).toEqual([OTHER]);
  });

  it("puts its own number back before it asks, after the machine slept", async () => {
    const page = await world.openPage();
    world.answer = () => undefined;
    vi.setSystemTime(Date.now() + 7_200_000);
    page.tick();
    expect(page.shows()).toEqual([]);
    expect(page.currentLease()).toBeNull();
  });

  it("expires by the clock that nobody sets back", async () => {
    const page = await world.openPage();
    world.answer = () => new Error("offline");
    vi.setSystemTime(Date.now() - 3_600_000);
    await world.settle(2 * RENEW_MS);
    expect(page.shows()).toEqual([]);
  });

  it("tries a failed renewal a few times, then asks once, then leaves it", async () => {
    const page = await world.openPage();
    world.answer = () => ({ status: 503 });
    await world.settle(4 * RENEW_MS);
    expect(page.shows()).toEqual([]);
    expect(world.paths()).toEqual([
      "",
      "/lse_one/renew",
      "/lse_one/renew",
      "/lse_one/renew",
      "/lse_one/renew",
      "",
    ]);
  });

  it("asks anew when its lease is gone", async () => {
    const page = await world.openPage();
    world.answer = ({ url }) => (url.endsWith("/renew") ? { status: 410 } : { body: lease("two", OTHER) });
    await world.settle(RENEW_MS + 10_000);
    expect(world.paths()).toEqual(["", "/lse_one/renew", ""]);
    expect(world.requests[2]?.body).not.toHaveProperty("lease");
    expect(page.shows()).toEqual([OTHER]);
    expect(world.stored().lease).toBe("lse_two");
  });

  it("reports only while it holds a lease", async () => {
    const page = await world.openPage();
    page.report("tel_click");
    page.setConsent("denied");
    page.report("left");
    expect(world.beacons).toEqual([
      { url: "https://rt.example/v1/leases/lse_one/events", body: { type: "tel_click" } },
    ]);
  });
});

describe("two tabs", () => {
  it("share one lease and its renewals", async () => {
    const first = await world.openPage();
    const second = await world.openPage();
    world.answer = () => ({ body: lease("one", OTHER) });
    await world.settle(RENEW_MS + 10_000);
    expect(world.paths().filter((path) => path.endsWith("/renew"))).toHaveLength(1);
    expect(first.shows()).toEqual([OTHER]);
    expect(second.shows()).toEqual([OTHER]);
  });
});

describe("consent", () => {
  it("denied: no request, nothing stored, until it is granted; then the first URL is still known", async () => {
    const page = await world.openPage({ consent: "denied", url: "https://shop.example/?gclid=X" });
    page.tick();
    await world.settle(3_600_000);
    expect(world.requests).toEqual([]);
    expect(localStorage).toHaveLength(0);
    page.setConsent("granted");
    await world.settle();
    expect(world.requests[0]?.body).toMatchObject({
      url: "https://shop.example/?gclid=X",
      visitor: world.stored().visitor,
    });
  });

  it("withdrawn: the own number, nothing stored, no further request, no late reply", async () => {
    const page = await world.openPage();
    world.answer = () => ({ body: lease("one", OTHER) });
    await world.settle(RENEW_MS - 1);
    page.setConsent("denied");
    expect(page.shows()).toEqual([]);
    expect(localStorage).toHaveLength(0);
    await world.settle(4 * RENEW_MS);
    expect(world.requests).toHaveLength(1);
  });

  it("withdrawn while a request is under way: its reply changes nothing", async () => {
    world.visible = false;
    const page = await world.openPage();
    world.visible = true;
    page.tick();
    page.setConsent("denied");
    await world.settle();
    expect(page.shows()).toEqual([]);
    expect(localStorage).toHaveLength(0);
  });

  it.each<[string, PageOptions]>([
    ["cookieless", { consent: "cookieless" }],
    ["under GPC", { gpc: true }],
  ])("%s: a number, but no visitor and nothing stored", async (_name, options) => {
    const page = await world.openPage(options);
    expect(page.shows()).toEqual([SWAP]);
    expect(world.requests[0]?.body).not.toHaveProperty("visitor");
    expect(world.requests[0]?.body.gpc).toBe(options.gpc);
    expect(localStorage).toHaveLength(0);
    await world.settle(RENEW_MS + 10_000);
    expect(world.paths()).toEqual(["", "/lse_one/renew"]);
    expect(localStorage).toHaveLength(0);
  });

  it("changed to cookieless and back: the number stays, the memory goes and comes", async () => {
    const page = await world.openPage();
    page.setConsent("cookieless");
    expect(page.shows()).toEqual([SWAP]);
    expect(localStorage).toHaveLength(0);
    page.setConsent("granted");
    expect(world.stored().lease).toBe("lse_one");
    expect(world.requests).toHaveLength(1);
  });
});

it("works without storage, and then sends no visitor", async () => {
  vi.stubGlobal("localStorage", undefined);
  const page = await world.openPage();
  expect(page.shows()).toEqual([SWAP]);
  expect(world.requests[0]?.body).not.toHaveProperty("visitor");
});
