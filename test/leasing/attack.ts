import { isBot } from "../../edge/leasing/model/browser.ts";
import { grant, renew } from "../../edge/leasing/pool/desk.ts";
import { Guard } from "../../edge/leasing/pool/guard.ts";
import { addSlot, Memory } from "../../edge/leasing/pool/memory.ts";
import type { LeaseAsk, PoolSettings } from "../../edge/leasing/pool-port.ts";
import { NOON, VISIT } from "./pool-harness.ts";

const HOUR = 3_600_000;

/** Agents that say what they are, or that headless browsers have; the rest of a crowd looks like Chrome. */
const DECLARED = [
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/146.0.0.0 Safari/537.36",
  "python-requests/2.32.3",
  "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
];
const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36";

export type Attack = { seed: number; bots: number; hours: number; humans_an_hour: number; numbers: number };
export type Served = { proven: number; of_proven: number; others: number; of_others: number; bots: number };

type Caller = {
  at: number;
  agent: string;
  prefix: string;
  click: string | null;
  kind: keyof Served;
  stay_ms: number;
};
type Event = { at: number; run: () => void };

/**
 * Who gets a number of his own under an attack: the door's own filter and the Pool's own decisions, on a clock of
 * their own. People stay four minutes on average, their tag renews as it is told; bots ask once and are gone.
 */
export function attack(plan: Attack): Served {
  const random = chanceOf(plan.seed);
  const pool: PoolSettings = {
    pool_id: "pol_1",
    pool_key: 1,
    network_id: "org_n",
    lease_ttl_s: 1_800,
    cooldown_s: 900,
    late_window_s: 2_592_000,
    assignment_version: 1,
    reserved_share: 0.2,
  };
  const memory = new Memory();
  for (let key = 1; key <= plan.numbers; key++) {
    addSlot(memory, { number_key: key, e164: `+1628555${key}`, active: true, free_from_at: 0, lease: null });
  }
  const guard = new Guard(plan.seed);
  const served: Served = { proven: 0, of_proven: 0, others: 0, of_others: 0, bots: 0 };
  const events: Event[] = [];
  const save = () => {};

  const renewWhileOpen = (lease: { number_key: number; leased_at: number }, until: number, at: number) => {
    if (at > until) return;
    events.push({
      at,
      run: () => {
        const answer = renew(memory, guard, { now: at, pool, lease, data: null }, save);
        if (answer.kind === "granted")
          renewWhileOpen(lease, until, at + renewAfter_ms(answer.expires_at - at));
      },
    });
  };
  const visit = (caller: Caller, i: number) => {
    if (isBot(caller.agent)) return;
    const visitor = `v${i}`;
    const ask: LeaseAsk = {
      now: caller.at,
      pool,
      visitor_key: `sit_1/${visitor}`,
      visitor,
      prefix: caller.prefix,
      host: `${i % 256}`,
      verified_click: caller.click,
      held: null,
      touch_key: `touch ${i}`,
      visit: VISIT,
    };
    const answer = grant(memory, guard, ask, save);
    if (answer.kind !== "granted") return;
    served[caller.kind] += 1;
    const until = caller.at + caller.stay_ms;
    renewWhileOpen(answer, until, caller.at + renewAfter_ms(answer.expires_at - caller.at));
  };
  for (const [i, caller] of crowd(plan, random, served).entries()) {
    events.push({ at: caller.at, run: () => visit(caller, i) });
  }
  runInOrder(events);
  return served;
}

/** 60 % declared or headless, 30 % from 200 prefixes, 10 % from fresh ones with forged click ids; and people. */
function crowd(plan: Attack, random: () => number, served: Served): Caller[] {
  const callers: Caller[] = [];
  const moment = () => NOON + Math.floor(random() * plan.hours * HOUR);
  const bot = { click: null, kind: "bots", stay_ms: 0 } as const;
  for (let i = 0; i < plan.bots; i++) {
    const share = i / plan.bots;
    const at = moment();
    const agent = share < 0.6 ? (DECLARED[i % DECLARED.length] ?? "") : CHROME;
    const prefix = share < 0.9 ? `bot ${Math.floor(random() * 200)}` : `fresh ${i}`;
    callers.push({ ...bot, at, agent, prefix });
  }
  for (let i = 0; i < plan.humans_an_hour * plan.hours; i++) {
    const is_proven = i % 3 === 0;
    served[is_proven ? "of_proven" : "of_others"] += 1;
    callers.push({
      at: moment(),
      agent: CHROME,
      prefix: `home ${i}`,
      click: is_proven ? `click ${i}` : null,
      kind: is_proven ? "proven" : "others",
      stay_ms: -Math.log(1 - random()) * 240_000,
    });
  }
  return callers;
}

/** As the product tells the tag: half of what is left, in whole seconds. */
function renewAfter_ms(left_ms: number): number {
  return Math.max(1, Math.floor(left_ms / 2_000)) * 1_000;
}

/** Events may add later ones while they run. */
function runInOrder(events: Event[]): void {
  const queue = events.splice(0).sort((a, b) => a.at - b.at);
  while (queue.length > 0 || events.length > 0) {
    if (events.length > 0) {
      for (const event of events.splice(0)) {
        let low = 0;
        let high = queue.length;
        while (low < high) {
          const middle = (low + high) >> 1;
          if ((queue[middle]?.at ?? 0) <= event.at) low = middle + 1;
          else high = middle;
        }
        queue.splice(low, 0, event);
      }
    }
    queue.shift()?.run();
  }
}

/** mulberry32: a small seeded generator, good enough for arrivals. */
function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
