import type { World as Served } from "../../support/world.ts";
import { type Chance, seeded } from "../chance.ts";
import { DAY_S, type Habits, HOUR_S, meanBustle } from "../habits.ts";
import { openHeap } from "../heap.ts";
import { EPOCH, instant } from "../product.ts";
import { openTown, type TownCall, type Visit } from "../town.ts";
import type { World, WorldLease } from "../world.ts";
import { CRAWLER, DESKTOP, drain, MOBILE, type Reply, viewPage } from "./browse.ts";
import { deliveries, type Noise } from "./carrier.ts";
import { openScripted } from "./script.ts";
import { phoneNumber, type Shop } from "./shop.ts";

export type Scenario = {
  seed: number;
  days: number;
  habits: Habits;
  noise: Noise;
  /** Crawlers an hour. */
  bots_per_h: number;
  /** Pages that one publisher's script opens an hour, once half of the days are over. */
  scripted_per_h: number;
  /** Outages of D1 a day, each of two minutes. */
  outages_per_day: number;
};

/** What a run did, beside the world that it made: the truth of every lease and call. */
export type Driven = {
  world: World;
  /** The world's leases by token. */
  leases: Map<string, number>;
  /** The world's calls by the provider's id. */
  calls: Map<string, number>;
  /** What the script was given; not among the world's leases, for nobody calls from them. */
  scripted: WorldLease[];
  /** Crawlers that were shown a number of their own. */
  bots_leased: number;
  /** Rings that got no answer: the carrier gives up on them. */
  unanswered: number;
  /** Webhooks that had to be sent again. */
  resent: number;
};

type Due =
  | { kind: "renew"; lease: WorldLease; token: string }
  | { kind: "press" | "leave"; lease: WorldLease; token: string }
  | { kind: "tab"; visit: Visit; token: string }
  | { kind: "report"; json: Record<string, unknown>; tries: number }
  | { kind: "bot" }
  | { kind: "script" }
  | { kind: "outage"; begins: boolean }
  | { kind: "upkeep" };

const GOODBYES = 0.85;
const SECOND_TABS = 0.15;
const OUTAGE_S = 120;
const REPORT_TRIES = 12;

/** Plays a town's days against the running product: everything by HTTP, in the order of the clock. */
export async function drive(served: Served, shop: Shop, scenario: Scenario): Promise<Driven> {
  const { seed, habits, days } = scenario;
  const visits_per_h = habits.peak_per_h * meanBustle(habits);
  const town = openTown(habits, seeded(seed * 104_729 + 7), shop.numbers.length, visits_per_h);
  const chance = seeded(seed * 31 + 5);
  const due = openHeap<Due>();
  const world: World = {
    seed,
    habits,
    numbers: shop.numbers.length,
    leases: [],
    calls: [],
    blocked: 0,
    asked: 0,
    strayRate: town.strayRate,
  };
  const driven: Driven = {
    world,
    leases: new Map(),
    calls: new Map(),
    scripted: [],
    bots_leased: 0,
    unanswered: 0,
    resent: 0,
  };
  const run: Run = { served, shop, scenario, chance, due, driven, show: town.show };
  plan(run);
  for (let next = town.next(); ; next = town.next()) {
    const at_s = next.kind === "visit" ? next.visit.at_s : next.call.at_s;
    await settleUntil(run, Math.min(at_s, days * DAY_S));
    if (at_s >= days * DAY_S) break;
    if (next.kind === "visit") await arrive(run, next.visit);
    else await ring(run, next.call);
  }
  // Reports may be late, and what is never reported is closed by upkeep.
  await settleUntil(run, (days + 1) * DAY_S);
  return driven;
}

type Run = {
  served: Served;
  shop: Shop;
  scenario: Scenario;
  chance: Chance;
  due: ReturnType<typeof openHeap<Due>>;
  driven: Driven;
  show: ReturnType<typeof openTown>["show"];
};

/** What comes without a visitor. */
function plan({ scenario, chance, due }: Run): void {
  const end = scenario.days * DAY_S;
  for (let at = 0; scenario.bots_per_h > 0 && at < end; ) {
    at += chance.exponential(HOUR_S / scenario.bots_per_h);
    due.push(at, { kind: "bot" });
  }
  for (let at = end / 2; scenario.scripted_per_h > 0 && at < end; ) {
    at += chance.exponential(HOUR_S / scenario.scripted_per_h);
    due.push(at, { kind: "script" });
  }
  for (let outage = 0; outage < scenario.outages_per_day * scenario.days; outage++) {
    const at = chance.between(HOUR_S, end);
    due.push(at, { kind: "outage", begins: true });
    due.push(at + OUTAGE_S, { kind: "outage", begins: false });
  }
  // Hourly, and for the night's fit a little after three.
  for (let at = HOUR_S; at <= end + DAY_S; at += HOUR_S) due.push(at + 300, { kind: "upkeep" });
}

async function settleUntil(run: Run, until_s: number): Promise<void> {
  while (run.due.firstKey() <= until_s) {
    const next = run.due.pop();
    if (next) await perform(run, next.key, next.value);
  }
}

async function perform(run: Run, at_s: number, what: Due): Promise<void> {
  const { served, shop, driven } = run;
  const now = instant(at_s);
  switch (what.kind) {
    case "renew":
      return renew(run, at_s, what.lease, what.token);
    case "press":
    case "leave": {
      const type = what.kind === "press" ? "tel_click" : "left";
      const path = `/v1/leases/${what.token}/events`;
      await served.ask(path, { now, key: null, as_text: JSON.stringify({ type }) }).then(drain);
      return;
    }
    case "tab":
      await ask(run, at_s, what.visit, what.token);
      return;
    case "report": {
      const path = `/v1/telephony/${shop.account_id}/status`;
      const answer = await served.ask(path, { now, json: what.json }).then(drain);
      if (answer.ok || what.tries >= REPORT_TRIES) return;
      driven.resent += 1;
      run.due.push(at_s + 30, { ...what, tries: what.tries + 1 });
      return;
    }
    case "bot": {
      const crawler = { publisher: 0, visitor: `crawler ${at_s}`, agent: CRAWLER };
      const reply = await viewPage(served, shop, at_s, crawler);
      if (reply?.lease) driven.bots_leased += 1;
      return;
    }
    case "script":
      return runScript(run, at_s);
    case "outage":
      return served.fault(what.begins ? "throw" : "none");
    case "upkeep":
      await served.json("/__local/scheduled", { now, method: "POST" }).catch(() => null);
  }
}

function ask(run: Run, at_s: number, visit: Visit, held?: string): Promise<Reply | null> {
  const { person, visitor, publisher } = visit;
  return viewPage(run.served, run.shop, at_s, {
    publisher,
    visitor: `visitor-${visitor}`,
    agent: person.is_mobile ? MOBILE : DESKTOP,
    region: person.address_region,
    ...(held && { held }),
  });
}

/** A visitor opens the page; what happens on it is planned from what the product shows. */
async function arrive(run: Run, visit: Visit): Promise<void> {
  const { driven, chance, due, shop } = run;
  const { world, leases } = driven;
  world.asked += 1;
  const reply = await ask(run, visit.at_s, visit);
  const token = reply?.lease ?? null;
  const number = shop.numbers.indexOf(reply?.swaps[0]?.replace ?? "");
  if (token === null || number < 0) {
    world.blocked += 1;
    return;
  }
  const known = leases.get(token);
  const index = known ?? world.leases.length;
  const pressed_s = run.show(visit, number, index);
  const isTold = chance.next() < GOODBYES;
  const made: WorldLease = {
    index,
    number,
    leased_at_s: (instant(visit.at_s) - EPOCH) / 1_000,
    ends_at_s: visit.ends_at_s,
    seen_s: [(instant(visit.at_s) - EPOCH) / 1_000],
    closed_s: isTold ? (instant(visit.ends_at_s) - EPOCH) / 1_000 : null,
    pressed_s,
    visitor: visit.visitor,
    person: visit.person,
    publisher: visit.publisher,
  };
  if (known === undefined) {
    leases.set(token, index);
    world.leases.push(made);
  }
  for (const at_s of pressed_s) due.push(at_s, { kind: "press", lease: made, token });
  if (isTold) due.push(visit.ends_at_s, { kind: "leave", lease: made, token });
  planRenewal(run, made, token, reply);
  if (visit.ends_at_s > visit.at_s + 20 && chance.next() < SECOND_TABS) {
    due.push(visit.at_s + 15, { kind: "tab", visit, token });
  }
}

/** A scripted page is opened; it is renewed and its call link pressed as those of visitors are. */
async function runScript(run: Run, at_s: number): Promise<void> {
  const { served, shop, chance, due, driven } = run;
  const of = { chance, count: driven.scripted.length, regions: driven.world.habits.visitor_regions };
  const opened = await openScripted(served, shop, at_s, of);
  if (!opened) return;
  const { made, token, reply } = opened;
  driven.scripted.push(made);
  for (const pressed of made.pressed_s) due.push(pressed, { kind: "press", lease: made, token });
  planRenewal(run, made, token, reply);
}

/** The tag renews when the product says so, as long as the page is open. */
function planRenewal(run: Run, made: WorldLease, token: string, reply: Reply | null): void {
  const last = made.seen_s.at(-1) ?? made.leased_at_s;
  const next = last + (reply?.renew_after_s ?? Infinity);
  if (next < made.ends_at_s) run.due.push(next, { kind: "renew", lease: made, token });
}

async function renew(run: Run, at_s: number, made: WorldLease, token: string): Promise<void> {
  const now = instant(at_s);
  const response = await run.served.ask(`/v1/leases/${token}/renew`, { now, key: null, as_text: "{}" });
  const text = await response.text();
  if (!response.ok) return;
  made.seen_s.push((now - EPOCH) / 1_000);
  planRenewal(run, made, token, JSON.parse(text) as Reply);
}

async function ring(run: Run, call: TownCall): Promise<void> {
  const { served, shop, driven, scenario, chance, due } = run;
  const { world, calls } = driven;
  const call_id = `SIM${scenario.seed}-${String(world.calls.length + driven.unanswered).padStart(6, "0")}`;
  const from = call.phone === null ? "anonymous" : phoneNumber(call.phone, call.region ?? 0);
  const json = { call_id, from, to: shop.numbers[call.number] };
  const path = `/v1/telephony/${shop.account_id}/voice`;
  const answer = await served.ask(path, { now: instant(call.at_s), json }).then(drain);
  if (!answer.ok) {
    driven.unanswered += 1;
    return;
  }
  calls.set(call_id, world.calls.length);
  world.calls.push(call);
  const connected_s = Math.round(chance.exponential(150));
  for (const report of deliveries({ call_id, at_s: call.at_s, connected_s }, scenario.noise, chance)) {
    due.push(report.at_s, { kind: "report", json: report.json, tries: 0 });
  }
}
