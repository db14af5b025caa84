import type { Provider } from "../../shared/api/inventory.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Result } from "../../shared/result.ts";
import type { Failure } from "../platform/problem.ts";

/**
 * A webhook as it came. `url` is our public origin followed by the raw path and query: never built from `Host` or
 * `X-Forwarded-*`, which anybody may send. `body` is the raw text; nothing is parsed before it is verified.
 */
export type RawRequest = { url: string; headers: Headers; body: string };

/** Who may speak for an account: whoever holds its signing secret, or (sandbox) an API key of its network. */
export type Trust = "signature" | "api_key";

/**
 * A phone provider, as the journeys see it. Everything in its own words stays behind this port:
 * its signature, its parameters and its answer's language.
 */
export type TelephonyProvider = {
  name: Provider;
  trust: Trust;
  /**
   * True when one of the secrets signed exactly this request. An empty secret signs nothing. Of no use where
   * `trust` is `api_key`, where it is always false.
   */
  verify(request: RawRequest, secrets: readonly string[]): Promise<boolean>;
  /** The phone rings and we are asked what to do. `malformed` when a needed field is missing or not plausible. */
  parseVoice(request: RawRequest): Result<VoiceReport, Failure>;
  /** The call's progress, or that of a leg we had dialled. */
  parseStatus(request: RawRequest): Result<StatusReport, Failure>;
  /** The dialled leg's end, asking what comes next. */
  parseDial(request: RawRequest): Result<StatusReport, Failure>;
  /** The answer in the provider's language. `call_id` is ours. */
  render(instruction: Instruction, call_id: string | null): Rendered;
};

export type Rendered = { content_type: string; body: string };

/** Both ends of the caller's call. `from` is as the provider has it: it may be hidden or nonsense. */
export type Parties = { from: string; to: string };

export type VoiceReport = {
  provider_call_id: string;
  /** Made from signed fields only: the same ring delivered twice has one key. */
  event_key: string;
  parties: Parties;
  provider_at: Instant | null;
};

export type ReportedStatus =
  | "ringing"
  | "answered"
  | "completed"
  | "no_answer"
  | "busy"
  | "failed"
  | "canceled";

/** What a report says: the whole call's progress, or a dialled leg's. Lengths in whole seconds. */
export type Reported =
  | { kind: "progress"; status: ReportedStatus; duration_s: number | null }
  | {
      kind: "leg";
      /** The provider's id of the leg; null where it has none. */
      leg_id: string | null;
      /** Null when the report does not say whom it dialled. */
      target: string | null;
      role: "buyer";
      status: ReportedStatus;
      connected_s: number | null;
      final: boolean;
    };

export type StatusReport = {
  /** The caller's call, also when the report is about a leg. */
  provider_call_id: string;
  /** Null when the report does not name both ends of the caller's call. */
  parties: Parties | null;
  provider_at: Instant | null;
  events: { event_key: string; reported: Reported }[];
};

/** What a call is told to do, in no provider's words. */
export type Instruction =
  | {
      action: "dial";
      /** E.164 or a `sip:` address, from our own records, never from the request. */
      target: string;
      /** Shown to the target; null passes the caller's own number on. */
      caller_id: string | null;
      /** How long it may ring. */
      timeout_s: number;
      callbacks: { dial_action: string; leg_status: string };
    }
  /** Says something and hangs up: nobody is there for this call now. */
  | { action: "message"; say: string }
  /** Says something and hangs up: this number is not served. */
  | { action: "reject"; say: string }
  /** Nothing more to do. */
  | { action: "end" };

/** The statuses after which a call or leg does not change any more. */
export function isFinal(status: ReportedStatus): boolean {
  return status !== "ringing" && status !== "answered";
}
