import type { Instant } from "../../../shared/instant.ts";
import type { Micros } from "../../../shared/money.ts";

/**
 * What a provider told us about a call, in no provider's words. Events are facts: kept as they came,
 * never changed; the call is folded from them and any order of the same events gives the same call.
 */
export type CallEvent = {
  /** From signed fields only, so that one report delivered twice is one event. */
  event_key: string;
  received_at: Instant;
  /** The provider's own stamp, kept as evidence. */
  provider_at: Instant | null;
} & CallEventBody;

export type CallEventBody =
  /** The voice hook: the phone rings and we are asked what to do. `to` is the tracking number. */
  | { kind: "ringing"; to: string }
  /**
   * What the call was told, and why: at the ring, after keys, and after phones that nobody took, each time in an event of
   * its own. `blind` when the database was silent. What older events have not is absent.
   */
  | ({
      kind: "instructed";
      action: "dial" | "reject" | "message" | "gather" | "voicemail";
      /** The first of `phones`. */
      target: string | null;
      reason: string;
      blind: boolean;
    } & Partial<InstructedMore>)
  /** The whole call's progress, from the status callback. `duration_s` from our answer to the end. */
  | { kind: "progress"; status: ProgressStatus; duration_s: number | null }
  /**
   * A dialled leg's progress or end; `connected_s` is the only length money uses. `leg_id` is the provider's,
   * null where it has none; `target` is null when the report does not say: then it is whom we had told to dial.
   */
  | {
      kind: "leg";
      leg_id: string | null;
      target: string | null;
      role: "qualifier" | "buyer";
      status: LegStatus;
      connected_s: number | null;
      final: boolean;
    }
  /**
   * Keys that the caller pressed at a question of the call flow, null for none. `is_answer` where they led somewhere;
   * `path` is all answers so far, see `edge/routing/model/ivr-path.ts`.
   */
  | { kind: "pressed"; question: string; keys: string | null; is_answer: boolean; path: string }
  /** An agent's phone was picked up and is told to press a key before the caller is let through. */
  | { kind: "screened"; leg_id: string | null; target: string | null }
  /** A warm phone rings; `ring_id` is what the provider calls it, null where that is not known. */
  | { kind: "called"; target: string; ring_id: string | null }
  /**
   * Caller, qualifier and buyer are brought together in a room, or could not be. With `is_caller_in` the caller was sent
   * into it: from then on it cannot be shut any more, for the caller is not to be alone there.
   */
  | { kind: "room"; leg_id: string | null; is_open: boolean; is_caller_in?: true }
  /** The agent pressed the key, and caller and agent are joined from here on; or would not. */
  | { kind: "accepted"; leg_id: string | null; target: string | null; is_accepted: boolean }
  /** An agent's phone was told that the call is recorded. */
  | { kind: "announced"; leg_id: string | null; target: string | null }
  /** The provider was asked to begin recording, once both sides had been told; `failure` says why it did not. */
  | { kind: "recording"; leg_id: string | null; is_on: boolean; failure: string | null }
  /** Something was recorded. The address is the provider's, sealed for the call. */
  | {
      kind: "recorded";
      recording_id: string;
      of: "call" | "voicemail";
      url_sealed: string;
      duration_s: number | null;
      /** The sides that may listen besides the network, as the call flow said then. */
      heard_by: readonly ("advertiser" | "publisher")[];
    }
  /** A recording's time has come: nobody hears it from now on, though its provider could not be asked to delete it yet. */
  | { kind: "withdrawn"; recording_id: string }
  /** A recording whose time had come is kept nowhere any more. */
  | { kind: "erased"; recording_id: string }
  /** The provider's own records, read back after the end: nobody was connected for longer than they say. */
  | { kind: "confirmed"; connected_s: number; started_at: Instant }
  /** Something that changes the judgement, not the call: a hold released, an anchor changed. */
  | { kind: "judged_again"; reason: string }
  /**
   * Money that changed hands outside of our books: the advertiser paid what it owes for the call, or the publisher was
   * paid what it earned. `reference` is the network's word for it, such as an invoice's number.
   */
  | {
      kind: "paid";
      side: "revenue" | "payout";
      /** Who paid (the advertiser) or was paid (the publisher). */
      organization_id: string;
      amount_micros: Micros;
      /** Absent from older events. */
      currency?: string;
      reference: string | null;
    }
  /** What is owed or earned was disputed, or the network decided about it; what was said is kept with the dispute. */
  | {
      kind: "disputed";
      dispute_id: string;
      side: "revenue" | "payout";
      opened_by: "network" | "advertiser" | "publisher";
      advertiser_id: string;
      /** Whose payout it is about; null for whoever earns. */
      publisher_id: string | null;
      /** Null when it was opened. */
      decision: "accepted" | "partial" | "declined" | null;
    };

/** How a call was told what it was told: enough to say it again, and to show why. */
export type InstructedMore = {
  phones: readonly { target_id: string | null; target: string }[];
  /** From the second round of phones on. */
  round: number;
  timeout_s: number;
  /** A message's own words; null for the usual ones. */
  say: string | null;
  /** Every target that was looked at, and why it was not rung; null when it was. */
  considered: readonly { target_id: string | null; target: string; reason: string | null }[];
  /** The places taken under caps, see `edge/routing/model/slots.ts`. */
  slots: readonly Slot[];
  /** Of phones that hand the caller on: their legs count for no money. */
  role: "qualifier";
  /** A buyer's phone that is rung while a qualifier still talks to the caller: by the provider's API, not by a dial. */
  warm: true;
  /** The answers in the call flow up to here. */
  path: string;
  /** The version of the call flow that the call is under; absent without one. */
  flow_version: number;
  /** The campaign that the call was sent on to, which it belongs to from then on. */
  routed_to: { campaign_id: string; advertiser_id: string; currency: string };
};

type Slot = {
  kind: "target" | "group" | "campaign" | "enrollment";
  scope_id: string;
  campaign_id: string;
  taken_at: Instant;
  hour_at: Instant;
  day: string;
  month: string;
  caps: Readonly<Record<"hourly" | "daily" | "monthly" | "total" | "concurrency", number | null>> | null;
};

export type ProgressStatus =
  | "ringing"
  | "answered"
  | "completed"
  | "no_answer"
  | "busy"
  | "failed"
  | "canceled";
export type LegStatus = "ringing" | "answered" | "completed" | "no_answer" | "busy" | "failed" | "canceled";
