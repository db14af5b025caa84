import type { Instant } from "../../../shared/instant.ts";
import { isOpenAt } from "./hours.ts";
import type { CampaignPart, Caps, EnrollmentPart, Gates } from "./plan.ts";

/**
 * What terms and an enrollment ask of a call before it is admitted. `takes_slot` also where no cap is in force yet: a
 * version to come finds what was used before it began.
 */
export type Gate = {
  kind: "campaign" | "enrollment";
  scope_id: string;
  gates: Gates;
  caps: Caps;
  takes_slot: boolean;
};

type Version = { version: number; effective_at: Instant };

/** Of the versions that have begun, the one that began last; of two that began together, the later made. */
export function inForce<V extends Version>(versions: readonly V[], at: Instant): V | null {
  return versions.reduce<V | null>((last, next) => {
    if (next.effective_at > at) return last;
    if (last === null || next.effective_at > last.effective_at) return next;
    return next.effective_at === last.effective_at && next.version > last.version ? next : last;
  }, null);
}

/**
 * The gates of a campaign at a moment. The advertiser's side guards the campaign: its own fields over the common ones.
 * What payout or the enrollment say of their own guards calls that are a publisher's by their number, for that
 * publisher alone; on a shared number nobody knows yet whose call it is.
 */
export function gatesAt(campaign: CampaignPart, enrollment: EnrollmentPart | null, at: Instant): Gate[] {
  const terms = inForce(campaign.terms, at);
  const found: Gate[] = [];
  if (terms) {
    const counts = takesSlots(campaign, enrollment, "campaign");
    found.push(gate("campaign", campaign.id, over(terms.common, terms.revenue), counts));
  }
  if (enrollment) {
    const version = inForce(enrollment.versions, at);
    const own = over(terms?.payout ?? NOTHING, version?.gates ?? NOTHING);
    const counts = takesSlots(campaign, enrollment, "enrollment");
    found.push(gate("enrollment", enrollment.id, own, counts));
  }
  return found.filter(({ gates, takes_slot }) => takes_slot || isSet(gates));
}

/** Whether calls are counted: where any version has a cap, in force or to come. */
export function takesSlots(
  { terms }: CampaignPart,
  enrollment: EnrollmentPart | null,
  kind: Gate["kind"],
): boolean {
  if (kind === "campaign") return terms.some(({ common, revenue }) => hasGateCap(over(common, revenue)));
  return (
    terms.some(({ payout }) => hasGateCap(payout)) ||
    (enrollment?.versions.some(({ gates }) => hasGateCap(gates)) ?? false)
  );
}

function hasGateCap({ daily_cap, monthly_cap, concurrency_cap }: Gates): boolean {
  return daily_cap !== null || monthly_cap !== null || concurrency_cap !== null;
}

/** Why a gate that is no cap is shut; null when it is open. */
export function shutBy(gates: Gates, at: Instant, region: string | null): "closed" | "region" | null {
  if (gates.hours && !isOpenAt(gates.hours, at)) return "closed";
  return isFrom(gates.regions, region) ? null : "region";
}

/** A caller whose region is not known is from none of them; no list, or an empty one, takes everybody. */
export function isFrom(regions: readonly string[] | null, region: string | null): boolean {
  return regions === null || regions.length === 0 || (region !== null && regions.includes(region));
}

const NOTHING: Gates = {
  hours: null,
  regions: null,
  daily_cap: null,
  monthly_cap: null,
  concurrency_cap: null,
};

/** Whether anything at all is said. */
export function isSet(gates: Gates): boolean {
  return gates.hours !== null || gates.regions !== null || hasGateCap(gates);
}

function over(below: Gates, above: Gates): Gates {
  return {
    hours: above.hours ?? below.hours,
    regions: above.regions ?? below.regions,
    daily_cap: above.daily_cap ?? below.daily_cap,
    monthly_cap: above.monthly_cap ?? below.monthly_cap,
    concurrency_cap: above.concurrency_cap ?? below.concurrency_cap,
  };
}

function gate(kind: Gate["kind"], scope_id: string, gates: Gates, takes_slot: boolean): Gate {
  const caps = {
    hourly: null,
    daily: gates.daily_cap,
    monthly: gates.monthly_cap,
    total: null,
    concurrency: gates.concurrency_cap,
  };
  return { kind, scope_id, gates, caps, takes_slot };
}
