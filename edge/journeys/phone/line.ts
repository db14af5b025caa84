import { type CallId, madeAt } from "../../../shared/id.ts";
import type { Instant } from "../../../shared/instant.ts";
import { regionOfNumber } from "../../../shared/nanp.ts";
import { callerNumber } from "../../calls/model/caller.ts";
import type { CallEvent, CallEventBody } from "../../calls/model/event.ts";
import type { CallHistory } from "../../calls/store.ts";
import type { CallerLookup } from "../../routing/caller-types.ts";
import type { Caller, PastCall } from "../../routing/model/caller.ts";
import type { NumberPlan } from "../../routing/model/plan.ts";
import type { Usage } from "../../routing/model/usage.ts";
import type { Parties, StirLevel } from "../../telephony/port.ts";
import type { Visitor } from "./door.ts";

/** A call that is on the line and waits to be told what comes next, with what is known of it now. */
export type Line = {
  visitor: Visitor;
  provider_call_id: string;
  /** Ours, chosen before it is stored. */
  call_id: CallId;
  parties: Parties;
  stir: StirLevel | null;
  at: Instant;
  /** Of the number called, with the assignment of the moment it rang. */
  plan: NumberPlan | null;
  /** Null for a call that is new, or while the database is silent. */
  history: CallHistory | null;
  /** What the caps of the number's campaign have used; null while the database is silent. */
  usage: Usage | null;
  past: readonly PastCall[];
  /** What a lookup after an earlier call said of the caller, for campaigns that have callers looked up. */
  looked_up?: CallerLookup | null;
  /** How many rounds of phones have rung, as the request says it: for when nobody can be asked who they were. */
  rounds_rung?: number;
  /** What the call is under, as the request says it: the version of its flow, the campaign that it was sent on to. */
  under?: { flow_version?: number; campaign_id?: string };
  /** The path at which the request says that a qualifier was rung: for when nobody can be asked. */
  qualifier_path?: string;
  /** The plan is from memory, see `recallLine`. */
  is_recalled?: boolean;
};

/** A call of which no more is known yet than its request says. */
export function blankLine(
  of: Pick<Line, "visitor" | "provider_call_id" | "call_id" | "parties" | "at">,
): Line {
  return { ...of, stir: null, plan: null, history: null, usage: null, past: [] };
}

/** What is known of the caller; the region is the area code's. */
export function callerOf({ parties, past, stir, looked_up }: Line): Caller {
  const number = callerNumber(parties.from);
  return {
    number,
    region: number === null ? null : regionOfNumber(number),
    type: looked_up?.type ?? null,
    stir,
    past,
  };
}

/** When the call rang: as stored, else as its id says, which was made at the ring. */
export function rangAt({ history, call_id }: Line): Instant {
  return history?.row.started_at ?? madeAt(call_id);
}

/** What a call was told, as its event says it. */
export type Told = Extract<CallEventBody, { kind: "instructed" }>;

/** The answer to one request, if it was answered before: whoever asks twice is told the same. */
export function toldFor(events: readonly CallEvent[], key: string): Told | null {
  return (
    (events.find(
      (event) => event.kind === "instructed" && event.event_key === toldKey(key),
    ) as Told | null) ?? null
  );
}

export function toldKey(key: string): string {
  return `${key}:told`;
}
