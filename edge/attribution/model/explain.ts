import type { CandidateLease, Snapshot } from "./candidate.ts";
import type { Parameters } from "./parameters.ts";
import type { Posterior } from "./posterior.ts";
import { clickLag, factorsOfLease, strayWeight } from "./weights.ts";

/**
 * One reason, in words for the call page. `weight` is the factor by which it multiplied the odds of the lease
 * against a stray call: above 1 it speaks for the lease, below 1 against it. The weights of a lease's reasons
 * multiply to its weight over that of "none of these".
 */
export type Evidence = {
  kind: "delay" | "hour" | "device" | "publisher" | "tel_click" | "area_code" | "own_pool" | "none";
  weight: number;
  detail: string;
};

/** Why a call was joined as it was: the reasons for its lease, or why "none of these" won. */
export function explain(snapshot: Snapshot, parameters: Parameters, result: Posterior): Evidence[] {
  const joined = snapshot.candidates.find((lease) => lease.lease_id === result.top?.lease_id);
  const reasons = joined ? evidenceFor(joined, snapshot, parameters) : [noneReason(snapshot, result)];
  if (snapshot.own_pool_publisher_id !== null) {
    reasons.push({ kind: "own_pool", weight: 1, detail: "the number belongs to the publisher's own pool" });
  }
  return reasons;
}

/** The reasons for and against one lease, those that changed nothing left out. Empty when it is no candidate. */
export function evidenceFor(lease: CandidateLease, snapshot: Snapshot, parameters: Parameters): Evidence[] {
  const factors = factorsOfLease(lease, snapshot, parameters);
  if (factors === null) return [];
  const { rate, hour, device, publisher, region } = factors;
  const reasons: Evidence[] = [
    {
      kind: "delay",
      weight: rate / strayWeight(snapshot),
      detail: delayDetail(lease, factors.phase, snapshot.at),
    },
  ];
  const add = (kind: Evidence["kind"], weight: number, detail: string) => {
    if (weight !== 1) reasons.push({ kind, weight, detail });
  };
  add("hour", hour, `callers who come back later call ${times(hour)} as often at this hour of the day`);
  add("device", device, `visitors on a ${lease.device} device call ${times(device)} as often`);
  add("publisher", publisher, `visitors of this publisher call ${times(publisher)} as often`);
  const lag = clickLag(lease, snapshot.at);
  if (lag !== null) {
    const weight = 1 + factors.click_rate / (rate * hour * device * publisher);
    add("tel_click", weight, `the call link was pressed ${spokenDuration(lag)} before the ring`);
  }
  add("area_code", region, regionDetail(snapshot.caller_region, lease.region));
  return reasons;
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

function regionDetail(caller: string | null, visitor: string | null): string {
  return caller === visitor
    ? `the caller's area code is in ${caller}, and so was the visitor`
    : `the caller's area code is in ${caller}, but the visitor was in ${visitor}`;
}

function noneReason(snapshot: Snapshot, result: Posterior): Evidence {
  const seen = result.candidates.length + result.lumps.reduce((sum, lump) => sum + lump.count, 0);
  const rare = `a stray call to this number is expected once in ${spokenDuration(1_000 / strayWeight(snapshot))}`;
  const likeliest = result.candidates[0];
  if (!likeliest)
    return { kind: "none", weight: 1, detail: `nobody is known to have seen this number; ${rare}` };
  const visits = seen === 1 ? "the one visit" : `each of the ${seen} visits`;
  return {
    kind: "none",
    weight: result.none_weight / likeliest.weight,
    detail: `${rare}, which is at least as likely as ${visits} that saw the number`,
  };
}

function times(factor: number): string {
  return `${Number(factor.toPrecision(2))} times`;
}
