import type { Attribution, Call } from "../../shared/api/calls.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import type { Instant } from "../../shared/instant.ts";
import type { CallEvent } from "./model/event.ts";
import { mayHear } from "./recordings.ts";

type Disputed = Extract<CallEvent, { kind: "disputed" }>;
type TimelineStep = NonNullable<Call["timeline"]>[number];

/** What of a call's life its viewer may read: whom we dialled, whose payments and disputes, which recordings. */
export type Sight = {
  targets: boolean;
  /** False for a publisher who earns nothing by the call: what others say of its money is not its business. */
  disputes: boolean;
  payments_of: "everybody" | string | null;
  /** Recordings are absent for who may not listen to them. */
  hears: OrganizationKind;
};

/**
 * A call's life, step by step, in the order in which we heard of it. `attribution` is the viewer's own view of it.
 */
export function timelineOf(
  events: readonly CallEvent[],
  attributed: { at: Instant; attribution: Attribution } | null,
  see: Sight,
): TimelineStep[] {
  const steps = events.filter((event) => isSeen(event, see)).map((event) => stepOf(event, see.targets));
  if (attributed) {
    const { method, confidence } = attributed.attribution;
    const detail = `${method.replaceAll("_", " ")}, ${Math.min(confidence, 0.999).toFixed(3)}`;
    steps.push({ kind: "attributed", at: attributed.at, detail });
  }
  const rank = (kind: string) => (kind === "judged" ? 2 : kind === "attributed" ? 1 : 0);
  return steps.sort((a, b) => a.at - b.at || rank(a.kind) - rank(b.kind));
}

const END_OF_RECORDING = {
  withdrawn: "the recording's time had come; its provider still keeps it",
  erased: "the recording was erased: its time had come",
};

/** How recordings began and ended is the network's to know: for others there may be none. */
const NETWORKS_OWN: ReadonlySet<string> = new Set(["announced", "recording", "withdrawn", "erased"]);

function isSeen(event: CallEvent, see: Sight): boolean {
  const { payments_of, hears } = see;
  if (event.kind === "recorded") return mayHear(event, hears);
  if (event.kind === "disputed") return isDisputeSeen(event, see);
  if (NETWORKS_OWN.has(event.kind)) return hears === "network";
  return event.kind !== "paid" || payments_of === "everybody" || event.organization_id === payments_of;
}

/** An advertiser knows of no payouts; a publisher's is held while the advertiser disputes what it is paid out of. */
function isDisputeSeen(
  { side, advertiser_id, publisher_id }: Disputed,
  { disputes, payments_of, hears }: Sight,
): boolean {
  if (hears === "advertiser") return side === "revenue" && advertiser_id === payments_of;
  return disputes && (hears === "network" || publisher_id === null || publisher_id === payments_of);
}

function stepOf(event: CallEvent, targets: boolean): TimelineStep {
  const at = event.received_at;
  switch (event.kind) {
    case "ringing":
      return { kind: "ringing", at, detail: `called ${event.to}` };
    case "instructed": {
      const whom = targets && event.target !== null ? ` ${event.target}` : "";
      const blind = event.blind ? ", while the database was silent" : "";
      return { kind: "instructed", at, detail: `${event.action}${whom}${blind}` };
    }
    case "progress": {
      const length = event.duration_s === null ? "" : ` after ${event.duration_s} s`;
      return { kind: event.status, at, detail: `the call: ${words(event.status)}${length}` };
    }
    case "leg": {
      const length = event.connected_s === null ? "" : `, ${event.connected_s} s`;
      const whom = targets && event.target !== null ? ` ${event.target}` : "";
      return {
        kind: `leg_${event.status}`,
        at,
        detail: `the target${whom}: ${words(event.status)}${length}`,
      };
    }
    case "pressed": {
      const keys = event.keys === null ? "nothing" : event.keys;
      return { kind: "pressed", at, detail: `the caller pressed ${keys} at “${words(event.question)}”` };
    }
    case "called": {
      const whom = targets ? ` ${event.target}` : "";
      return { kind: "called", at, detail: `the buyer${whom} is called while the qualifier talks on` };
    }
    case "room": {
      if (event.is_caller_in) return { kind: "in_room", at, detail: "the caller was sent into the room" };
      const said = event.is_open ? "caller, qualifier and buyer are joined" : "the buyer could not be joined";
      return { kind: event.is_open ? "joined" : "not_joined", at, detail: said };
    }
    case "screened":
      return { kind: "screened", at, detail: "the agent was asked to press a key, or to wait" };
    case "accepted": {
      const said = event.is_accepted ? "the agent took the call" : "the agent did not take the call";
      return { kind: event.is_accepted ? "accepted" : "not_accepted", at, detail: said };
    }
    case "announced":
      return { kind: "announced", at, detail: "the agent was told that the call is recorded" };
    case "recording": {
      const detail = event.is_on
        ? "the recording began"
        : `the call goes on unrecorded: ${words(event.failure ?? "it could not begin")}`;
      return { kind: event.is_on ? "recording" : "not_recording", at, detail };
    }
    case "recorded": {
      const length = event.duration_s === null ? "" : `, ${event.duration_s} s`;
      const what = event.of === "voicemail" ? "a message was left" : "the recording is there";
      return { kind: "recorded", at, detail: `${what}${length}` };
    }
    case "withdrawn":
    case "erased":
      return { kind: event.kind, at, detail: END_OF_RECORDING[event.kind] };
    case "confirmed": {
      const detail = `the phone company's records say ${event.connected_s} s with the target`;
      return { kind: "confirmed", at, detail };
    }
    case "judged_again":
      return { kind: "judged", at, detail: event.reason };
    case "paid":
      return paidStep(event);
    case "disputed":
      return disputeStep(event);
  }
}

function paidStep({ received_at: at, side, reference }: Extract<CallEvent, { kind: "paid" }>): TimelineStep {
  const who = side === "revenue" ? "the advertiser has paid" : "the publisher was paid";
  return { kind: "paid", at, detail: reference === null ? who : `${who}: ${reference}` };
}

function disputeStep({ received_at: at, side, opened_by, decision }: Disputed): TimelineStep {
  const what = side === "revenue" ? "what the advertiser owes" : "the payout";
  if (decision === null) return { kind: "disputed", at, detail: `the ${opened_by} disputes ${what}` };
  const was = decision === "partial" ? "accepted in part" : decision;
  return { kind: "decided", at, detail: `the dispute about ${what} was ${was}` };
}

function words(status: string): string {
  return status.replaceAll("_", " ");
}
