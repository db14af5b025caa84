import type { Call } from "../../shared/api/calls.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";

/** The call as another role is sent it: what it may not see is absent, as the contract's "Who sees what" says. */
export function seenBy(kind: OrganizationKind, call: Call): Call {
  if (kind === "network") return call;
  const {
    revenue,
    payout,
    margin_micros: _margin,
    target,
    legs,
    timeline: _timeline,
    publisher_id,
    ...common
  } = call;
  if (kind === "advertiser") {
    return {
      ...common,
      ...(revenue && { revenue }),
      ...(target !== undefined && { target }),
      ...(legs && { legs }),
      publisher_alias: publisher_id ? "P-1042" : null,
      attribution: {
        ...call.attribution,
        candidates: call.attribution.candidates.map(({ publisher_id: _publisher, ...rest }) => rest),
        publishers: [],
      },
    };
  }
  const own = call.attribution.candidates.filter((candidate) => candidate.publisher_id === "org_fernhill");
  const others = call.attribution.candidates.filter((candidate) => !own.includes(candidate));
  const lumped = others.reduce((sum, candidate) => sum + candidate.probability, 0);
  return {
    ...common,
    publisher_id: publisher_id ?? null,
    from: call.from === null ? null : `${call.from.slice(0, 5)}…`,
    ...(payout && { payout }),
    attribution: {
      ...call.attribution,
      candidates: others.length > 0 ? [...own, { lease_id: null, probability: lumped }] : own,
      evidence: call.attribution.evidence.map(({ kind: what, detail }) => ({ kind: what, detail })),
      publishers: call.attribution.publishers.filter((one) => one.publisher_id === "org_fernhill"),
    },
  };
}
