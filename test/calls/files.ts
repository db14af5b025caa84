import fc from "fast-check";
import type { CallFile } from "../../edge/calls/file.ts";
import type { CallEvent } from "../../edge/calls/model/event.ts";
import type { CallRow } from "../../edge/calls/store.ts";
import type { Candidate, Proof } from "../../shared/api/calls.ts";

/** Calls of every kind, in which each value names whose it is, so that a leak is found by searching for the name. */

export const NOW = Date.UTC(2026, 10, 21, 12);
export const CALLER = "+14155550177";
export const TARGET = "+14155550199";
export const OWN = "org_own_publisher";
export const OTHER = "org_other_publisher";
export const ADVERTISER = "org_advertiser";
export const REVENUE = 71_234_567;
export const PAYOUT = 45_765_432;

const paid = (side: "revenue" | "payout", organization_id: string, amount_micros: number): CallEvent => ({
  event_key: `paid/${side}`,
  received_at: NOW,
  provider_at: null,
  kind: "paid",
  side,
  organization_id,
  amount_micros,
  reference: `reference-${organization_id}`,
});

/** A candidate whose every field names whose it is. */
const candidate = (whose: string | null, i: number, probability: number): Candidate => ({
  lease_id: `lse_${whose}_${i}`,
  session_id: `ses_${whose}_${i}`,
  probability,
  publisher_id: whose,
  leased_at: NOW - 60_000,
  last_seen_at: NOW - 30_000,
  ended_at: null,
  source: `source-${whose}`,
  medium: `medium-${whose}`,
});

export const file: fc.Arbitrary<CallFile> = fc
  .record({
    shares: fc.record({ own: fc.double({ min: 0, max: 1, noNaN: true }), nobody: fc.boolean() }),
    booked: fc.constantFrom(OWN, OTHER, null),
    joined: fc.constantFrom(OWN, OTHER, null),
    proof: fc.constantFrom<Proof>("number", "site", "click_token"),
    callers: fc.boolean(),
    publishers: fc.boolean(),
    whole: fc.boolean(),
    hidden_caller: fc.boolean(),
    due: fc.boolean(),
  })
  .map(({ shares, booked, joined, proof, callers, publishers, whole, hidden_caller, due }) => {
    const own = shares.own * 0.9;
    const other = 0.9 - own;
    const session = joined && sessionOf(joined, proof);
    const status = due ? ("qualified" as const) : ("rejected" as const);
    const rules = (side: string) => [
      { rule: "connected", passed: true, detail: `${side}-detail` },
      { rule: side === "revenue" ? "source" : "revenue", passed: due, detail: `${side}-last-detail` },
    ];
    return {
      now: NOW,
      row: rowOf({ booked, session, status, due }),
      from: hidden_caller ? null : CALLER,
      attributed: {
        at: NOW,
        attribution: {
          method: session ? "lease" : "none",
          lease_id: joined && `lse_${joined}_0`,
          confidence: joined === OWN ? own : joined === OTHER ? other : 0.1,
          publisher_confidence: booked === OWN ? own : other,
          publisher_proof: proof,
          model_version: "start-1",
          none_probability: 0.1,
          candidates: [candidate(OWN, 0, own), candidate(OTHER, 0, other)],
          evidence: [
            { kind: "delay", weight: 1234.5678, detail: "the page was open" },
            {
              kind: "publisher",
              weight: 9876.5432,
              detail: "visitors of this publisher call 9876.5 times as often",
            },
          ],
          publishers: [
            { publisher_id: OWN, probability: own, proof },
            { publisher_id: OTHER, probability: other, proof },
          ],
          asked_later: false,
          attribution_floor: 0.9,
          bill_own_traffic: true,
        },
      },
      revenue: { status, terms_version: 1, amount_micros: due ? REVENUE : 0, rules: rules("revenue") },
      payout: { status, terms_version: 1, amount_micros: due ? PAYOUT : 0, rules: rules("payout") },
      target_names: new Map(),
      events: whole
        ? [
            { event_key: "1", received_at: NOW, provider_at: null, kind: "ringing", to: "+16285550100" },
            {
              event_key: "2",
              received_at: NOW,
              provider_at: null,
              kind: "instructed",
              action: "dial",
              target: TARGET,
              reason: "",
              blind: false,
            },
            {
              event_key: "3",
              received_at: NOW,
              provider_at: null,
              kind: "leg",
              leg_id: null,
              target: TARGET,
              role: "buyer",
              status: "completed",
              connected_s: 95,
              final: true,
            },
            { event_key: "4", received_at: NOW, provider_at: null, kind: "judged_again", reason: "first" },
            paid("revenue", ADVERTISER, REVENUE),
            ...(booked ? [paid("payout", booked, PAYOUT)] : []),
          ]
        : null,
      signals: [],
      aliases: new Map([
        [OWN, "P-1042"],
        [OTHER, "P-2077"],
      ]),
      shows: { callers, publishers },
      honeypot: "caller",
    } satisfies CallFile;
  });

function sessionOf(whose: string, publisher_proof: Proof): NonNullable<CallRow["session"]> {
  return {
    id: `ses_${whose}_0`,
    landing_url: `https://landing-${whose}.example/`,
    referrer: `https://referrer-${whose}.example/`,
    source: `source-${whose}`,
    medium: `medium-${whose}`,
    campaign: `campaign-${whose}`,
    term: `term-${whose}`,
    content: `content-${whose}`,
    channel: "paid_search",
    click_ids: { gclid: `click-${whose}` },
    data: { note: `data-${whose}` },
    leased_at: NOW - 60_000,
    last_seen_at: NOW - 30_000,
    closed_at: null,
    expires_at: NOW + 60_000,
    device: "desktop",
    region: "US-CA",
    site_id: `sit_${whose}`,
    publisher_id: whose,
    publisher_proof,
  };
}

function rowOf(facts: {
  booked: string | null;
  session: CallRow["session"];
  status: "qualified" | "rejected";
  due: boolean;
}): CallRow {
  const { booked, session, status, due } = facts;
  return {
    id: "cal_1",
    network_id: "org_network",
    telephony_account_id: "tel_1",
    provider: "twilio",
    provider_call_id: "CA1",
    seq: 4,
    status: "completed",
    disposition: "answered",
    started_at: NOW,
    answered_at: NOW + 8_000,
    ended_at: NOW + 103_000,
    duration_s: 103,
    connected_s: 95,
    leg_reported_at: NOW + 103_000,
    target: TARGET,
    pressed: {},
    legs: [{ target: TARGET, role: "buyer", status: "answered", connected_s: 95 }],
    from_sealed: null,
    from_hash: "caller",
    from_country: "US",
    from_area_code: "415",
    from_region: "US-CA",
    to_e164: "+16285550100",
    number_key: 1,
    campaign_id: "cmp_1",
    advertiser_id: ADVERTISER,
    pool_id: "pol_1",
    label: "label",
    sub1: "sub",
    sub2: null,
    sub3: null,
    sub4: null,
    sub5: null,
    is_test: false,
    is_honeypot: false,
    attribution_version: 1,
    method: "lease",
    confidence: 0.5,
    publisher_id: booked,
    publisher_confidence: 0.5,
    publisher_proof: "site",
    session_id: session?.id ?? null,
    lease_id: null,
    site_id: session?.site_id ?? null,
    source: session?.source ?? null,
    medium: null,
    campaign: null,
    term: null,
    content: null,
    channel: null,
    landing_path: null,
    session,
    revenue_status: status,
    revenue_micros: due ? REVENUE : 0,
    payout_status: status,
    payout_micros: due ? PAYOUT : 0,
    currency: "USD",
    reject_reason: null,
    is_duplicate: false,
    held_until: null,
    marks: 0,
    self_reported: false,
    confirmed_at: null,
  };
}
