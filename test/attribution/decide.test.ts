import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { decide, type Rung } from "../../edge/attribution/decide.ts";
import type { CandidateLease, Snapshot } from "../../edge/attribution/model/candidate.ts";
import { START } from "../../edge/attribution/model/parameters.ts";
import { Attribution, type CallSession } from "../../shared/api/calls.ts";
import { law } from "../support/laws.ts";
import { leftLease, onLease, RING, ring } from "./build.ts";

const SETTINGS = { attribution_floor: 0.9, bill_own_traffic: false };

function sessionOf(lease: CandidateLease): CallSession {
  return {
    id: lease.session_id,
    landing_url: "https://plumber.example/",
    referrer: "",
    source: `source of ${lease.lease_id}`,
    medium: "cpc",
    campaign: "",
    term: "",
    content: "",
    channel: "paid_search",
    click_ids: {},
    data: {},
    leased_at: lease.leased_at,
    last_seen_at: lease.last_seen_at,
    closed_at: lease.closed_at,
    expires_at: lease.expires_at,
    device: lease.device,
    region: lease.region,
    site_id: "sit_1",
    publisher_id: lease.publisher_id,
    publisher_proof: lease.proof,
  };
}

const rungOf = (snapshot: Snapshot): Rung => ({
  kind: "pool",
  snapshot,
  sessions: Object.fromEntries(snapshot.candidates.map((lease) => [lease.session_id, sessionOf(lease)])),
  asked_later: false,
});
const of = (publisher_id: string) => ({ publisher_id, proof: "site" as const });

describe("a static number", () => {
  it("explains itself and proves its publisher", () => {
    const { attribution, publisher_id, session } = decide(
      { kind: "static", publisher_id: "org_p" },
      SETTINGS,
      START,
    );
    expect(attribution).toMatchObject({ method: "static_number", confidence: 1, publisher_proof: "number" });
    expect([publisher_id, session]).toEqual(["org_p", null]);
  });

  it("of nobody proves nobody", () => {
    const { attribution, publisher_id } = decide({ kind: "static", publisher_id: null }, SETTINGS, START);
    expect(attribution).toMatchObject({ confidence: 1, publisher_confidence: 0, publisher_proof: "none" });
    expect(publisher_id).toBeNull();
  });
});

describe("a pool's number", () => {
  it("joins the call to the likeliest visit and copies it", () => {
    const { attribution, session } = decide(rungOf(ring([onLease("lse_a", 90)])), SETTINGS, START);
    expect(attribution).toMatchObject({ method: "lease", lease_id: "lse_a", confidence: 0.99833 });
    expect(session?.source).toBe("source of lse_a");
    expect(attribution.candidates[0]).toMatchObject({ ended_at: null, medium: "cpc" });
  });

  it("with nobody behind it is joined to nothing, and says how sure that is", () => {
    const { attribution, session, publisher_id } = decide(rungOf(ring([])), SETTINGS, START);
    expect(attribution).toMatchObject({ method: "none", confidence: 1, none_probability: 1, lease_id: null });
    expect([session, publisher_id]).toEqual([null, null]);
  });

  it("adds up a publisher over its visits: it may be certain where the visit is not", () => {
    const two = [onLease("lse_a", 100, of("org_x")), onLease("lse_b", 110, of("org_x"))];
    const { attribution, publisher_id } = decide(rungOf(ring(two)), SETTINGS, START);
    expect(attribution.confidence).toBeLessThan(0.9);
    expect(attribution).toMatchObject({ publisher_proof: "site" });
    expect(attribution.publisher_confidence).toBeGreaterThan(0.9);
    expect(publisher_id).toBe("org_x");
  });

  it("books below the floor to nobody and shows the likeliest all the same", () => {
    const two = [onLease("lse_a", 100, of("org_x")), onLease("lse_b", 110, of("org_y"))];
    const { attribution, publisher_id } = decide(rungOf(ring(two)), SETTINGS, START);
    expect(publisher_id).toBeNull();
    expect(attribution.publisher_confidence).toBeGreaterThan(0.4);
    expect(attribution.publishers).toHaveLength(2);
  });

  it("of a publisher's own pool is certain of the publisher but for strays", () => {
    const snapshot = ring([leftLease("lse_a", 3_000)], { own_pool_publisher_id: "org_x" });
    const { attribution, publisher_id } = decide(
      rungOf(snapshot),
      { ...SETTINGS, attribution_floor: 0.6 },
      START,
    );
    expect(attribution.publisher_confidence).toBeCloseTo(1 - attribution.none_probability, 5);
    expect(publisher_id).toBe("org_x");
  });
});

const lease = fc
  .record({
    age_s: fc.integer({ min: 0, max: 100_000 }),
    left: fc.boolean(),
    publisher: fc.constantFrom(null, "org_x", "org_y"),
    proof: fc.constantFrom("site" as const, "click_token" as const),
  })
  .map(({ age_s, left, publisher, proof }) => (name: string) => {
    const whose = publisher === null ? {} : { publisher_id: publisher, proof };
    return (left ? leftLease : onLease)(name, age_s, whose);
  });
const snapshots = fc.array(lease, { maxLength: 6 }).map((all) =>
  ring(
    all.map((make, i) => make(`lse_${i}`)),
    { at: RING },
  ),
);

describe("any decision", () => {
  it("accounts for every explanation and names a publisher only with proof and enough certainty", () => {
    fc.assert(
      fc.property(snapshots, fc.constantFrom(0.51, 0.9, 1), (snapshot, attribution_floor) => {
        const { attribution, publisher_id } = decide(
          rungOf(snapshot),
          { ...SETTINGS, attribution_floor },
          START,
        );
        v.parse(Attribution, attribution);
        const shares = attribution.candidates.reduce((sum, one) => sum + one.probability, 0);
        expect(shares + attribution.none_probability).toBeCloseTo(1, 4);
        for (const { publisher_id: id, probability } of attribution.publishers) {
          const own = attribution.candidates.filter((one) => one.publisher_id === id);
          expect(own.reduce((sum, one) => sum + one.probability, 0)).toBeCloseTo(probability, 4);
        }
        expect(publisher_id !== null).toBe(
          attribution.publisher_proof !== "none" && attribution.publisher_confidence >= attribution_floor,
        );
      }),
      law(200),
    );
  });
});
