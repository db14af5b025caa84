import type { CandidateLease, Snapshot } from "./candidate.ts";
import { factorFor, type Parameters } from "./parameters.ts";
import { NO_PAST, type Past } from "./past.ts";
import type { Posterior } from "./posterior.ts";
import { clickLag, sight, sightAll, sightingsOf } from "./sighting.ts";
import { contextOf, delayRate, type Factors, factorsOf, strayTerms, termsOf } from "./weights.ts";

/**
 * One reason, in words for the call page. `weight` is the factor by which it multiplied the odds of the lease
 * against a stray call: above 1 it speaks for the lease, below 1 against it. The weights of a lease's reasons
 * multiply to its probability over that of "none of these".
 */
export type Evidence = {
  kind:
    | "delay"
    | "hour"
    | "device"
    | "publisher"
    | "surge"
    | "used"
    | "tel_click"
    | "press_worth"
    | "area_code"
    | "caller"
    | "household"
    | "redial"
    | "stray_redial"
    | "doubt"
    | "unlearned"
    | "own_pool"
    | "none";
  weight: number;
  detail: string;
};

const DOUBT_DETAIL = "what was learned is never quite right, and so less is claimed than it says";
const UNLEARNED_DETAIL =
  "nothing has been learned of this pool yet, and so it counts what other pools would make of it";

/** Why a call was joined as it was: the reasons for its lease, or why "none of these" won. */
export function explain(
  snapshot: Snapshot,
  parameters: Parameters,
  result: Posterior,
  past: Past = NO_PAST,
): Evidence[] {
  const joined = snapshot.candidates.find((lease) => lease.lease_id === result.top?.lease_id);
  const reasons = joined
    ? evidenceFor(joined, snapshot, parameters, result, past)
    : [noneReason(snapshot, result, past)];
  if (snapshot.own_pool_publisher_id !== null) {
    reasons.push({ kind: "own_pool", weight: 1, detail: "the number belongs to the publisher's own pool" });
  }
  return reasons;
}

/** The reasons for and against one lease, those that changed nothing left out. Empty when it is no candidate. */
export function evidenceFor(
  lease: CandidateLease,
  snapshot: Snapshot,
  parameters: Parameters,
  { candidates }: Pick<Posterior, "candidates">,
  past: Past = NO_PAST,
): Evidence[] {
  const sighting = sight(lease, snapshot);
  if (sighting === null) return [];
  const ring = contextOf(snapshot, sightingsOf(sightAll(snapshot)));
  const factors = factorsOf(sighting, ring, parameters, past);
  const stray = strayTerms(ring, parameters, past);
  const { hour, device, publisher, surge, unused, region, caller } = factors;
  const reasons: Evidence[] = [];
  const add = (kind: Evidence["kind"], weight: number, detail: () => string) => {
    if (weight !== 1) reasons.push({ kind, weight, detail: detail() });
  };
  reasons.push({
    kind: "delay",
    weight: factors.rate / stray.fresh,
    detail: delayDetail(lease, factors.phase, snapshot.at),
  });
  add(
    "hour",
    hour,
    () => `who left when this visitor did calls ${times(hour)} as often at this hour of the day`,
  );
  add("device", device, () => `visitors on a ${lease.device} device call ${times(device)} as often`);
  add("publisher", publisher, () => `visitors of this publisher call ${times(publisher)} as often`);
  add(
    "surge",
    surge,
    () =>
      "this publisher's visits are far more than usual: they count for no more than usual, presses of their call links for little or nothing",
  );
  const used = past.leases[lease.session_id];
  add("used", unused, () => usedDetail(used?.used ?? 0, snapshot.at - (used?.used_at ?? snapshot.at)));
  const lag = clickLag(lease, snapshot.at);
  if (lag !== null) {
    const worth = factorFor(parameters.click_worth, lease.publisher_id);
    const pressed = factors.click_rate / delayRate(factors);
    const even = 1 + pressed / worth;
    add("tel_click", even, () => `the call link was pressed ${spokenDuration(lag)} before the ring`);
    // Apart: a publisher reads that its link was pressed, not what such presses are worth against others'.
    add("press_worth", (1 + pressed) / even, () => worthDetail(worth));
  }
  add("area_code", region, () => regionDetail(snapshot.caller_region, lease.region));
  add("caller", caller, () =>
    caller > 1
      ? `this caller was this visitor before, with a probability of ${percent(used?.link ?? 0)}`
      : `this visitor called before, with a probability of ${percent(used?.known ?? 0)}, from another number`,
  );
  for (const { kind, weight, detail } of againReasons(factors, snapshot, past))
    add(kind, weight, () => detail);
  add("stray_redial", stray.fresh / (stray.fresh + stray.again), () => strayAgainDetail(snapshot, past));
  const scored = candidates.find(({ lease_id }) => lease_id === lease.lease_id);
  if (parameters.spread > 0) add("unlearned", scored?.doubt ?? 1, () => UNLEARNED_DETAIL);
  else add("doubt", scored?.doubt ?? 1, () => DOUBT_DETAIL);
  return reasons;
}

/** What the household and the redial add to what stands without them, as factors. */
function againReasons(factors: Factors, { at }: Snapshot, { redial }: Past): Evidence[] {
  const { delay, click, household, redial: again } = termsOf(factors);
  const alone = delay + click;
  return [
    {
      kind: "household",
      weight: (alone + household) / alone,
      detail: "somebody else of the visitor's household may call after the first call",
    },
    {
      kind: "redial",
      weight: (alone + household + again) / (alone + household),
      detail: `the caller called this number ${spokenDuration(at - (redial?.at ?? at))} before, likely from this visit`,
    },
  ];
}

/** A span as people say it, rounded down: `90 s`, `20 min`, `5 h`, `3 days`. */
export function spokenDuration(duration_ms: number): string {
  const seconds = Math.floor(duration_ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 120 * 60) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3_600) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

function delayDetail(lease: CandidateLease, phase: "on" | "left", at: number): string {
  if (phase === "on") {
    return `the page had been open for ${spokenDuration(at - lease.leased_at)} when the phone rang`;
  }
  if (lease.closed_at !== null && lease.closed_at <= at) {
    return `the visit had ended ${spokenDuration(at - lease.closed_at)} before`;
  }
  return `the page was last heard of ${spokenDuration(at - Math.min(lease.last_seen_at, at))} before`;
}

function worthDetail(worth: number): string {
  return `presses on this publisher's pages led to calls ${times(worth)} as often as others`;
}

function regionDetail(caller: string | null, visitor: string | null): string {
  return caller === visitor
    ? `the caller's area code is in ${caller}, and so was the visitor`
    : `the caller's area code is in ${caller}, but the visitor was in ${visitor}`;
}

function usedDetail(share: number, ago_ms: number): string {
  return `the visit explains a call ${spokenDuration(ago_ms)} before already, with a probability of ${percent(share)}`;
}

function strayAgainDetail({ at }: Snapshot, { redial }: Past): string {
  const ago = spokenDuration(at - (redial?.at ?? at));
  return `the caller called this number ${ago} before, and no visit explained that with a probability of ${percent(redial?.none ?? 0)}`;
}

function noneReason(snapshot: Snapshot, result: Posterior, past: Past): Evidence {
  const seen = result.candidates.length + result.lumps.reduce((sum, lump) => sum + lump.count, 0);
  const rare =
    past.redial !== null && past.redial.none >= 0.5
      ? strayAgainDetail(snapshot, past)
      : `a stray call to this number is expected once in ${spokenDuration(1_000 / result.none_weight)}`;
  const likeliest = result.candidates[0];
  if (!likeliest)
    return { kind: "none", weight: 1, detail: `nobody is known to have seen this number; ${rare}` };
  const visits = seen === 1 ? "the one visit" : `each of the ${seen} visits`;
  return {
    kind: "none",
    weight: result.none / likeliest.probability,
    detail: `${rare}, which is at least as likely as ${visits} that saw the number`,
  };
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}

function times(factor: number): string {
  return `${Number(factor.toPrecision(2))} times`;
}
