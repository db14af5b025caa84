import type { Call } from "../../../shared/api/calls.ts";
import { type Instant, SECOND_MS } from "../../../shared/instant.ts";
import { dayName } from "../../format.ts";
import { dayOf } from "../../zone.ts";
import type { Names } from "./names.ts";
import { awaitedRule } from "./rules.ts";
import type { Judged } from "./verdict.ts";

/** True while a side is held because somebody disputes it: no day ends that. */
export function isDisputed({ status, rules }: Judged): boolean {
  return status === "held" && awaitedRule(rules)?.rule === "dispute";
}

/** When a held side's money is free under its terms, which hold from the call's end; null when that is not known. */
export function freeAt(call: Call, judged: Judged, names: Names): Instant | null {
  if (judged.status !== "held" || call.ended_at === null || isDisputed(judged)) return null;
  if (call.campaign_id === null || judged.terms_version === null) return null;
  const hold_s = names.hold_s(call.campaign_id, judged.terms_version, judged.side);
  return hold_s === null ? null : call.ended_at + hold_s * SECOND_MS;
}

/** `Fri 27 Nov`, or null. */
export function freeDay(call: Call, judged: Judged | undefined, names: Names): string | null {
  const at = judged ? freeAt(call, judged, names) : null;
  return at === null ? null : dayName(dayOf(at, names.zoneOf(call.campaign_id)));
}
