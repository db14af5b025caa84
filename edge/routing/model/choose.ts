import { type Instant, SECOND_MS } from "../../../shared/instant.ts";
import type { Caller } from "./caller.ts";
import { isFrom } from "./gates.ts";
import { isOpenAt } from "./hours.ts";
import { isPaused } from "./pause.ts";
import type { CampaignPart, TargetPart } from "./plan.ts";
import { reachedCap, type Usage, usedAt } from "./usage.ts";

/** Who may be rung for a call, as things stand. */
export type ChooseAsk = {
  campaign: CampaignPart;
  /** Null when nobody can look: then every cap has room. */
  usage: Usage | null;
  caller: Caller;
  at: Instant;
  /** Of the call: the same call draws the same lots. */
  seed: string;
  /** Ids of targets that were rung for this call already. */
  rung: ReadonlySet<string>;
  /** Targets or the group that a menu asked for; null for all. */
  only: Only;
  /** The caller has heard ringing for long enough: nobody else is rung. */
  is_ringing_over?: boolean;
};

export type Only = { target_ids: readonly string[] } | { group_id: string } | null;

export type Choice = {
  /** Rung now, all at once. Empty when nobody is there. */
  phones: readonly TargetPart[];
  /** Every target with why it is not rung now, in the order in which they would be; null for the phones. */
  considered: readonly { target: TargetPart; reason: string | null }[];
};

/** A provider rings at most ten phones at once (twilio.com/docs/voice/twiml/number). */
const PHONES_MAX = 10;
/** Who talked to somebody longer ago is not led back. */
const STICKY_MS = 90 * 86_400 * SECOND_MS;

/**
 * The phones to ring now: of the open targets the one that comes first, or all open ones of its group when that
 * rings at once. Pure: the same call, moment and usage choose the same.
 */
export function choose(ask: ChooseAsk): Choice {
  const judged = inOrder(ask).map((target) => ({ target, reason: whyNot(target, ask) }));
  const open = judged.filter(({ reason }) => reason === null).map(({ target }) => target);
  const [first] = open;
  if (!first) return { phones: [], considered: judged };
  const group = ask.campaign.groups.find(({ id }) => id === first.group_id);
  const phones =
    group?.ringing === "simultaneous"
      ? open.filter(({ group_id }) => group_id === group.id).slice(0, PHONES_MAX)
      : [first];
  return {
    phones,
    considered: judged.map(({ target, reason }) => ({
      target,
      reason: reason ?? (phones.includes(target) ? null : "not_its_turn"),
    })),
  };
}

/** Why a target is not rung; null when it may be. */
function whyNot(target: TargetPart, ask: ChooseAsk): string | null {
  const { campaign, usage, caller, at, rung, only, is_ringing_over } = ask;
  if (only && !isAmong(target, only)) return "not_asked_for";
  if (rung.has(target.id)) return "rung_before";
  if (is_ringing_over) return "rang_too_long";
  if (isPaused(target, at)) return "paused";
  if (target.hours && !isOpenAt(target.hours, at)) return "closed";
  if (!isFrom(target.regions, caller.region)) return caller.region === null ? "region_unknown" : "region";
  if (usage === null) return null;
  const own = reachedCap(target.caps, usedAt(usage, target.id, campaign.timezone, at));
  if (own) return own;
  const group = campaign.groups.find(({ id }) => id === target.group_id);
  // A call that rang another of the group has its slot already.
  if (!group || campaign.targets.some(({ id, group_id }) => group_id === group.id && rung.has(id)))
    return null;
  const shared = reachedCap(group.caps, usedAt(usage, group.id, campaign.timezone, at));
  return shared && `group_${shared}`;
}

function isAmong(target: TargetPart, only: NonNullable<Only>): boolean {
  return "group_id" in only ? target.group_id === only.group_id : only.target_ids.includes(target.id);
}

/** Whom the caller knows first, then by priority; within one by lot, each by its weight. */
function inOrder(ask: ChooseAsk): TargetPart[] {
  const known = lastTalkedTo(ask);
  const lots = new Map(ask.campaign.targets.map((target) => [target.id, lotOf(target, ask.seed)]));
  const rank = (target: TargetPart) => (target.number === known ? Number.NEGATIVE_INFINITY : target.priority);
  return [...ask.campaign.targets].sort(
    (a, b) => rank(a) - rank(b) || (lots.get(a.id) ?? 0) - (lots.get(b.id) ?? 0) || (a.id < b.id ? -1 : 1),
  );
}

/** The target's number that this caller talked to last in this campaign, if that is remembered. */
function lastTalkedTo({ campaign, caller, at }: ChooseAsk): string | null {
  if (!campaign.routing.sticky) return null;
  const talked = caller.past.find(
    (call) =>
      call.campaign_id === campaign.id &&
      call.target !== null &&
      (call.connected_s ?? 0) > 0 &&
      call.started_at > at - STICKY_MS,
  );
  return talked?.target ?? null;
}

/**
 * A target's lot: the smallest is drawn, with a chance of its weight's share. Lots are exponential with the weight as
 * rate (Efraimidis and Spirakis, Information Processing Letters 97, 2006), made from the call's name instead of
 * chance, so that a repeated ring draws the same.
 */
function lotOf({ id, weight }: TargetPart, seed: string): number {
  return -Math.log(fractionOf(`${seed}/${id}`)) / weight;
}

/** In (0, 1): 53 bits of two FNV-1a hashes (isthe.com/chongo/tech/comp/fnv), mixed by Murmur3's finalizer. */
export function fractionOf(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x01000193) + i;
  }
  const bits = (mixed(high) & 0x1fffff) * 2 ** 32 + (mixed(low) >>> 0);
  return (bits + 0.5) / 2 ** 53;
}

function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
