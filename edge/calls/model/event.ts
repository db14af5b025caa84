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
  /** What we answered to the voice hook, and why; `blind` when the database was silent. */
  | {
      kind: "instructed";
      action: "dial" | "reject" | "message" | "gather";
      target: string | null;
      reason: string;
      blind: boolean;
    }
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
  /** The agent pressed the key, and caller and agent are joined from here on; or would not. */
  | { kind: "accepted"; leg_id: string | null; target: string | null; is_accepted: boolean }
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
      reference: string | null;
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
