import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TargetGroup } from "../../shared/api/routing.ts";
import type { Target } from "../../shared/api/targets.ts";
import { type Inventory, stockUp } from "../support/inventory.ts";
import { law } from "../support/laws.ts";
import { layLine } from "../support/line.ts";
import { startWorld, type World } from "../support/world.ts";

const AT_ONCE = 30;
const CAP = 7;

let world: World;
let stock: Inventory;
beforeAll(async () => {
  world = await startWorld();
  stock = await stockUp(world);
});
afterAll(() => world?.stop());
beforeEach(() => {
  world.at += 3_600_000;
});

const post = <T = { id: string }>(path: string, json: object) => world.json<T>(`/api/v1${path}`, { json });

let spent = 0;
/** A campaign of its own with one static number. */
async function freshLine(campaign: object = {}, terms: object = {}, number: object = {}) {
  spent += 1;
  const e164 = `+1650555${String(spent).padStart(4, "0")}`;
  const { advertiser_id, sandbox_account_id: telephony_account_id } = stock;
  const asked = { advertiser_id, telephony_account_id, e164, campaign, terms, number };
  return { campaign_id: await layLine(world, asked), e164 };
}

const target = (campaign_id: string, number: string, over: object = {}) =>
  post<Target>("/targets", { campaign_id, number, ...over });

type Answer = { action: string; target?: string; id: string };
let calls = 0;
const hook = (path: string, json: object, now = world.at) =>
  world.json<Answer>(`/v1/telephony/${stock.sandbox_account_id}/${path}`, { json, now });

async function ring(to: string, now = world.at): Promise<Answer & { call_id: string }> {
  calls += 1;
  const call_id = `cap-${calls}`;
  const from = `+1415555${String(1_000 + calls)}`;
  return { ...(await hook("voice", { call_id, from, to }, now)), call_id };
}

const ringAll = (to: string, count = AT_ONCE) => Promise.all(Array.from({ length: count }, () => ring(to)));
const sentTo = (answers: readonly Answer[], number: string) =>
  answers.filter((answer) => answer.action === "dial" && answer.target === number);

/** The end of a call that lasted so long with its target. */
const hangUp = (call_id: string, connected_s: number) =>
  hook(
    "status",
    { call_id, status: "completed", duration_s: connected_s + 5, connected_s },
    world.at + connected_s * 1_000,
  );

const used = async (id: string) => (await world.json<Target>(`/api/v1/targets/${id}`)).used;

// These two first, while few calls are open: upkeep goes through them all.
describe("a concurrency cap", () => {
  it("is freed by the end of a call, and by the sweep where the end is lost", async () => {
    const { campaign_id, e164 } = await freshLine();
    const only = await target(campaign_id, "+14155550206", { concurrency_cap: 2 });
    const answers = await ringAll(e164, 6);
    const on_line = sentTo(answers, "+14155550206");
    expect(on_line).toHaveLength(2);
    await hangUp(answers.find((answer) => answer.action === "dial")!.call_id, 100);
    expect(await used(only.id)).toMatchObject({ concurrent: 1, day: 2 });
    expect((await ring(e164)).action).toBe("dial");
    expect((await ring(e164)).action).toBe("reject");
    world.at += 5 * 3_600_000;
    for (let i = 0; i < 3 && (await used(only.id)).concurrent > 0; i++) {
      await world.json("/__local/scheduled", { method: "POST" });
    }
    expect(await used(only.id)).toMatchObject({ concurrent: 0 });
    expect((await ring(e164)).action).toBe("dial");
  });
});

describe("while the database is silent", () => {
  it("calls go out past a cap, which the journal says, and are counted when it is back", async () => {
    const { campaign_id, e164 } = await freshLine();
    const only = await target(campaign_id, "+14155550210", { daily_cap: 1 });
    expect((await ring(e164)).action).toBe("dial");
    await world.fault("throw");
    const blind = await ring(e164);
    await world.fault("none");
    expect(blind).toMatchObject({ action: "dial", target: "+14155550210" });
    world.at += 60_000;
    await world.json("/__local/scheduled", { method: "POST" });
    expect(await used(only.id)).toMatchObject({ day: 2 });
    const call = await world.json<{ routing: { blind: boolean }[] }>(`/api/v1/calls/${blind.id}`);
    expect(call.routing[0]?.blind).toBe(true);
    expect((await ring(e164)).action).toBe("reject");
  });
});

describe("a target's daily cap", () => {
  it(`lets exactly ${CAP} through with ${AT_ONCE} calls ringing at once, and the next target gets the others`, async () => {
    const { campaign_id, e164 } = await freshLine();
    const first = await target(campaign_id, "+14155550201", { daily_cap: CAP });
    await target(campaign_id, "+14155550202", { priority: 2, daily_cap: 2 * CAP });
    await target(campaign_id, "+14155550203", { priority: 3 });
    const answers = await ringAll(e164);
    expect(sentTo(answers, "+14155550201")).toHaveLength(CAP);
    expect(sentTo(answers, "+14155550202")).toHaveLength(2 * CAP);
    expect(sentTo(answers, "+14155550203")).toHaveLength(AT_ONCE - 3 * CAP);
    expect(await used(first.id)).toMatchObject({
      day: CAP,
      hour: CAP,
      month: CAP,
      total: CAP,
      concurrent: CAP,
    });
  });

  it("is a cap of the day in the campaign's time zone, and counts calls from before it was set", async () => {
    const { campaign_id, e164 } = await freshLine();
    const only = await target(campaign_id, "+14155550204");
    for (let i = 0; i < 3; i++) expect((await ring(e164)).action).toBe("dial");
    await world.json(`/api/v1/targets/${only.id}`, { method: "PATCH", json: { daily_cap: 3 } });
    expect((await ring(e164)).action).toBe("reject");
    // Midnight in Los Angeles, which is behind UTC by 8 hours in November.
    const midnight = Math.ceil((world.at - 8 * 3_600_000) / 86_400_000) * 86_400_000 + 8 * 3_600_000;
    expect((await ring(e164, midnight - 1)).action).toBe("reject");
    expect((await ring(e164, midnight)).action).toBe("dial");
    world.at = midnight;
  });

  it("counts a call once, however often its ring is delivered", async () => {
    const { campaign_id, e164 } = await freshLine();
    const only = await target(campaign_id, "+14155550205", { daily_cap: 5 });
    const json = { call_id: "cap-again", from: "+14155550177", to: e164 };
    const answers = await Promise.all(Array.from({ length: 6 }, () => hook("voice", json)));
    answers.push(await hook("voice", json, world.at + 2_000));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await used(only.id)).toMatchObject({ day: 1, concurrent: 1 });
  });
});

describe("caps of every kind together", () => {
  /** A world takes a second: one in a test run, some dozens in a long one. */
  const WORLDS = Math.min(law(1).numRuns, 40);
  const cap = fc.option(fc.integer({ min: 1, max: 9 }), { nil: null });
  const phone = fc.record({ daily_cap: cap, concurrency_cap: cap, grouped: fc.boolean() });
  const worlds = fc.sample(
    fc.record({ shared: cap, phones: fc.array(phone, { minLength: 1, maxLength: 4 }) }),
    { seed: law(1).seed, numRuns: WORLDS },
  );

  it.each(worlds)("let through exactly as many as there is room for: %j", async ({ shared, phones }) => {
    // An overflow of its own, or a world without any limit would go on to the destination.
    const { campaign_id, e164 } = await freshLine({ overflow: "message" });
    const json = { campaign_id, name: "Shared", daily_cap: shared };
    const { id: group_id } = await post<TargetGroup>("/target-groups", json);
    const numbers = phones.map((_, i) => `+1415555${String(3_000 + 10 * spent + i)}`);
    for (const [i, { grouped, ...caps }] of phones.entries()) {
      await target(campaign_id, numbers[i] ?? "", { ...caps, ...(grouped && { group_id }) });
    }
    const answers = await ringAll(e164);
    const room = ({ daily_cap, concurrency_cap }: (typeof phones)[number]) =>
      Math.min(daily_cap ?? AT_ONCE, concurrency_cap ?? AT_ONCE);
    for (const [i, one] of phones.entries()) {
      expect(sentTo(answers, numbers[i] ?? "").length).toBeLessThanOrEqual(room(one));
    }
    const sum = (of: typeof phones) => of.reduce((all, one) => all + room(one), 0);
    const together = Math.min(shared ?? AT_ONCE, sum(phones.filter(({ grouped }) => grouped)));
    const alone = sum(phones.filter(({ grouped }) => !grouped));
    const dialled = answers.filter(({ action }) => action === "dial");
    expect(dialled).toHaveLength(Math.min(AT_ONCE, together + alone));
  });
});

describe("a group's cap", () => {
  it("is shared by its targets", async () => {
    const { campaign_id, e164 } = await freshLine();
    const group = await post<TargetGroup>("/target-groups", { campaign_id, name: "Desk", daily_cap: CAP });
    for (const number of ["+14155550207", "+14155550208"]) {
      await target(campaign_id, number, { group_id: group.id });
    }
    await target(campaign_id, "+14155550209", { priority: 5 });
    const answers = await ringAll(e164, 20);
    const shared = sentTo(answers, "+14155550207").length + sentTo(answers, "+14155550208").length;
    expect(shared).toBe(CAP);
    expect(sentTo(answers, "+14155550209")).toHaveLength(20 - CAP);
    const shown = await world.json<TargetGroup>(`/api/v1/target-groups/${group.id}`);
    expect(shown.used).toMatchObject({ day: CAP });
  });
});

describe("a cap of the terms", () => {
  it("lets N through at once, and gives the slot of a call that does not qualify to another", async () => {
    const { e164 } = await freshLine({}, { daily_cap: CAP });
    const answers = await ringAll(e164, 15);
    const admitted = answers.filter((answer) => answer.action === "dial");
    expect(admitted).toHaveLength(CAP);
    const [short, long] = admitted;
    await hangUp(short!.call_id, 20);
    await hangUp(long!.call_id, 200);
    expect((await ring(e164)).action).toBe("dial");
    expect((await ring(e164)).action).toBe("reject");
  });

  it("goes by the overflow when it is full, and what overflows is judged like any call", async () => {
    const { e164 } = await freshLine({ overflow: "destination" }, { daily_cap: 1 });
    const answers = await ringAll(e164, 4);
    expect(sentTo(answers, "+14155550199")).toHaveLength(4);
    for (const { call_id } of answers) await hangUp(call_id, 120);
    const { data } = await world.json<{ data: { revenue: { status: string } }[] }>("/api/v1/calls?limit=4");
    expect(data.map((call) => call.revenue.status)).toEqual(Array(4).fill("qualified"));
  });

  it("of an enrollment guards the publisher's own number alone", async () => {
    const publisher_id = stock.publisher_id;
    const { campaign_id, e164 } = await freshLine({}, {}, { publisher_id });
    await post(`/campaigns/${campaign_id}/enrollments`, { publisher_id, status: "approved", daily_cap: 2 });
    const other = `+1650556${String(spent).padStart(4, "0")}`;
    await post("/numbers", { telephony_account_id: stock.sandbox_account_id, e164: [other], campaign_id });
    expect((await ringAll(e164, 5)).filter(({ action }) => action === "dial")).toHaveLength(2);
    expect((await ringAll(other, 3)).filter(({ action }) => action === "dial")).toHaveLength(3);
  });

  it("that is set in the middle of a day knows the calls before", async () => {
    const { campaign_id, e164 } = await freshLine();
    const earlier = await ringAll(e164, 3);
    await hangUp(earlier[0]!.call_id, 20);
    await post(`/campaigns/${campaign_id}/terms`, {
      revenue_micros: 70_000_000,
      payout_micros: 45_000_000,
      min_duration_s: 90,
      dedupe_window_s: 0,
      repeat_callers: "all",
      daily_cap: 3,
    });
    // Two that may yet qualify stand before it; the short one does not count.
    expect((await ringAll(e164, 4)).filter(({ action }) => action === "dial")).toHaveLength(1);
  });

  it("is not touched by test callers", async () => {
    const { e164 } = await freshLine({ test_callers: ["+14155550198"] }, { daily_cap: 1 });
    const test = { call_id: `cap-test-${spent}`, from: "+14155550198", to: e164 };
    expect((await hook("voice", test)).action).toBe("dial");
    expect((await ring(e164)).action).toBe("dial");
    expect((await ring(e164)).action).toBe("reject");
  });
});
