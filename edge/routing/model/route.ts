import type { CampaignRouting, Treatment } from "../../../shared/api/routing.ts";
import type { Instant } from "../../../shared/instant.ts";
import type { Caller } from "./caller.ts";
import { type Choice, choose, type Only } from "./choose.ts";
import { firstFilter } from "./filters.ts";
import { type Gate, gatesAt, inForce, isSet, shutBy } from "./gates.ts";
import { isPaused } from "./pause.ts";
import type { CampaignPart, EnrollmentPart, NumberPlan, TargetPart } from "./plan.ts";
import { type Slot, slotsOf } from "./slots.ts";
import { hasCap, reachedCap, type Usage, usedAt } from "./usage.ts";

/** A phone that is rung; `target_id` is null for the campaign's destination number. */
export type RungPhone = { target_id: string | null; target: string };

/** A target that was looked at, and why it was not rung; null when it was. */
export type LookedAt = RungPhone & { reason: string | null };

/** Whom to ring, or what to say instead, and why. Provider-free, and stored with the call. */
export type Route = {
  /** `end`: everybody was rung and nothing is left to say. */
  action: "dial" | "message" | "voicemail" | "reject" | "end";
  /** The first of `phones`. */
  target: string | null;
  reason: string;
  phones: readonly RungPhone[];
  timeout_s: number;
  /** The campaign's own words for a message; null for ours. */
  say: string | null;
  considered: readonly LookedAt[];
  slots: readonly Slot[];
};

/** A filter or a suspension sends the call to another campaign, which has to be read first. */
export type Elsewhere = { action: "campaign"; campaign_id: string; reason: string };

/**
 * A call that looks for somebody to answer it at `at`. It rang at `rang_at`, which is when hours and regions of the
 * terms were decided: a menu takes its time.
 */
export type Ring = { caller: Caller; at: Instant; rang_at: Instant; seed: string };

/** How long the campaign's destination number may ring, which has no setting of its own. */
const DESTINATION_RINGS_S = 30;

const NOBODY: Omit<Route, "action" | "reason"> = {
  target: null,
  phones: [],
  timeout_s: 0,
  say: null,
  considered: [],
  slots: [],
};

/**
 * What stands before any target: whether the number, its campaign and its publisher are in service, and what the
 * campaign's filters make of the caller. Null lets the call through. `plan` is that of the number called with the
 * assignment of that moment; null when the account does not own the number, or it leads nowhere.
 */
export function screenCall(plan: NumberPlan | null, ring: Ring): Route | Elsewhere | null {
  if (plan === null) return { ...NOBODY, action: "reject", reason: "number_not_in_service" };
  const { campaign, enrollment } = plan;
  const closed = outOfService(campaign, ring.at);
  if (closed) return closed;
  if (isPaused(plan.pause, ring.at)) return { ...NOBODY, action: "message", reason: "number_paused" };
  return (enrollment && suspended(campaign, enrollment, ring.at)) ?? filtered(campaign, ring);
}

/** The same for a campaign that a call was sent on to; it is not sent on again. */
export function screenElsewhere(campaign: CampaignPart, ring: Ring): Route | null {
  const closed = outOfService(campaign, ring.at);
  if (closed) return closed;
  const screened = filtered(campaign, ring);
  if (screened?.action !== "campaign") return screened;
  return { ...NOBODY, action: "message", reason: screened.reason };
}

function outOfService(campaign: CampaignPart, at: Instant): Route | null {
  if (campaign.retired_at !== null && campaign.retired_at <= at) {
    return { ...NOBODY, action: "message", reason: "campaign_retired" };
  }
  return isPaused(campaign, at) ? { ...NOBODY, action: "message", reason: "campaign_paused" } : null;
}

/** A suspended publisher's calls go as the network ticks, and on if it ticks nothing; a paused one's never go on. */
function suspended(
  { routing }: CampaignPart,
  enrollment: EnrollmentPart,
  at: Instant,
): Route | Elsewhere | null {
  const { suspended: ticked } = routing;
  if (isPaused(enrollment, at)) {
    return treated(ticked.action === "route" ? { action: "message" } : ticked, "enrollment_paused");
  }
  if (inForce(enrollment.versions, at)?.status !== "suspended") return null;
  return ticked.action === "route" ? null : treated(ticked, "publisher_suspended");
}

function filtered(campaign: CampaignPart, { caller, at }: Ring): Route | Elsewhere | null {
  const found = firstFilter(campaign.routing.filters, { caller, campaign_id: campaign.id, at });
  if (!found || found.filter.treatment.action === "route") return null;
  return treated(found.filter.treatment, `filter_${found.place}`);
}

function treated(treatment: Exclude<Treatment, { action: "route" }>, reason: string): Route | Elsewhere {
  if (treatment.action === "campaign") return { ...treatment, reason };
  const say = treatment.action === "message" ? (treatment.say ?? null) : null;
  return { ...NOBODY, action: treatment.action, reason, say };
}

/** Where a call is to be admitted, as things stand. */
export type AdmitAsk = {
  campaign: CampaignPart;
  enrollment: EnrollmentPart | null;
  /** Null when nobody can look: then every cap has room. */
  usage: Usage | null;
  ring: Ring;
  /** A test call takes no slot. */
  is_test: boolean;
  /** What a menu asked for; null for anybody. */
  only: Only;
  /** The phones of earlier rounds; a call that has rung somebody is admitted already. */
  rung: readonly RungPhone[];
  /** The caller has heard ringing for long enough. */
  is_ringing_over?: boolean;
};

/**
 * The next phones of a call: through the gates of the terms, which are decided at the first ring, to the targets, or
 * to the overflow when nothing is open. Never a target that is paused, closed, excluded or full, and always one when
 * there is one.
 */
export function admitCall(ask: AdmitAsk): Route {
  const { campaign, enrollment, ring, usage, rung, only, is_ringing_over = false } = ask;
  const gates = rung.length > 0 ? [] : gatesAt(campaign, enrollment, ring.rang_at);
  const shut = shutGate(gates, campaign, usage, ring);
  if (shut) return overflow(ask, shut, []);
  if (campaign.targets.length === 0) return destination(ask, gates);
  const ids = new Set(rung.flatMap(({ target_id }) => target_id ?? []));
  const choice = choose({ campaign, usage, only, rung: ids, is_ringing_over, ...ring });
  const considered = lookedAt(choice);
  if (choice.phones.length === 0) {
    return overflow(ask, rung.length > 0 ? "nobody_answered" : "no_target_open", considered);
  }
  return {
    action: "dial",
    target: choice.phones[0]?.number ?? null,
    reason: rung.length > 0 ? "next_target" : "target",
    phones: choice.phones.map(asRung),
    timeout_s: Math.max(...choice.phones.map(({ timeout_s }) => timeout_s)),
    say: null,
    considered,
    slots: ask.is_test ? [] : slotsOf({ campaign, gates, phones: choice.phones, at: ring.at }),
  };
}

/** Where a call goes that the terms do not let in, before any menu; null lets it in. */
export function turnedAway(ask: AdmitAsk): Route | null {
  const { campaign, enrollment, ring, usage } = ask;
  const shut = shutGate(gatesAt(campaign, enrollment, ring.rang_at), campaign, usage, ring);
  return shut === null ? null : overflow(ask, shut, []);
}

function shutGate(
  gates: readonly Gate[],
  campaign: CampaignPart,
  usage: Usage | null,
  { at, rang_at, caller }: Ring,
): string | null {
  for (const { kind, gates: said, caps, scope_id } of gates) {
    const shut =
      shutBy(said, rang_at, caller.region) ??
      (usage && reachedCap(caps, usedAt(usage, scope_id, campaign.timezone, at)));
    if (shut) return `${kind === "campaign" ? "terms" : "enrollment"}_${shut}`;
  }
  return null;
}

/** A campaign without targets has its destination number as its one target. */
function destination(ask: AdmitAsk, gates: readonly Gate[]): Route {
  const { campaign, ring, rung } = ask;
  if (rung.length > 0) return overflow(ask, "nobody_answered", []);
  const slots = ask.is_test ? [] : slotsOf({ campaign, gates, phones: [], at: ring.at });
  return { ...dialDestination(campaign, "destination"), slots };
}

function dialDestination(campaign: CampaignPart, reason: string): Route {
  const target = campaign.destination_number;
  const phones = [{ target_id: null, target }];
  return { ...NOBODY, action: "dial", target, reason, phones, timeout_s: DESTINATION_RINGS_S };
}

/**
 * Nothing is open, or nobody answered. `destination` dials the destination number, unless it is one of the targets that
 * are not to be rung, or was rung already. The default is a message where hours, regions or a cap are set. A call that
 * has rung somebody ends where nothing else was asked for.
 */
function overflow(ask: AdmitAsk, reason: string, considered: readonly LookedAt[]): Route {
  const { campaign, rung } = ask;
  const number = campaign.destination_number;
  const wanted = campaign.overflow ?? (isLimited(ask) ? null : "destination");
  const isTaken =
    rung.some(({ target }) => target === number) ||
    campaign.targets.some((target) => target.number === number);
  if (wanted === "destination" && !isTaken) return { ...dialDestination(campaign, reason), considered };
  if (wanted === "voicemail") return { ...NOBODY, action: "voicemail", reason, considered };
  const action = wanted !== "message" && rung.length > 0 ? "end" : "message";
  return { ...NOBODY, action, reason, considered };
}

function isLimited({ campaign, enrollment, ring }: AdmitAsk): boolean {
  const limits = ({ hours, regions, caps }: TargetPart) => hours !== null || regions !== null || hasCap(caps);
  return (
    gatesAt(campaign, enrollment, ring.rang_at).some(({ gates }) => isSet(gates)) ||
    campaign.targets.some(limits) ||
    campaign.groups.some(({ caps }) => hasCap(caps))
  );
}

function asRung({ id, number }: TargetPart): RungPhone {
  return { target_id: id, target: number };
}

function lookedAt({ considered }: Choice): LookedAt[] {
  return considered.map(({ target, reason }) => ({ ...asRung(target), reason }));
}

/** How long an answered call must last so that it is not a drop that the next target makes up for. */
export function isEarlyDrop({ early_drop_s }: CampaignRouting, connected_s: number | null): boolean {
  return connected_s !== null && connected_s < early_drop_s;
}

/** What a caller hears who is not put through. Polite, and naming nobody. */
export function announcementFor(reason: string): string {
  return reason === "number_not_in_service"
    ? "We are sorry. The number you have dialed is not in service. Please check the number and try again. Goodbye."
    : "Thank you for calling. We cannot take your call right now. Please try again later. Goodbye.";
}
