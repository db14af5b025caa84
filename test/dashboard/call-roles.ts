import type { Call, RuleResult } from "../../shared/api/calls.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";

const PUBLISHER = "org_fernhill";

/** The call as another role is sent it: what it may not see is absent, as the contract's "Who sees what" says. */
export function seenBy(kind: OrganizationKind, call: Call): Call {
  if (kind === "network") return call;
  return kind === "advertiser" ? advertiserSees(call) : publisherSees(call);
}

function advertiserSees(call: Call): Call {
  const { payout: _payout, margin_micros: _margin, publisher_id, attribution, ...common } = call;
  return {
    ...common,
    publisher_alias: publisher_id ? "P-1042" : null,
    attribution: {
      ...attribution,
      candidates: attribution.candidates.map(({ publisher_id: _publisher, ...rest }) => rest),
      publishers: attribution.publishers.map(({ probability }) => ({
        publisher_alias: "P-1042",
        probability,
      })),
    },
  };
}

/** What the advertiser owes is told only where it alone decided. */
function withoutOtherSide(rules: RuleResult[]): RuleResult[] {
  const own = rules.filter(({ rule }) => rule !== "revenue");
  return own.some(({ passed }) => !passed) || rules.every(({ passed }) => passed) ? own : rules;
}

function publisherSees(call: Call): Call {
  const {
    revenue: _revenue,
    payout,
    margin_micros: _margin,
    target: _target,
    legs: _legs,
    publisher_id,
    attribution,
    timeline = [],
    ...common
  } = call;
  const booked = publisher_id === PUBLISHER;
  const own = attribution.candidates.filter((candidate) => candidate.publisher_id === PUBLISHER);
  const others = attribution.candidates.filter((candidate) => !own.includes(candidate));
  const lumped = others.reduce((sum, candidate) => sum + candidate.probability, 0);
  const share = attribution.publishers.find((one) => one.publisher_id === PUBLISHER);
  return {
    ...common,
    from: call.from === null ? null : `${call.from.slice(0, 5)}…`,
    ...(booked && { publisher_id }),
    ...(booked && payout && { payout: { ...payout, rules: withoutOtherSide(payout.rules) } }),
    attribution: {
      ...attribution,
      publisher_confidence: share?.probability ?? 0,
      candidates: lumped > 0 ? [...own, { lease_id: null, probability: lumped }] : own,
      evidence: attribution.evidence
        .filter(({ kind }) => kind !== "publisher")
        .map(({ kind, detail }) => ({ kind, detail })),
      publishers: share ? [share] : [],
    },
    timeline: timeline.map((step) => ({ ...step, detail: step.detail.replace(/ \+16285550174/, "") })),
  };
}
