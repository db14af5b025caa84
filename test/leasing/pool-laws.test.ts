import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CandidatesAnswer, LeaseRef, PoolSettings } from "../../edge/leasing/pool-port.ts";
import { law } from "../support/laws.ts";
import { PoolModel } from "./oracle/pool-model.ts";
import { type MadePool, makePool, NOON, type Pools, type Step, startPools, VISIT } from "./pool-harness.ts";

let pools: Pools;
beforeAll(async () => {
  pools = await startPools();
});
afterAll(() => pools.stop());

/** What visitors do to a pool. `held` and `lease` count back from the newest lease made so far. */
type Deed =
  | {
      do: "view";
      after_ms: number;
      who: number;
      has_id: boolean;
      touch: string;
      held: number;
      site: number;
      data: string;
      prefix: number | null;
      host: number;
      click: number | null;
    }
  | { do: "renew"; after_ms: number; lease: number; data: string | null }
  | { do: "note"; after_ms: number; lease: number; type: "tel_click" | "left" }
  | { do: "settings"; lease_ttl_s: number; cooldown_s: number; shares: boolean }
  | { do: "restart" }
  | { do: "flush" };

/** Mostly steps that matter to a ttl of one to five minutes; now and then a clock that is behind. */
const after_ms = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(0, 1, 999, 1_000, 29_999, 30_000, 60_000, 90_000, 150_000, 300_000),
  },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 5 * 3_600_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -5_000, max: -1 }) },
);

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant("view" as const),
      after_ms,
      who: fc.nat(9),
      has_id: fc.boolean(),
      touch: fc.constantFrom("", "", "", "a", "b"),
      held: fc.nat(6),
      site: fc.constantFrom(1, 1, 1, 2),
      data: fc.constantFrom("", "", "x", "y"),
      prefix: fc.oneof(fc.constantFrom(null, 1), fc.nat(40)),
      host: fc.constantFrom(1, 1, 2, 3),
      click: fc.constantFrom(null, null, null, 1, 2),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("renew" as const),
      after_ms,
      lease: fc.nat(4),
      data: fc.constantFrom(null, null, "x", "z"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("note" as const),
      after_ms,
      lease: fc.nat(4),
      type: fc.constantFrom("tel_click" as const, "left" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("settings" as const),
      lease_ttl_s: fc.constantFrom(60, 120, 300),
      cooldown_s: fc.constantFrom(0, 0, 30, 90),
      shares: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "restart" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "flush" as const }) },
);

/** Plays deeds to the model; what it answered, and the same questions for the object, cut at each restart. */
function play(made: MadePool, deeds: readonly Deed[]) {
  const model = new PoolModel(made.numbers);
  const parts: { steps: Step[]; answers: unknown[] }[] = [{ steps: [], answers: [] }];
  let now = NOON;
  let pool: PoolSettings = { ...made.pool, lease_ttl_s: 60, cooldown_s: 30, reserved_share: 0.25 };
  const back = (count: number): LeaseRef | null => {
    const lease = model.leases.at(-1 - count);
    return lease ? { number_key: lease.number_key, leased_at: lease.leased_at } : null;
  };
  const ask = (step: Step, answer: unknown) => {
    parts.at(-1)?.steps.push(step);
    parts.at(-1)?.answers.push(answer);
  };
  for (const deed of deeds) {
    if ("after_ms" in deed) now += deed.after_ms;
    if (deed.do === "settings") {
      const { lease_ttl_s, cooldown_s, shares } = deed;
      const { share: _, ...alone } = pool;
      pool = { ...alone, lease_ttl_s, cooldown_s, ...(shares && { share: true as const }) };
    }
    if (deed.do === "restart") {
      model.restart();
      parts.push({ steps: [], answers: [] });
    }
    if (deed.do === "flush") ask({ method: "flush", ask: { now, pool } }, null);
    if (deed.do === "view") {
      const site_id = `sit_${deed.site}`;
      const visitor = deed.has_id ? `v${deed.who}` : null;
      const viewed = {
        now,
        pool,
        visitor,
        visitor_key: visitor === null ? `${site_id}#${deed.who}` : `${site_id}/${visitor}`,
        prefix: deed.prefix === null ? null : `prefix ${deed.prefix}`,
        host: `${deed.host}`,
        verified_click: deed.click === null ? null : `click ${deed.click}`,
        held: back(deed.held),
        touch_key: deed.touch,
        visit: { ...VISIT, site_id, data: deed.data ? { [deed.data]: deed.data } : {} },
      };
      ask({ method: "lease", ask: viewed }, model.lease(viewed));
    }
    const lease = "lease" in deed ? back(deed.lease) : null;
    if (deed.do === "renew" && lease) {
      const asked = { now, pool, lease, data: deed.data === null ? null : { [deed.data]: "1" } };
      ask({ method: "renew", ask: asked }, model.renew(asked));
    }
    if (deed.do === "note" && lease) {
      const asked = { now, pool, lease, type: deed.type };
      ask({ method: "note", ask: asked }, model.note(asked));
    }
  }
  return { model, parts, pool, now };
}

describe("the laws of a pool", () => {
  it("answers as its model does, through restarts, and D1 has exactly the model's leases", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(deed, { minLength: 10, maxLength: 60 }),
        async (count, deeds) => {
          const made = await makePool(pools, count);
          const { model, parts, pool, now } = play(made, deeds);
          const { pool_id } = made.pool;
          let is_awake = false;
          for (const [i, { steps, answers }] of parts.entries()) {
            if (i > 0 && is_awake) await pools.evict(pool_id);
            const answered = await pools.run<unknown>(pool_id, steps);
            is_awake = steps.length > 0;
            const compared = answered.answers.map((answer, at) =>
              steps[at]?.method === "flush" ? null : answer,
            );
            expect(compared).toEqual(answers);
          }
          await pools.run(pool_id, [{ method: "flush", ask: { now, pool } }]);
          const stored = await pools.d1
            .prepare(
              `SELECT number_key, leased_at, expires_at, held_until, last_seen_at, closed_at, site_id, visitor, data, tel_clicks
             FROM sessions WHERE pool_id = ? ORDER BY number_key, leased_at`,
            )
            .bind(pool_id)
            .all();
          const expected = model.leases
            .toSorted((a, b) => a.number_key - b.number_key || a.leased_at - b.leased_at)
            .map((lease) => ({
              number_key: lease.number_key,
              leased_at: lease.leased_at,
              expires_at: lease.expires_at,
              held_until: lease.held_until,
              last_seen_at: lease.last_seen_at,
              closed_at: lease.closed_at,
              site_id: lease.site_id,
              visitor: lease.visitor,
              data: JSON.stringify(lease.data),
              tel_clicks: JSON.stringify(lease.tel_clicks),
            }));
          expect(stored.results).toEqual(expected);
          for (const [i, lease] of expected.entries()) {
            const next = expected[i + 1];
            if (next?.number_key !== lease.number_key) continue;
            expect(lease.held_until).toBeLessThanOrEqual(next.leased_at);
          }
        },
      ),
      law(40),
    );
  });

  it("tells of the past what it knew then", async () => {
    const forward = fc.array(
      deed.filter((one) => !("after_ms" in one) || one.after_ms >= 0),
      { minLength: 5, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(forward, async (deeds) => {
        const made = await makePool(pools, 1);
        const { parts, pool, now } = play(made, deeds);
        const number_key = made.numbers[0]?.number_key ?? 0;
        const wide = { ...pool, late_window_s: 90 * 86_400 };
        const question = (asked_at: number, at: number): Step => ({
          method: "candidates",
          ask: { now: asked_at, pool: wide, number_key, at },
        });
        // After every step: what is known now.
        const steps = parts.flatMap((part) => part.steps);
        const at = steps.map((step) => (step.ask as { now: number }).now);
        const mixed = steps.flatMap((step, i) => [step, question(at[i] ?? 0, at[i] ?? 0)]);
        const { answers } = await pools.run<CandidatesAnswer>(made.pool.pool_id, mixed);
        const then = answers.filter((_, i) => i % 2 === 1).map(known);
        // Of several steps in one millisecond only the last left the state of that moment.
        const last = at.map((moment, i) => (at[i + 1] === moment ? null : i)).filter((i) => i !== null);
        const later = await pools.run<CandidatesAnswer>(
          made.pool.pool_id,
          last.map((i) => question(now, at[i] ?? 0)),
        );
        expect(later.answers.map(known)).toEqual(last.map((i) => then[i]));
      }),
      law(20),
    );
  });
});

function known(answer: CandidatesAnswer) {
  return answer.sessions.map(({ id, leased_at, last_seen_at, closed_at }) => ({
    id,
    leased_at,
    last_seen_at,
    closed_at,
  }));
}
