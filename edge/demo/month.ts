import type { LeaseReply } from "../../shared/api/leases.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from "../../shared/instant.ts";
import type { Cast } from "./cast.ts";
import { type Chance, chanceFrom } from "./chance.ts";
import type { DemoClient } from "./client.ts";
import { payPastMonths } from "./payday.ts";
import { QUARRELS } from "./quarrels.ts";
import { type DemoVisitor, inventVisitor, phoneIn } from "./visitors.ts";

/** A thing that happens at a moment; what it does may bring about later things. */
type Happening = { at: Instant; run(): Promise<void> };

/** A month to look at, and the one before to compare it with. */
const DAYS = 57;
const VISITORS_A_DAY = 14;
const CALL_SHARE = 0.13;
const STATIC_CALLS_A_DAY = 1.1;
/** Holds are looked at this often while the past is played; a live product does it every minute. */
const UPKEEP_EVERY_DAYS = 4;
const SEED = 20_261_121;

/** Visitors by hour of the day in San Francisco, in UTC: few at night, a morning and an evening peak. */
const HOURS_UTC = [5, 4, 4, 3, 3, 2, 2, 1, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 8, 8, 7, 7, 6, 6].map(
  (weight, hour) => [hour, weight] as const,
);

type Play = {
  /** The moment that is being played. */
  now: Instant;
  client: DemoClient;
  cast: Cast;
  chance: Chance;
  until: Instant;
  queue: Happening[];
  calls: number;
};

/**
 * Plays a month of invented traffic and the one before, up to `until`, in the order of time and through the product's own HTTP
 * surface: page views, calls while the page is open, later or never, repeats, misdials, hidden callers, missed
 * and short calls, a static and a printed number; then the months that are over are paid. Answers how much was played.
 */
export async function playMonth(
  client: DemoClient,
  cast: Cast,
  until: Instant,
): Promise<{ visits: number; calls: number }> {
  const play: Play = { now: 0, client, cast, chance: chanceFrom(SEED), until, queue: [], calls: 0 };
  const first = Math.floor((until - DAYS * DAY_MS) / DAY_MS) * DAY_MS;
  let visits = 0;
  for (let day = 0; day <= DAYS; day++) {
    const midnight = first + day * DAY_MS;
    if (day % UPKEEP_EVERY_DAYS === 0) {
      schedule(play, midnight, async () => {
        await client.ask("/__local/scheduled", { at: play.now });
      });
    }
    const busy = play.chance.around(VISITORS_A_DAY, 0.18);
    for (let i = 0; i < busy; i++) {
      const visitor = inventVisitor(play.chance);
      visits += 1;
      schedule(play, momentOf(play.chance, midnight), () => arrive(play, visitor));
    }
    for (let i = 0; i < play.chance.around(STATIC_CALLS_A_DAY, 0.5); i++) {
      schedule(play, momentOf(play.chance, midnight), () => callStatic(play));
    }
  }
  scheduleStories(play);
  await run(play);
  await client.ask("/__local/scheduled", { at: until });
  await payPastMonths(client, cast, first, until);
  return { visits, calls: play.calls };
}

function momentOf(chance: Chance, midnight: Instant): Instant {
  return midnight + chance.pick(HOURS_UTC) * HOUR_MS + chance.between(0, HOUR_MS - 1);
}

function schedule(play: Play, at: Instant, happening: () => Promise<void>): void {
  if (at < play.until) play.queue.push({ at, run: happening });
}

/** In the order of time; what a happening brings about is sorted in before the next one. */
async function run(play: Play): Promise<void> {
  for (;;) {
    let next = -1;
    for (const [i, one] of play.queue.entries())
      if (next < 0 || one.at < (play.queue[next]?.at ?? 0)) next = i;
    const [happening] = next < 0 ? [] : play.queue.splice(next, 1);
    if (!happening) return;
    play.now = happening.at;
    await happening.run();
  }
}

async function arrive(play: Play, visitor: DemoVisitor): Promise<void> {
  const { client, cast, chance } = play;
  const at = play.now;
  const browser = {
    "user-agent": visitor.user_agent,
    "cf-ipcountry": "US",
    "cf-region-code": visitor.region.slice(3),
    "cf-connecting-ip": `203.0.113.${chance.between(1, 254)}`,
  };
  const url = visitor.link
    ? await client.follow(cast.links[visitor.link], at, browser)
    : `${visitor.origin}${visitor.path}`;
  const reply = await client.ask<LeaseReply | { lease: null; swaps: LeaseReply["swaps"] }>("/v1/leases", {
    at,
    text: JSON.stringify({
      site: cast.sites[visitor.site],
      url,
      referrer: visitor.referrer,
      ...(visitor.id && { visitor: visitor.id }),
    }),
    headers: { origin: visitor.origin, ...browser },
  });
  const shown = reply.swaps[0]?.replace;
  const leaves_at = at + Math.round(chance.around(150, 0.9)) * SECOND_MS;
  const lease = reply.lease;
  if (lease) {
    schedule(play, leaves_at, () => tell(play, lease, visitor.origin, "left"));
  }
  if (!shown || !chance.happens(CALL_SHARE)) return;

  // Half call while the page is open, the others after minutes, hours or days.
  const while_open = chance.happens(0.55);
  const later_ms = chance.happens(0.5) ? chance.around(12 * MINUTE_MS, 1) : chance.around(8 * HOUR_MS, 1.3);
  const rings_at = while_open
    ? at + Math.round((leaves_at - at) * chance.next())
    : leaves_at + Math.round(later_ms);
  if (lease && while_open && chance.happens(0.6)) {
    schedule(play, rings_at - 6 * SECOND_MS, () => tell(play, lease, visitor.origin, "tel_click"));
  }
  schedule(play, rings_at, () => ring(play, visitor.phone, shown));
  // One in seven rings again, within the dedupe window.
  if (chance.happens(0.14)) {
    schedule(play, rings_at + Math.round(chance.around(5 * HOUR_MS, 1.2)), () =>
      ring(play, visitor.phone, shown),
    );
  }
}

/** What a browser says of its lease; one that stayed for long may hear that it has ended. */
async function tell(play: Play, lease: string, origin: string, type: "left" | "tel_click"): Promise<void> {
  const told = { at: play.now, text: JSON.stringify({ type }), headers: { origin } };
  await play.client.ask(`/v1/leases/${lease}/events`, told).catch(() => undefined);
}

async function callStatic(play: Play): Promise<void> {
  const { chance, cast } = play;
  const to = chance.pick([
    [cast.numbers.tallow, 5],
    [cast.numbers.printed, 4],
    ["+16285550103", 0.8],
    ["+15105550108", 0.8],
  ] as const);
  const hidden = chance.happens(0.06);
  await ring(play, hidden ? "anonymous" : phoneIn(chance, "US-CA"), to);
}

type Talk = { connected_s: number; status: "completed" | "no_answer" | "busy" };

function inventTalk(chance: Chance): Talk {
  const kind = chance.pick([
    ["talk", 74],
    ["short", 14],
    ["no_answer", 9],
    ["busy", 3],
  ] as const);
  if (kind === "no_answer" || kind === "busy") return { connected_s: 0, status: kind };
  const connected_s = kind === "short" ? chance.between(8, 85) : Math.round(chance.around(235, 0.55)) + 60;
  return { connected_s, status: "completed" };
}

/** A call from the voice hook to its end; `talk` says how it goes. */
async function ring(
  play: Play,
  from: string,
  to: string,
  talk: Talk = inventTalk(play.chance),
): Promise<void> {
  const { client, cast, chance } = play;
  play.calls += 1;
  const call_id = `demo-${String(play.calls).padStart(5, "0")}`;
  const hook = `/v1/telephony/${cast.account_id}`;
  const rings_s = chance.between(5, 18);
  const report = (json: object) =>
    client.ask(`${hook}/status`, { at: play.now, json: { call_id, ...json } }).then(() => undefined);
  await client.ask(`${hook}/voice`, { at: play.now, json: { call_id, from, to } });
  const ended_at = play.now + (rings_s + talk.connected_s) * SECOND_MS;
  if (talk.status === "completed") {
    schedule(play, play.now + rings_s * SECOND_MS, () => report({ status: "answered" }));
    const end = {
      status: "completed",
      duration_s: rings_s + talk.connected_s,
      connected_s: talk.connected_s,
    };
    schedule(play, ended_at, () => report(end));
  } else {
    schedule(play, play.now + 25 * SECOND_MS, () =>
      report({ status: talk.status, duration_s: 25, connected_s: 0 }),
    );
  }
}

/** Small stories, so that every verdict can be looked at, and money that is disputed. */
function scheduleStories(play: Play): void {
  const { cast, until } = play;
  const days_ago = (days: number) => until - Math.round(days * DAY_MS);
  // An office line calls twice at once: the later call ends first and is booked, until the earlier one proves to be the anchor.
  const office = "+14155550144";
  schedule(play, days_ago(12.2), () =>
    ring(play, office, cast.numbers.tallow, { connected_s: 1_500, status: "completed" }),
  );
  schedule(play, days_ago(12.2) + 5 * MINUTE_MS, () =>
    ring(play, office, cast.numbers.tallow, { connected_s: 240, status: "completed" }),
  );
  // The network tests its line.
  schedule(play, days_ago(20.1), () =>
    ring(play, "+14155550198", cast.numbers.tallow, { connected_s: 130, status: "completed" }),
  );
  // A call that ends now: the report of the dialled leg is on its way.
  schedule(play, until - 40 * SECOND_MS, () =>
    ring(play, "+15105550147", cast.numbers.tallow, { connected_s: 600, status: "completed" }),
  );
  for (const quarrel of QUARRELS) {
    schedule(play, days_ago(quarrel.days_ago), () => quarrel.run(play.client, cast, play.now));
  }
}
