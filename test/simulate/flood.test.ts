import { beforeAll, describe, expect, it } from "vitest";
import { factorFor, type Parameters } from "../../edge/attribution/model/parameters.ts";
import { FLOOR } from "./metrics.ts";
import { type FrozenCall, freezeCalls, learn, posteriors } from "./product.ts";
import { runWorld, type World } from "./world.ts";

/** One publisher's script opens a page every 45 seconds and holds it for an hour, from the 350th call on. */
const SEED = 302;
const FLOODED_FROM = 350;
const JUDGED_FROM = 450;
const CALLS = 600;
const FLOODER = "org_0";

let world: World;
let frozen: FrozenCall[];
let before: Parameters;
let after: Parameters;
beforeAll(() => {
  const flood = { publisher: 0, from_call: FLOODED_FROM, per_h: 80, hold_s: 3_600 };
  world = runWorld(SEED, "ample", CALLS, flood);
  frozen = freezeCalls(world);
  before = learn(world, frozen, FLOODED_FROM);
  after = learn(world, frozen, JUDGED_FROM);
});

/** Calls that would be paid to the flooder, those that its own visitors made, and calls paid to a wrong publisher. */
function money(parameters: Parameters) {
  const results = posteriors(frozen, parameters);
  const count = { paid: 0, due: 0, wrong: 0, all: 0 };
  for (let place = JUDGED_FROM; place < CALLS; place++) {
    const lease = world.calls[place]?.lease ?? null;
    const owner = lease === null ? null : `org_${world.leases[lease]?.publisher}`;
    if (owner === FLOODER) count.due += 1;
    const likeliest = results[place]?.publishers[0];
    if (!likeliest || likeliest.probability < FLOOR) continue;
    count.all += 1;
    if (likeliest.publisher_id === FLOODER) count.paid += 1;
    if (likeliest.publisher_id !== owner) count.wrong += 1;
  }
  return count;
}

describe("a publisher that floods a pool with scripted leases", () => {
  it("gains less on the day itself than without the surge factor, and takes less from others", () => {
    const [with_it, without] = [money(before), money({ ...before, traffic: null })];
    expect(with_it.paid).toBeLessThan(without.paid);
    expect(with_it.wrong).toBeLessThan(without.wrong);
  });

  it("is known by the next night's fit for leases that nobody calls from", () => {
    expect(factorFor(after.publisher, FLOODER)).toBeLessThan(factorFor(before.publisher, FLOODER));
    expect(money(after).paid).toBeLessThanOrEqual(money(after).due);
  });
});
