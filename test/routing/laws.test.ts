import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFrom } from "../../edge/routing/model/gates.ts";
import { isOpenAt } from "../../edge/routing/model/hours.ts";
import { isPaused } from "../../edge/routing/model/pause.ts";
import type { CampaignPart, Caps, GroupPart, TargetPart } from "../../edge/routing/model/plan.ts";
import { foresee } from "../../edge/routing/model/preview.ts";
import { admitCall, type RungPhone } from "../../edge/routing/model/route.ts";
import type { UsageRow } from "../../edge/routing/model/usage.ts";
import { law } from "../support/laws.ts";
import { admit, caller, DESTINATION, daily, NO_CAPS, NOON, ring, target, used } from "./build.ts";

const cap = fc.option(fc.integer({ min: 1, max: 4 }), { nil: null, freq: 3 });
const caps: fc.Arbitrary<Caps> = fc.record({
  hourly: cap,
  daily: cap,
  monthly: cap,
  total: cap,
  concurrency: cap,
});
const GROUPS = ["tgg_1", "tgg_2"] as const;
const anyTarget = (i: number): fc.Arbitrary<TargetPart> =>
  fc
    .record({
      group_id: fc.constantFrom(null, ...GROUPS),
      priority: fc.integer({ min: 1, max: 3 }),
      weight: fc.integer({ min: 1, max: 9 }),
      hours: fc.constantFrom(null, daily("00:00", "12:00"), daily("12:00", "24:00"), daily("22:00", "04:00")),
      regions: fc.constantFrom(null, [], ["US-CA"], ["US-NV"]),
      paused_at: fc.constantFrom(null, NOON - 1, NOON + 1),
      resume_at: fc.constantFrom(null, NOON, NOON + 1),
      caps,
    })
    .map((over) => target(`tgt_${i}`, over));
const targets = fc
  .integer({ min: 0, max: 7 })
  .chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => anyTarget(i))));
const groups: fc.Arbitrary<GroupPart[]> = fc.tuple(
  ...GROUPS.map((id) =>
    fc.record({
      id: fc.constant(id),
      ringing: fc.constantFrom("sequential" as const, "simultaneous" as const),
      caps,
    }),
  ),
);
const usage = (of: readonly { id: string }[]) =>
  fc
    .tuple(...of.map(() => fc.integer({ min: 0, max: 5 })))
    .map((counts) => new Map<string, UsageRow>(of.map(({ id }, i) => used(id, counts[i] ?? 0))));

const world = fc.tuple(targets, groups).chain(([targets, groups]) =>
  fc.record({
    of: fc.constant({ targets, groups } satisfies Partial<CampaignPart>),
    usage: usage([...targets, ...groups]),
    region: fc.constantFrom(null, "US-CA", "US-NV"),
    seed: fc.string({ minLength: 1, maxLength: 8 }),
  }),
);

/** Said again in other words than the model's: nothing stands against it at this moment. */
function isEligible(
  one: TargetPart,
  of: { groups: GroupPart[] },
  counts: Map<string, UsageRow>,
  region: string | null,
) {
  const isFull = (id: string, { hourly, daily: day, monthly, total, concurrency }: Caps) => {
    const calls = counts.get(id)?.total_used ?? 0;
    return [hourly, day, monthly, total, concurrency].some((most) => most !== null && calls >= most);
  };
  const group = of.groups.find(({ id }) => id === one.group_id);
  return (
    !isPaused(one, NOON) &&
    (one.hours === null || isOpenAt(one.hours, NOON)) &&
    isFrom(one.regions, region) &&
    !isFull(one.id, one.caps) &&
    !(group && isFull(group.id, group.caps))
  );
}

describe("whoever is rung", () => {
  it("is never closed, paused, full or for other regions, and somebody is whenever somebody may be", () => {
    fc.assert(
      fc.property(world, ({ of, usage, region, seed }) => {
        const route = admitCall(admit(of, { usage, ring: ring({ seed, caller: caller({ region }) }) }));
        const eligible = of.targets.filter((one) => isEligible(one, of, usage, region));
        const rung = route.phones.flatMap(({ target_id }) => target_id ?? []);
        expect(eligible.map(({ id }) => id)).toEqual(expect.arrayContaining(rung));
        expect(rung.length > 0).toBe(eligible.length > 0);
        const first = of.targets.find(({ id }) => id === rung[0]);
        if (first) expect(first.priority).toBe(Math.min(...eligible.map(({ priority }) => priority)));
        // Of everybody else it is said why not.
        for (const { target_id, reason } of route.considered) {
          expect(reason === null).toBe(rung.includes(target_id ?? ""));
        }
      }),
      law(1_000),
    );
  });

  it("is everybody who may be in the end, each once, if nobody takes the call", () => {
    fc.assert(
      fc.property(world, ({ of, usage, region, seed }) => {
        const asked = { usage, ring: ring({ seed, caller: caller({ region }) }) };
        const rung: RungPhone[] = [];
        for (let route = admitCall(admit(of, asked)); route.action === "dial"; ) {
          rung.push(...route.phones);
          route = admitCall(admit(of, { ...asked, rung }));
        }
        const names = rung.map(({ target_id }) => target_id);
        expect(new Set(names).size).toBe(names.length);
        const eligible = of.targets.filter((one) => isEligible(one, of, usage, region)).map(({ id }) => id);
        expect(names.filter((name) => name !== null).toSorted()).toEqual(eligible.toSorted());
        const foreseen = foresee(admit(of, asked));
        const rounds = foreseen.rounds.flatMap(({ targets: numbers }) => numbers);
        if (of.targets.length > 0) {
          expect(rounds.toSorted()).toEqual(
            rung
              .filter(({ target_id }) => target_id !== null)
              .map((one) => one.target)
              .toSorted(),
          );
        }
      }),
      law(300),
    );
  });

  it("is the same for the same call, in whatever order the targets are listed", () => {
    fc.assert(
      fc.property(world, fc.infiniteStream(fc.double({ noNaN: true })), ({ of, usage, seed }, dice) => {
        const shuffled = [...of.targets]
          .map((one) => ({ one, lot: dice.next().value as number }))
          .toSorted((a, b) => a.lot - b.lot)
          .map(({ one }) => one);
        const asked = { usage, ring: ring({ seed }) };
        const twin = admitCall(admit({ ...of, targets: shuffled }, asked));
        expect(twin).toEqual(admitCall(admit(of, asked)));
      }),
      law(300),
    );
  });

  it("is the same without a look at the caps as while they have room", () => {
    fc.assert(
      fc.property(world, ({ of, region, seed }) => {
        const asked = { ring: ring({ seed, caller: caller({ region }) }) };
        expect(admitCall(admit(of, { ...asked, usage: null }))).toEqual(
          admitCall(admit(of, { ...asked, usage: new Map() })),
        );
      }),
      law(200),
    );
  });

  it("takes a slot of its own and its group's, and of nobody else's", () => {
    fc.assert(
      fc.property(world, ({ of, usage, seed }) => {
        const { phones, slots, action } = admitCall(admit(of, { usage, ring: ring({ seed }) }));
        const rung = of.targets.filter(({ id }) => phones.some(({ target_id }) => target_id === id));
        const groups = rung.flatMap(({ group_id }) => group_id ?? []);
        const expected = action === "dial" ? [...new Set([...groups, ...rung.map(({ id }) => id)])] : [];
        expect(slots.map(({ scope_id }) => scope_id).toSorted()).toEqual(expected.toSorted());
      }),
      law(300),
    );
  });
});

describe("weights", () => {
  it("are shares of the calls (chi-square, 3 degrees of freedom, p > 0.001)", () => {
    const weighted = [1, 2, 3, 4].map((weight) => target(`tgt_${weight}`, { weight }));
    const calls = 20_000;
    const counts = new Map<string, number>();
    for (let i = 0; i < calls; i++) {
      const [phone] = admitCall(
        admit({ targets: weighted }, { ring: ring({ seed: `CA${i.toString(16)}` }) }),
      ).phones;
      counts.set(phone?.target_id ?? "", (counts.get(phone?.target_id ?? "") ?? 0) + 1);
    }
    const chiSquare = weighted.reduce((sum, { id, weight }) => {
      const expected = (calls * weight) / 10;
      return sum + ((counts.get(id) ?? 0) - expected) ** 2 / expected;
    }, 0);
    expect(chiSquare).toBeLessThan(16.27);
  });

  it("share what a full target leaves among the others, by their own weights", () => {
    const weighted = [1, 2, 9].map((weight) =>
      target(`tgt_${weight}`, { weight, caps: { ...NO_CAPS, daily: weight } }),
    );
    const usage = new Map([used("tgt_9", 9)]);
    const calls = 6_000;
    let heavier = 0;
    for (let i = 0; i < calls; i++) {
      const route = admitCall(admit({ targets: weighted }, { usage, ring: ring({ seed: `c${i}` }) }));
      expect(route.phones[0]?.target_id).not.toBe("tgt_9");
      if (route.phones[0]?.target_id === "tgt_2") heavier += 1;
    }
    // Two of three, within four standard deviations.
    expect(Math.abs(heavier - (calls * 2) / 3)).toBeLessThan(4 * Math.sqrt((calls * 2) / 9));
  });
});

describe("without any limit", () => {
  it("a call always ends at some phone", () => {
    const plain = fc.array(
      fc.record({ priority: fc.integer({ min: 1, max: 3 }), paused_at: fc.constantFrom(null, 0) }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(plain, (given) => {
        const targets = given.map((over, i) => target(`tgt_${i}`, over));
        const route = admitCall(admit({ targets }));
        expect(route.action).toBe("dial");
        if (targets.every(({ paused_at }) => paused_at !== null)) expect(route.target).toBe(DESTINATION);
      }),
      law(200),
    );
  });
});
