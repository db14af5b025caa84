import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CandidateLease } from "../../edge/attribution/model/candidate.ts";
import { evidenceFor, explain } from "../../edge/attribution/model/explain.ts";
import { lumpCandidates } from "../../edge/attribution/model/lump.ts";
import { CAREFUL_START, START } from "../../edge/attribution/model/parameters.ts";
import { posterior } from "../../edge/attribution/model/posterior.ts";
import { law } from "../support/laws.ts";
import { leftLease, onLease, RING, ring } from "./build.ts";

const DAY_S = 86_400;
const region = fc.constantFrom(null, "US-TX", "US-CA");

const changes = fc.record({
  device: fc.constantFrom<"mobile" | "desktop">("mobile", "desktop"),
  region,
  publisher_id: fc.constantFrom(null, "org_x", "org_y", "org_z"),
  proof: fc.constantFrom<"site" | "click_token">("site", "click_token"),
  tel_clicks_at: fc.array(
    fc.integer({ min: 0, max: 400 }).map((s) => RING - s * 1_000),
    { maxLength: 3 },
  ),
});

/** Delays spread over all bins: as many within minutes as within weeks. */
const delay_s = fc
  .double({ min: 0, max: Math.log(32 * DAY_S), noNaN: true })
  .map((log) => Math.floor(Math.exp(log)));

const lease = fc
  .tuple(fc.boolean(), delay_s, changes)
  .map(([on, s, rest]) => (on ? onLease("", s, rest) : leftLease("", s, rest)));

/** A number has its leases one after the other; the model does not rely on it, so they may overlap here. */
const leases = (maxLength: number) =>
  fc.array(lease, { maxLength }).map((list) => list.map((one, i) => ({ ...one, lease_id: `lse_${i}` })));

const caller = fc.record({
  caller_region: region,
  caller_region_share: fc.double({ min: 0.001, max: 1, noNaN: true }),
  stray_rate: fc.double({ min: 1e-9, max: 1e-4, noNaN: true }),
});

/** As a fit would find it where people call by day. */
const LEARNED = {
  ...START,
  hour: START.hour.map((_, hour) => (hour < 8 ? 0.2 : 1.4)),
  left_hour: START.left_hour.map((_, hour) => 0.5 + hour / 24),
};
const model = fc.constantFrom(START, CAREFUL_START, LEARNED);

const sharesOf = (result: ReturnType<typeof posterior>) =>
  new Map(result.publishers.map((one) => [one.publisher_id, one.probability]));

describe("laws of the posterior", () => {
  it("shares out exactly one call", () => {
    fc.assert(
      fc.property(leases(90), caller, (list, rest) => {
        const split = lumpCandidates(list, { at: RING, renew_after_s: 900, caller_region: null, kept: 20 });
        const result = posterior(ring(split.candidates, { ...rest, lumps: split.lumps }), START);
        const parts = [result.none, ...result.candidates.map((one) => one.probability)];
        for (const lump of result.lumps) parts.push(lump.probability);
        expect(parts.every((part) => part >= 0 && part <= 1)).toBe(true);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 12);
        const ofPublishers = result.publishers.reduce((sum, one) => sum + one.probability, 0);
        expect(ofPublishers).toBeLessThanOrEqual(1 - result.none + 1e-12);
      }),
      law(200),
    );
  });

  it("is the same to the bit in whatever order the candidates come", () => {
    const shuffled = leases(30).chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, caller, model, ([list, other], rest, of) => {
        expect(posterior(ring(other, rest), of)).toEqual(posterior(ring(list, rest), of));
      }),
      law(200),
    );
  });

  it("lumps the tail without changing any publisher's sum, or none", () => {
    fc.assert(
      fc.property(leases(120), caller, fc.integer({ min: 0, max: 64 }), model, (list, rest, kept, of) => {
        const whole = posterior(ring(list, rest), of);
        const split = lumpCandidates(list, { at: RING, renew_after_s: 900, caller_region: null, kept });
        const lumped = posterior(ring(split.candidates, { ...rest, lumps: split.lumps }), of);
        expect(Math.abs(lumped.none - whole.none)).toBeLessThan(1e-12);
        const shares = sharesOf(whole);
        expect([...sharesOf(lumped).keys()].sort()).toEqual([...shares.keys()].sort());
        for (const [id, share] of sharesOf(lumped)) {
          expect(Math.abs(share - (shares.get(id) ?? 0))).toBeLessThan(1e-12);
        }
        const counted = split.lumps.reduce((sum, lump) => sum + lump.count, split.candidates.length);
        expect(counted).toBe(whole.candidates.length);
      }),
      law(200),
    );
  });

  it("keeps the 64 newest leases one by one, and any whose call link was just pressed", () => {
    const old = Array.from({ length: 200 }, (_, i) => leftLease(`lse_${i}`, 1_000 + i * 60));
    const pressed: CandidateLease = { ...leftLease("pressed", DAY_S), tel_clicks_at: [RING - 3_000] };
    const { candidates, lumps } = lumpCandidates([...old, pressed], {
      at: RING,
      renew_after_s: 900,
      caller_region: null,
    });
    expect(candidates.map((one) => one.lease_id)).toEqual([
      ...Array.from({ length: 64 }, (_, i) => `lse_${i}`),
      "pressed",
    ]);
    expect(lumps.reduce((sum, lump) => sum + lump.count, 0)).toBe(136);
    expect(lumps.length).toBeLessThan(5);
  });

  it("keeps older leases one by one of visitors from where the caller's phone is, the newest", () => {
    const regions = ["US-TX", "US-CA"];
    const old = Array.from({ length: 200 }, (_, i) =>
      leftLease(`lse_${i}`, 1_000 + i * 60, { region: regions[i % 2] ?? null }),
    );
    const split = lumpCandidates(old, { at: RING, renew_after_s: 900, caller_region: "US-TX" });
    expect(split.candidates.map((one) => one.lease_id)).toEqual([
      ...Array.from({ length: 64 }, (_, i) => `lse_${i}`),
      ...Array.from({ length: 16 }, (_, i) => `lse_${64 + 2 * i}`),
    ]);
    expect(split.lumps.reduce((sum, lump) => sum + lump.count, 0)).toBe(120);
  });

  it("is hardly moved by one more hopeless candidate", () => {
    fc.assert(
      fc.property(leases(20), caller, (list, rest) => {
        const before = posterior(ring(list, rest), START);
        const hopeless = leftLease("lse_hopeless", 20 * DAY_S, { region: "US-NY" });
        const after = posterior(ring([...list, hopeless], rest), START);
        // What a lease of the last bin weighs at most, against nothing but chance.
        const weight = 5.58e-10;
        const bound = weight / (before.none_weight + weight);
        expect(before.none - after.none).toBeGreaterThanOrEqual(0);
        expect(before.none - after.none).toBeLessThanOrEqual(bound + 1e-12);
      }),
      law(200),
    );
  });

  it("never finds a visitor who left longer ago likelier, beyond the first minute", () => {
    const pair = fc
      .tuple(delay_s, delay_s)
      .map(([a, b]) => [Math.min(a, b) + 60, Math.max(a, b) + 60] as const);
    fc.assert(
      fc.property(pair, caller, ([recent, older], rest) => {
        const share = (s: number) => 1 - posterior(ring([leftLease("lse_a", s)], rest), START).none;
        expect(share(recent)).toBeGreaterThanOrEqual(share(older));
      }),
      law(200),
    );
  });

  it("finds the caller's neighbour likelier than the same visitor from elsewhere", () => {
    fc.assert(
      fc.property(delay_s, caller, (s, rest) => {
        const share = (from: string | null) =>
          1 -
          posterior(
            ring([leftLease("lse_a", s, { region: from })], { ...rest, caller_region: "US-TX" }),
            START,
          ).none;
        expect(share("US-TX")).toBeGreaterThanOrEqual(share(null));
        expect(share(null)).toBeGreaterThanOrEqual(share("US-CA"));
      }),
      law(100),
    );
  });
});

describe("laws of the evidence", () => {
  it("multiplies to the odds of its lease against none, however far the model is believed", () => {
    fc.assert(
      fc.property(leases(10), caller, model, (list, rest, of) => {
        const snapshot = ring(list, rest);
        const result = posterior(snapshot, of);
        for (const one of result.candidates) {
          const candidate = list.find((other) => other.lease_id === one.lease_id);
          const product = evidenceFor(candidate as CandidateLease, snapshot, of, result).reduce(
            (p, e) => p * e.weight,
            1,
          );
          expect(product / (one.probability / result.none)).toBeCloseTo(1, 9);
        }
      }),
      law(100),
    );
  });

  it("always has a reason, with a finite weight and words", () => {
    fc.assert(
      fc.property(leases(10), caller, fc.constantFrom(null, "org_x"), (list, rest, own_pool_publisher_id) => {
        const snapshot = ring(list, { ...rest, own_pool_publisher_id });
        const reasons = explain(snapshot, START, posterior(snapshot, START));
        expect(reasons.length).toBeGreaterThan(0);
        for (const { weight, detail } of reasons) {
          expect(Number.isFinite(weight) && weight > 0).toBe(true);
          expect(detail).not.toMatch(/null|undefined|NaN|Infinity/);
        }
      }),
      law(200),
    );
  });
});
