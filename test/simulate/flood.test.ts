import { beforeAll, describe, expect, it } from "vitest";
import { factorFor, type Parameters } from "../../edge/attribution/model/parameters.ts";
import { FLOOR } from "./metrics.ts";
import { type FrozenCall, freezeCalls, learn, posteriors } from "./product.ts";
import { runWorld, type World } from "./world.ts";

/**
 * One publisher's script opens a page every 45 seconds and holds it for an hour, from the 350th call on. Beside it the
 * same world without the script: what the publisher earns there is what it may earn.
 */
const SEED = 606;
const FLOODED_FROM = 350;
const JUDGED_FROM = 450;
const CALLS = 600;
const FLOODER = "org_0";
const FLOOD = { publisher: 0, from_call: FLOODED_FROM, per_h: 80, hold_s: 3_600, presses: 0 };

type Story = { world: World; frozen: FrozenCall[]; parameters: Parameters };
let quiet: Story;
let flooded: Story;
function live(flood: typeof FLOOD | null): Story {
  const world = runWorld(SEED, "ample", CALLS, flood);
  const frozen = freezeCalls(world);
  return { world, frozen, parameters: learn(world, frozen, FLOODED_FROM) };
}
beforeAll(() => {
  [quiet, flooded] = [live(null), live(FLOOD)];
});

/** Calls that would be paid to the flooder, those of them that its visitors did not make, and all paid to a wrong one. */
function money({ world, frozen, parameters }: Story) {
  const results = posteriors(frozen, parameters);
  const count = { paid: 0, stolen: 0, wrong: 0 };
  for (let place = JUDGED_FROM; place < CALLS; place++) {
    const lease = world.calls[place]?.lease ?? null;
    const owner = lease === null ? null : `org_${world.leases[lease]?.publisher}`;
    const likeliest = results[place]?.publishers[0];
    if (!likeliest || likeliest.probability < FLOOR) continue;
    if (likeliest.publisher_id !== owner) count.wrong += 1;
    if (likeliest.publisher_id !== FLOODER) continue;
    count.paid += 1;
    if (owner !== FLOODER) count.stolen += 1;
  }
  return count;
}

describe("a publisher that floods a pool with scripted leases", () => {
  it("earns no more by it, and is paid for nobody else's call", () => {
    expect(money(flooded).paid).toBeLessThanOrEqual(money(quiet).paid);
    expect(money(flooded).stolen).toBe(0);
  });

  it("earns nothing more by pressing the call link on every page, as often as presses are believed", () => {
    const pressing = live({ ...FLOOD, presses: 3 });
    expect(money(pressing).paid).toBeLessThanOrEqual(money(quiet).paid);
    expect(money(pressing).stolen).toBe(0);
  });

  it("would earn by it if every lease were believed", () => {
    const believed = money({ ...flooded, parameters: { ...flooded.parameters, traffic: null } });
    expect(believed.stolen).toBeGreaterThan(5);
    expect(believed.paid).toBeGreaterThan(money(quiet).paid);
  });

  it("is known by the next night's fit for leases that nobody calls from", () => {
    const after = learn(flooded.world, flooded.frozen, JUDGED_FROM);
    expect(factorFor(after.publisher, FLOODER)).toBeLessThan(
      factorFor(flooded.parameters.publisher, FLOODER),
    );
    expect(money({ ...flooded, parameters: after }).stolen).toBe(0);
  });
});
