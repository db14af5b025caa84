import type { Call } from "../../shared/api/calls.ts";
import { HOUR_MS, SECOND_MS } from "../../shared/instant.ts";
import {
  attribution,
  both,
  failed,
  judged,
  OWES_NOT,
  passed,
  qualified,
  RING,
  rulesWith,
  session,
  TOO_SHORT,
  waits,
} from "./call-base.ts";

/** The ways a call can go, each a change of the qualified one. */

export const held = { ...judged(both("held")), id: "cal_held" };
export const paid = { ...judged(both("paid")), id: "cal_paid" };
const SHORT_TALK = passed("connected", "71 s with the target");
const shortly = {
  connected_s: 71,
  duration_s: 104,
  ended_at: RING + 105 * SECOND_MS,
  timeline: [
    ...(qualified.timeline ?? []).slice(0, 4),
    {
      kind: "leg_completed",
      at: RING + 106 * SECOND_MS,
      detail: "the target +16285550174: completed, 104 s",
    },
    { kind: "judged", at: RING + 111 * SECOND_MS, detail: "a report came late" },
  ],
};
export const tooShort: Call = {
  ...judged(both("rejected"), rulesWith(TOO_SHORT, SHORT_TALK, OWES_NOT)),
  ...shortly,
  id: "cal_short",
};
export const reversed: Call = {
  ...judged(both("reversed"), rulesWith(TOO_SHORT, SHORT_TALK, OWES_NOT)),
  ...shortly,
  id: "cal_reversed",
};
export const ringing: Call = {
  ...judged(
    both("pending"),
    rulesWith(
      waits("connected", "the phone company has not reported how it ended yet"),
      waits("min_duration", "90 s are needed, the length is not reported yet"),
      waits("revenue", "what the advertiser owes is not decided yet"),
    ),
  ),
  id: "cal_ringing",
  status: "ringing",
  disposition: "ringing",
  answered_at: null,
  ended_at: null,
  duration_s: null,
  connected_s: null,
  timeline: [{ kind: "ringing", at: RING, detail: "the phone rang" }],
};
export const talking: Call = {
  ...ringing,
  id: "cal_talking",
  status: "answered",
  disposition: "answered",
  answered_at: RING + 20 * SECOND_MS,
};
export const reportMissing: Call = {
  ...ringing,
  id: "cal_missing",
  status: "completed",
  disposition: "unreported",
  ended_at: RING + 140 * SECOND_MS,
  duration_s: 139,
  leg_report_missing: true,
};
export const awaitsSignal: Call = {
  ...judged(
    both("pending"),
    rulesWith(waits("requires_signal", "“sale” is awaited for 30 d after the call")),
  ),
  id: "cal_signal",
};
export const missed: Call = {
  ...judged(
    both("rejected"),
    rulesWith(
      failed("connected", "the target did not answer"),
      failed("min_duration", "0 s < 90 s, short by 90 s"),
      OWES_NOT,
    ),
  ),
  id: "cal_missed",
  status: "no_answer",
  disposition: "no_answer",
  answered_at: null,
  ended_at: RING + 30 * SECOND_MS,
  duration_s: 30,
  connected_s: 0,
};
export const duplicate: Call = {
  ...judged(
    both("rejected"),
    rulesWith(failed("duplicate", "the same caller's call 3 d 4 h earlier qualified, within 30 d"), OWES_NOT),
  ),
  id: "cal_duplicate",
  is_duplicate: true,
};
export const testCall: Call = {
  ...judged(
    both("rejected"),
    rulesWith(failed("test_caller", "a test caller: never billed, counted or deduplicated")),
  ),
  id: "cal_test",
  is_test: true,
};
/** The advertiser owes for proven traffic, but which of two publishers brought it is not sure enough. */
export const unsurePublisher: Call = {
  ...judged(
    { revenue: "qualified", payout: "rejected" },
    rulesWith(failed("attribution", "0.612 < 0.9: not sure enough which publisher it was")),
  ),
  attribution: {
    ...attribution,
    confidence: 0.612,
    publisher_confidence: 0.612,
    publisher_proof: "none",
    candidates: attribution.candidates.map((candidate, index) => ({
      ...candidate,
      probability: [0.612, 0.361, 0.004][index] ?? 0,
      publisher_id: ["org_fernhill", "org_kestrel", null][index] ?? null,
    })),
    publishers: [
      { publisher_id: "org_fernhill", probability: 0.612, proof: "click_token" },
      { publisher_id: "org_kestrel", probability: 0.361, proof: "click_token" },
    ],
  },
  id: "cal_unsure",
  publisher_id: null,
};
export const lateLease: Call = {
  ...qualified,
  id: "cal_late",
  started_at: RING,
  session: {
    ...session,
    leased_at: RING - 26 * HOUR_MS,
    last_seen_at: RING - 25.9 * HOUR_MS,
    expires_at: RING - 25 * HOUR_MS,
  },
  attribution: {
    ...attribution,
    method: "late_lease",
    confidence: 0.918,
    candidates: attribution.candidates.map((candidate, index) =>
      index === 0
        ? {
            ...candidate,
            probability: 0.918,
            leased_at: RING - 26 * HOUR_MS,
            last_seen_at: RING - 25.9 * HOUR_MS,
            ended_at: RING - 25 * HOUR_MS,
          }
        : candidate,
    ),
  },
};
export const staticNumber: Call = {
  ...held,
  id: "cal_static",
  session: null,
  site_id: null,
  publisher_id: "org_kestrel",
  attribution: {
    ...attribution,
    method: "static_number",
    lease_id: null,
    confidence: 1,
    publisher_confidence: 1,
    publisher_proof: "number",
    none_probability: 0,
    candidates: [],
    evidence: [],
    publishers: [{ publisher_id: "org_kestrel", probability: 1 }],
  },
};
export const nobodyKnown: Call = {
  ...judged(
    both("rejected"),
    rulesWith(
      failed("source", "no publisher is proven"),
      failed("enrollment", "there is no publisher to pay"),
      failed("attribution", "no publisher is proven"),
      OWES_NOT,
    ),
  ),
  id: "cal_none",
  from: null,
  session: null,
  publisher_id: null,
  attribution: {
    ...attribution,
    method: "none",
    lease_id: null,
    confidence: 0.998,
    publisher_confidence: 0,
    publisher_proof: "none",
    none_probability: 0.998,
    candidates: [],
    evidence: [
      {
        kind: "none",
        weight: 1,
        detail:
          "nobody is known to have seen this number; a stray call to this number is expected once in 81 days",
      },
    ],
    publishers: [],
  },
};
export const noCampaign: Call = {
  ...nobodyKnown,
  id: "cal_nowhere",
  status: "rejected",
  disposition: "rejected",
  campaign_id: null,
  advertiser_id: null,
  currency: null,
  answered_at: null,
  duration_s: 0,
  connected_s: null,
};

/** Every one, by what it shows. */
export const calls: Readonly<Record<string, Call>> = {
  qualified,
  held,
  paid,
  tooShort,
  reversed,
  ringing,
  talking,
  reportMissing,
  awaitsSignal,
  missed,
  duplicate,
  testCall,
  unsurePublisher,
  lateLease,
  staticNumber,
  nobodyKnown,
  noCampaign,
};
