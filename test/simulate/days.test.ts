import { afterAll, describe, expect, it } from "vitest";
import { SCENARIOS, type ScenarioName, type Simulated, simulate } from "./http/simulate.ts";

/**
 * `npm run verify` lives through a thousand days over HTTP, or `VERIFY_RUNS` of them when that is less; `npm test` lives
 * through the one of http.test.ts.
 */
const DAYS = Math.min(1_000, Number(process.env.VERIFY_RUNS ?? "0"));
const RUN = { days: 10, visitors: 60, pool: null };
const FIRST_SEED = 1_001;

const names = Object.keys(SCENARIOS) as ScenarioName[];
const runs = Array.from({ length: Math.floor(DAYS / RUN.days) }, (_, i) => ({
  seed: FIRST_SEED + i,
  scenario: names[i % names.length] ?? "ample",
}));

describe.skipIf(runs.length === 0)("many simulated days over HTTP", () => {
  const scores: Simulated["score"][] = [];
  afterAll(() => console.info(summaryOf(scores)));

  it.each(runs)("keep what is promised: seed $seed, $scenario", async (run) => {
    const { score, broken } = await simulate({ ...run, ...RUN });
    scores.push(score);
    expect(broken).toEqual([]);
  });

  it("pay publishers whose scripts flood a pool for no more calls than their visitors made", () => {
    const { due, paid } = floodersOf(scores);
    expect(paid).toBeLessThanOrEqual(due);
  });
});

/** What the flooding publishers of all runs had coming, and what they got. */
function floodersOf(scores: readonly Simulated["score"][]) {
  const sum = (of: (flooder: NonNullable<Simulated["score"]["flooder"]>) => number) =>
    scores.reduce((total, { flooder }) => total + (flooder ? of(flooder) : 0), 0);
  return {
    leases: sum(({ leases }) => leases),
    due: sum(({ due }) => due),
    paid: sum(({ paid }) => paid),
    stolen: sum(({ stolen }) => stolen),
  };
}

/** What was lived through, and how much of it was right, in a line. */
function summaryOf(scores: readonly Simulated["score"][]): string {
  const sum = (of: (score: Simulated["score"]) => number) =>
    scores.reduce((total, score) => total + of(score), 0);
  const days = scores.length * RUN.days;
  const calls = sum((score) => score.calls);
  const right = sum(({ product }) => product.joined * product.calls);
  const paid = sum(({ product }) => product.paid);
  const wrong = sum(({ product }) => product.wrong_money * product.paid);
  const flooders = floodersOf(scores);
  return (
    `${days} days, ${sum(({ visits }) => visits)} visits, ${calls} calls: ${Math.round(right)} joined rightly, ` +
    `${paid} payable at 0.9, ${Math.round(wrong)} of them wrongly; ` +
    `${flooders.leases} scripted leases, whose publishers' visitors made ${flooders.due} calls: paid for ` +
    `${flooders.paid}, ${flooders.stolen} of them others'`
  );
}
