import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidatePlot, sayProbability } from "../../dashboard/parts/call/candidate-rows.ts";
import { timeScale } from "../../dashboard/parts/call/time-scale.ts";
import type { Call, Candidate } from "../../shared/api/calls.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import * as f from "./call-fixtures.ts";

const PACIFIC = -8 * HOUR_MS;
const plot = (call: Call, all = false) => candidatePlot(call, { utc_offset_ms: PACIFIC, all });

/** The call with other candidates, "something else" making up for the rest of the probability. */
function withCandidates(candidates: Candidate[]): Call {
  return { ...f.qualified, attribution: { ...f.qualified.attribution, candidates } };
}

const candidate = fc
  .record({
    age_ms: fc.integer({ min: 1, max: 30 * DAY_MS }),
    held_ms: fc.integer({ min: 0, max: 4 * HOUR_MS }),
    probability: fc.double({ min: 0, max: 1, noNaN: true }),
    live: fc.boolean(),
  })
  .map(
    ({ age_ms, held_ms, probability, live }): Candidate => ({
      lease_id: `lse_${age_ms}_${held_ms}`,
      probability,
      leased_at: f.RING - age_ms,
      last_seen_at: f.RING - age_ms + Math.min(held_ms, age_ms),
      ended_at: live ? null : f.RING - age_ms + held_ms,
    }),
  );

describe("the attribution plot", () => {
  it("puts the joined lease first and something else last, always", () => {
    const { rows } = plot(f.qualified);
    expect(rows[0]).toMatchObject({ kind: "lease", joined: true, probability: 0.942 });
    expect(rows.at(-1)).toMatchObject({ kind: "none", probability: 0.023 });
    expect(plot(f.nobodyKnown).rows).toMatchObject([{ kind: "none", probability: 0.998 }]);
  });

  it("draws a lease that was held at the ring across the call's line, and one that was over before it", () => {
    const { rows, call_percent } = plot(f.qualified);
    const [live, over] = rows;
    expect(live?.bar?.live).toBe(true);
    expect(live?.bar?.from).toBeLessThan(call_percent);
    expect(live?.bar?.to).toBeGreaterThan(call_percent);
    expect(over?.bar).toMatchObject({ live: false });
    expect(over?.bar?.to).toBeLessThan(call_percent);
  });

  it("lumps what a publisher may not see: no time, no source, its probability", () => {
    const { rows } = plot(f.seenBy("publisher", f.qualified));
    const lump = rows.find((row) => row.kind === "lump");
    expect(lump).toMatchObject({ leased_at: null, bar: null, source: "", probability: 0.004 });
    expect(rows.at(-2)).toBe(lump);
  });

  it("folds a long tail away and brings all of it back when asked", () => {
    const many = Array.from(
      { length: 20 },
      (_, i): Candidate => ({
        lease_id: `lse_${i}`,
        probability: 0.04,
        leased_at: f.RING - (i + 1) * HOUR_MS,
      }),
    );
    const folded = plot(withCandidates(many));
    expect(folded.rows.filter((row) => row.kind === "lease")).toHaveLength(6);
    expect(folded.hidden).toHaveLength(14);
    const all = plot(withCandidates(many), true);
    expect(all.rows.filter((row) => row.kind === "lease")).toHaveLength(20);
    expect(all.hidden).toHaveLength(0);
  });

  it("folds away what rounds to nothing, but never the joined lease", () => {
    const faint = Array.from(
      { length: 4 },
      (_, i): Candidate => ({
        lease_id: `lse_${i}`,
        probability: 1e-6,
        leased_at: f.RING - (i + 1) * HOUR_MS,
      }),
    );
    const top = { ...f.qualified.attribution.candidates[0]!, probability: 1e-5 };
    const { rows, hidden } = plot(withCandidates([...faint, top]));
    expect(rows.map(({ kind }) => kind)).toEqual(["lease", "none"]);
    expect(rows[0]?.joined).toBe(true);
    expect(hidden).toHaveLength(4);
  });

  it("keeps every bar inside the plot, forwards in time, and loses no candidate", () => {
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 30 }), (candidates) => {
        const { rows, call_percent } = plot(withCandidates(candidates), true);
        expect(rows).toHaveLength(candidates.length + 1);
        expect(call_percent).toBeGreaterThan(0);
        expect(call_percent).toBeLessThanOrEqual(100);
        for (const { bar } of rows) {
          if (bar === null) continue;
          expect(bar.from).toBeGreaterThanOrEqual(0);
          expect(bar.to).toBeLessThanOrEqual(100);
          expect(bar.from).toBeLessThanOrEqual(bar.to);
          expect(bar.from).toBeLessThanOrEqual(call_percent);
        }
      }),
      { seed: 7 },
    );
  });
});

describe("its time axis", () => {
  it("is a clock with ticks on full local half hours when the leases are of today", () => {
    const scale = timeScale({
      call_at: f.RING,
      first_at: f.RING - 177 * MINUTE_MS,
      last_at: f.RING + 20 * MINUTE_MS,
      utc_offset_ms: PACIFIC,
    });
    expect(scale.kind).toBe("clock");
    expect(scale.ticks.length).toBeGreaterThanOrEqual(3);
    for (const tick of scale.ticks) expect((tick.at + PACIFIC) % (30 * MINUTE_MS)).toBe(0);
  });

  it("counts back from the call when they reach days, and keeps the last minutes apart", () => {
    const scale = timeScale({
      call_at: f.RING,
      first_at: f.RING - 11 * DAY_MS,
      last_at: f.RING,
      utc_offset_ms: PACIFIC,
    });
    expect(scale.kind).toBe("before");
    const minutes = scale.percentAt(f.RING) - scale.percentAt(f.RING - 10 * MINUTE_MS);
    expect(minutes).toBeGreaterThan(15);
  });

  it("leaves out the hour whose label would run into the call's at the right end", () => {
    const call_at = f.RING + 25 * MINUTE_MS;
    const first_at = call_at - 263 * MINUTE_MS;
    const scale = timeScale({ call_at, first_at, last_at: call_at, utc_offset_ms: PACIFIC });
    const call = scale.percentAt(call_at);
    expect(call).toBeGreaterThan(94);
    for (const tick of scale.ticks) expect(call - tick.percent).toBeGreaterThan(11);
  });

  it("never runs backwards and never lets a label touch the call's", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 * DAY_MS }),
        fc.integer({ min: 0, max: 4 * HOUR_MS }),
        fc.array(fc.integer({ min: -30 * DAY_MS, max: 4 * HOUR_MS }), { minLength: 2, maxLength: 10 }),
        (age_ms, after_ms, moments) => {
          const scale = timeScale({
            call_at: f.RING,
            first_at: f.RING - age_ms,
            last_at: f.RING + after_ms,
            utc_offset_ms: PACIFIC,
          });
          const percents = moments.toSorted((a, b) => a - b).map((ms) => scale.percentAt(f.RING + ms));
          expect(percents).toEqual(percents.toSorted((a, b) => a - b));
          const call = scale.percentAt(f.RING);
          // Near the right end the call's label stands at the left of its line.
          const label = call > 94 ? call - 4 : call;
          for (const tick of scale.ticks) expect(Math.abs(tick.percent - label)).toBeGreaterThanOrEqual(8);
        },
      ),
      { seed: 11 },
    );
  });
});

describe("a probability in words", () => {
  it.each([
    [0.942, "0.942"],
    [1, "0.999"],
    [0.99999, "0.999"],
    [0.0000022, "<\u00a00.001"],
    [0, "<\u00a00.001"],
  ])("%f reads %s: nothing inferred is certain or impossible", (probability, said) => {
    expect(sayProbability(probability)).toBe(said);
  });
});
