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
   * True when the provider waits for the agent's key by itself, so that only a leg that was taken is ever joined;
   * else the key comes to us, and a leg without it was not taken.
   */
  screens_itself: boolean;
  /**
   * Who begins a recording once both sides were told of it: our answer to the agent's phone (`document`), or a request
   * to the provider's API when caller and agent are joined (`request`).
   */
  begins_recording: "document" | "request";
  /**
   * True when one of the secrets signed exactly this request, and not too long before `now` where the provider stamps
   * what it signs. An empty secret signs nothing. Of no use where `trust` is `api_key`, where it is always false.
   */
  verify(request: RawRequest, secrets: readonly string[], now: Instant): Promise<boolean>;
  /** The phone rings and we are asked what to do. `malformed` when a needed field is missing or not plausible. */
  parseVoice(request: RawRequest): Result<VoiceReport, Failure>;
  /** The call's progress, or that of a leg we had dialled. */
  parseStatus(request: RawRequest): Result<StatusReport, Failure>;
  /**
   * The dialled leg's end, asking what comes next. Where it names no leg, a number in the query's `round` tells the
   * dials of one call apart.
   */
  parseDial(request: RawRequest): Result<DialReport, Failure>;
  /** A key was pressed, none was in time, or an agent's phone asks what to whisper. */
  parseGather(request: RawRequest): Result<GatherReport, Failure>;
  /** A recording is ready to be fetched. */
  parseRecording(request: RawRequest): Result<RecordingReport, Failure>;
  /** The answer in the provider's language. `call_id` is ours. */
  render(instruction: Instruction, call_id: string | null): Rendered;
};

export type Rendered = { content_type: string; body: string };

/** What a dial's end tells; nobody needs to be rung for a caller who has hung up. */
export type DialReport = StatusReport & { caller_is_gone: boolean };

/** Both ends of the caller's call. `from` is as the provider has it: it may be hidden or nonsense. */
export type Parties = { from: string; to: string };

export type VoiceReport = {
  provider_call_id: string;
  /** Made from signed fields only: the same ring delivered twice has one key. */
  event_key: string;
  parties: Parties;
  provider_at: Instant | null;
  stir: StirLevel | null;
};

/**
 * How well the caller's network vouched for the number (STIR/SHAKEN, ATIS-1000074): fully, partly, as a gateway
 * only, or with a signature that does not hold. Null when nobody said anything.
 */
export type StirLevel = "A" | "B" | "C" | "failed";

/** What came of a question asked by keys, or an agent's phone that waits for its whisper. */
export type GatherReport = {
  /** The caller's call, also when an agent's phone asks. */
  provider_call_id: string;
  /** Null when no key was pressed in time, or when nothing was asked yet. */
  digits: string | null;
  /** Both ends of the caller's call; null when an agent's phone asks. */
  parties: Parties | null;
  /** The agent's leg, when it is an agent's phone that asks; null when it is the caller. */
  leg: { leg_id: string | null; target: string | null } | null;
  provider_at: Instant | null;
};

export type RecordingReport = {
  /** The call that was recorded, as the provider names it: the caller's. */
  provider_call_id: string;
  recording_id: string;
  /** Where the provider keeps the sound; it is fetched with the account's own credentials. */
  url: string;
  /** Null when the provider does not say. */
  duration_s: number | null;
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
    }
  /** An agent's phone was picked up and waits for a key, where the provider itself asks for it. */
  | { kind: "screened"; leg_id: string | null; target: string | null }
  /** The agent pressed that key: caller and agent are joined from here on. */
  | { kind: "accepted"; leg_id: string | null; target: string | null; is_accepted: boolean };

export type StatusReport = {
  /** The caller's call, also when the report is about a leg. */
  provider_call_id: string;
  /** Null when the report does not name both ends of the caller's call. */
  parties: Parties | null;
  provider_at: Instant | null;
  events: { event_key: string; reported: Reported }[];
  /** The leg that was joined with the caller just now, where the call is to be recorded from then on; else absent. */
  joined_leg_id?: string;
};

/** What a caller or an agent hears: a text read out, or a sound file of ours (https). */
export type Prompt = { say: string } | { play: string };

/** One phone that is rung. */
export type DialledPhone = {
  /** E.164 or a `sip:` address, from our own records, never from the request. */
  target: string;
  /** The agent hears something alone before the caller is let through: it is asked at `callbacks.whisper`. */
  whispers: boolean;
  /** The key the agent must press, for providers who wait for it themselves; null when none is needed. */
  accept_key?: string | null;
};

/** What a call is told to do, in no provider's words. */
export type Instruction =
  | DialInstruction
  | GatherInstruction
  | VoicemailInstruction
  | WhisperInstruction
  | RoomInstruction
  | EndInstruction;

export type DialInstruction = {
  action: "dial";
  /** Heard by the caller before it rings: a greeting, the recording notice. */
  before: readonly Prompt[];
  /** All ring at once, and the first who takes the call has it; one after another is a new answer to `dial_action`. */
  phones: readonly DialledPhone[];
  /** Shown to the target; null passes the caller's own number on. */
  caller_id: string | null;
  /** How long it may ring. */
  timeout_s: number;
  /** How long they may talk; null is the provider's own limit. */
  max_duration_s: number | null;
  /** Both sides, once the agent's phone was told, too: each such phone whispers. */
  record: boolean;
  callbacks: { dial_action: string; leg_status: string; whisper: string | null };
};

/** Asks the caller for keys. When none is pressed `callback` is asked all the same, without digits. */
export type GatherInstruction = {
  action: "gather";
  before?: readonly Prompt[];
  prompt: Prompt;
  digits_max: number;
  /** Ends the entry early; null when only the number of digits or silence does. */
  finish_on_key: string | null;
  /** How long to wait for the first and for each further key. */
  timeout_s: number;
  callback: string;
};

/** Takes a message: `recording` learns where it is kept, `done` is asked what comes next. */
export type VoicemailInstruction = {
  action: "voicemail";
  before?: readonly Prompt[];
  prompt: Prompt;
  max_duration_s: number;
  callbacks: { recording: string; done: string };
};

/**
 * Answers to an agent's phone that asks at `callbacks.whisper`. `whisper` is heard by the agent alone; with an
 * `accept_key` the key goes to `callback`, without one the caller is let through after it. `bridge` lets the
 * caller through now. `record` has both sides recorded from the moment the caller is let through: what is recorded goes
 * to `callback`; where a provider does not begin it by its answer, `joined` is asked in that moment.
 */
export type WhisperInstruction =
  | {
      action: "whisper";
      before?: readonly Prompt[];
      prompt: Prompt;
      accept_key: string | null;
      timeout_s: number;
      callback: string | null;
      record?: RecordBoth | null;
    }
  | { action: "bridge"; record?: RecordBoth | null };

export type RecordBoth = { callback: string; joined: string };

/** Brings the leg that asks together with others who are brought into the room of this name. */
export type RoomInstruction = {
  action: "room";
  /** Heard alone, before. */
  before: readonly Prompt[];
  name: string;
  /** When this leg leaves, the room is closed for the others, too. */
  ends_it: boolean;
  /** Asked once the leg has left the room; null when the leg ends with it. */
  left: string | null;
  record: RecordBoth | null;
};

export type EndInstruction =
  /** Says something and hangs up: nobody is there for this call now. */
  | { action: "message"; before?: readonly Prompt[]; say: string }
  /** Says something and hangs up: this number is not served. */
  | { action: "reject"; say: string }
  /** Hangs up the leg that asks: the call, or an agent's phone that did not take it. */
  | { action: "hang_up" }
  /** Nothing more to do; to be said to a report, not to a leg that waits. */
  | { action: "end" };

/** The statuses after which a call or leg does not change any more. */
export function isFinal(status: ReportedStatus): boolean {
  return status !== "ringing" && status !== "answered";
}
