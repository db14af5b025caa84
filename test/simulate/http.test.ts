import { beforeAll, describe, expect, it } from "vitest";
import { CAREFUL_START } from "../../edge/attribution/model/parameters.ts";
import { type Simulated, simulate } from "./http/simulate.ts";
import { freezeCalls, posteriors } from "./product.ts";

/** One day of a town whose carrier doubles, delays, shuffles and loses its webhooks; many days in `npm run verify`. */
const isLong = process.env.VERIFY_RUNS !== undefined;
const SEED = 4;

let day: Simulated;
beforeAll(async () => {
  const ask = { seed: SEED, days: 1, visitors: isLong ? 600 : 160, pool: null };
  day = await simulate({ ...ask, scenario: "noisy_carrier", outages: false });
});

describe("a simulated day over HTTP", () => {
  it("keeps what is promised whatever the world", () => {
    expect(day.broken).toEqual([]);
    expect(day.score.calls).toBeGreaterThan(10);
  });

  it("attributes every call as the pure model does from the same facts, to six digits", () => {
    const { world, leases, calls } = day.driven;
    const pure = posteriors(freezeCalls(world), CAREFUL_START);
    const tokens = new Map([...leases].map(([token, index]) => [`ses_${index}`, token]));
    for (const [name, place] of calls) {
      const { attribution } = day.calls.get(name) ?? {};
      const result = pure[place];
      expect(attribution?.model_version).toBe(CAREFUL_START.version);
      expect(Math.abs((attribution?.none_probability ?? 0) - (result?.none ?? 1))).toBeLessThanOrEqual(1e-6);
      const known = new Map(attribution?.candidates.map((one) => [one.lease_id, one.probability]));
      for (const { session_id, probability } of result?.candidates ?? []) {
        const told = known.get(tokens.get(session_id) ?? "") ?? Number.NaN;
        expect(Math.abs(told - probability)).toBeLessThanOrEqual(1e-6);
      }
    }
  });

  it("is no further from the optimum than chance allows, and pays fewer wrongly than the field", () => {
    const { regret, product, last_holder } = day.score;
    expect(regret).toBeLessThan(0.15);
    expect(product.sure_wrong).toBeLessThanOrEqual(last_holder.sure_wrong);
  });
});
