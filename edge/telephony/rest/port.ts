import type { Provider } from "../../../shared/api/inventory.ts";
import type { CallerType } from "../../../shared/api/routing.ts";
import type { Instant } from "../../../shared/instant.ts";
import type { E164 } from "../../../shared/phone-number.ts";
import type { Result } from "../../../shared/result.ts";
import type { ReportedStatus } from "../port.ts";

/** An account as its provider's REST API wants it. `api_base` is an origin without a trailing slash. */
export type ApiAccount = { provider: Provider; account_sid: string; api_token: string; api_base: string };

/** Why the provider's API did not do what was asked. */
export type ApiFailure =
  /** The API does not know the account or its token. */
  | { kind: "unauthorized" }
  /** There is no such number or call. */
  | { kind: "not_found" }
  /** Somebody else has the number. */
  | { kind: "not_available"; detail: string }
  /** The account asks too often; nothing was done. */
  | { kind: "rate_limited"; retry_after_s: number }
  /** Understood and refused, in the provider's words. */
  | { kind: "refused"; detail: string }
  /** No answer in time, or none that makes sense: whether anything was done is not known. */
  | { kind: "unreachable"; detail: string };

export type Answered<T> = Promise<Result<T, ApiFailure>>;

/** A number that can be bought. */
export type AvailableNumber = { e164: E164; region: string | null; locality: string | null };

/** A number the account has at its provider; `voice_url` is null where nothing is set. */
export type OwnedNumber = { provider_number_id: string; e164: E164; voice_url: string | null };

/** Where a number's calls go. `fallback_url` answers when `voice_url` does not; it lives outside of this platform. */
export type NumberHooks = { voice_url: string; status_url: string; fallback_url: string | null };

/** A caller's call as the provider has recorded it. Lengths in whole seconds; a call that goes on has no end. */
export type ListedCall = {
  provider_call_id: string;
  from: string;
  to: string;
  status: ReportedStatus;
  started_at: Instant;
  ended_at: Instant | null;
  duration_s: number | null;
};

/** A phone that was dialled for a call. */
export type ReadLeg = {
  leg_id: string;
  target: string | null;
  status: ReportedStatus;
  /** Null while it goes on. */
  connected_s: number | null;
  ended_at: Instant | null;
};

/** `legs` is null when the provider's records do not tell which legs were dialled for this call. */
export type ReadCall = ListedCall & { legs: ReadLeg[] | null };

/** Half-open. */
export type Period = { since: Instant; until: Instant };

export type Page<T> = { items: T[]; next: string | null };

/**
 * A provider's REST API as the journeys see it. Every method asks again by itself where that cannot do harm; what is
 * answered after that is final. `cursor` is what the page before answered as `next`, null for the first.
 */
export type ProviderApi = {
  /** Local numbers for sale in a country (ISO 3166-1 alpha-2), with an area code if one is asked for. */
  searchNumbers(ask: {
    country: string;
    area_code: string | null;
    limit: number;
  }): Answered<AvailableNumber[]>;
  listNumbers(cursor: string | null): Answered<Page<OwnedNumber>>;
  /** Buys a number and sends its calls to us. A number the account has already is only configured. */
  buyNumber(e164: E164, hooks: NumberHooks): Answered<OwnedNumber>;
  configureNumber(number: OwnedNumber, hooks: NumberHooks): Answered<OwnedNumber>;
  /** Gives a number back. One that the account does not have any more counts as given back. */
  releaseNumber(number: OwnedNumber): Answered<null>;
  findNumber(e164: E164): Answered<OwnedNumber | null>;
  /**
   * True where a call's legs are told by the number that their phones were shown, in records that come late: none that is
   * found may be one that is not seen.
   */
  finds_legs_by_number?: true;
  /** Null when the provider has no such call, or not yet. */
  readCall(provider_call_id: string): Answered<ReadCall | null>;
  /**
   * Callers' calls of a period, in no order: those that began in it (Plivo, which writes a record when a call ends:
   * those that ended in it). May hold a few from just outside.
   */
  listCalls(period: Period, cursor: string | null): Answered<Page<ListedCall>>;
  /**
   * Records both sides of a call that goes on, from now to its end; `callback_url` learns where it is kept. Is not asked
   * twice where the first time may have had an effect.
   */
  startRecording(provider_call_id: string, callback_url: string): Answered<null>;
  /** Deletes a recording. One that is not there any more counts as deleted. */
  eraseRecording(recording_id: string): Answered<null>;
  /** Null where the provider offers no way that leaves the caller with the qualifier, whatever fails. */
  hand_over: HandOverApi | null;
  /** What kind of line a number is, null when nobody knows; null where the provider offers no lookup. Costs a fee. */
  lookUpType: ((e164: E164) => Answered<CallerType | null>) | null;
};

/** What every provider's API can do. */
export type CommonApi = Omit<ProviderApi, "hand_over" | "lookUpType">;

/** Bringing a further phone to a call that goes on. Nothing is asked twice where it may have had an effect. */
export type HandOverApi = {
  /** Rings a phone; who picks up is told by `answer_url`, how it ended by `status_url`. `ring_id` ends it. */
  ring(phone: {
    from: string;
    to: string;
    timeout_s: number;
    answer_url: string;
    status_url: string;
  }): Answered<{ ring_id: string | null }>;
  /**
   * Takes caller and agent out of their dial: the agent's leg asks `agent_url` what comes next. The caller's leg asks
   * `caller_url`, or (Twilio) what its dial asks at its end.
   */
  part(legs: {
    provider_call_id: string;
    agent_leg_id: string;
    agent_url: string;
    caller_url: string;
  }): Answered<null>;
  /** Stops a phone that rings. One that does not ring any more counts as stopped. */
  stop(ring_id: string): Answered<null>;
};
