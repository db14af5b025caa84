import type { CallLeg, CallStatus } from "../../../shared/api/calls.ts";
import { type Instant, SECOND_MS } from "../../../shared/instant.ts";
import type { CallEvent, ProgressStatus } from "./event.ts";
import {
  type FoldedLeg,
  foldLegs,
  type LegEvent,
  legView,
  type ScreenEvent,
  STATUS_RANK,
  strongest,
  wasAnswered,
} from "./legs.ts";
import { type InstructedEvent, isScreened, named, phonesOf, rungIn, targetsById } from "./naming.ts";

/** What happened on a call, as the contract's "words that carry money" define each of them. */
export type FoldedCall = {
  status: CallStatus;
  /** How it went for the caller: `answered`, `no_answer`, `busy`, `failed`, `canceled`, `message`, `rejected`, … */
  disposition: string;
  started_at: Instant;
  answered_at: Instant | null;
  ended_at: Instant | null;
  duration_s: number | null;
  connected_s: number | null;
  /** When the end of the dialled leg was first reported, or it was clear that there is none. */
  leg_reported_at: Instant | null;
  target: string | null;
  legs: CallLeg[];
  /** What the caller pressed, by the call flow's questions; keys that led nowhere are not among it. */
  pressed: Record<string, string>;
  /** False when we were not asked what to do with it: `started_at` is then the provider's. */
  has_voice_hook: boolean;
  /** When the provider's own records first confirmed it. */
  confirmed_at: Instant | null;
};

type ProgressEvent = Extract<CallEvent, { kind: "progress" }>;

/**
 * The call as its events tell it. Any order of the same events, any of them any number of times, gives the same
 * call: nothing here depends on position, and two events of one key are the one received first. What was judged,
 * paid or disputed tells nothing of the call itself. `events` must hold one that does.
 */
export function foldCall(events: readonly CallEvent[]): FoldedCall {
  const facts = distinct(events).filter((event) => !isAboutMoney(event));
  const rings = facts.filter((event) => event.kind === "ringing");
  const progress = facts.filter((event) => event.kind === "progress");
  const told = facts.filter((event) => event.kind === "instructed");
  const rounds = told.filter((event) => event.action === "dial");
  const reports = facts.filter((event) => event.kind === "leg");
  const targets = targetsById(reports);
  const legEvents = reports.map((event) => named(event, targets, rounds));

  const started_at = startOf(facts, rings);
  const screens = facts.filter((event) => event.kind === "screened" || event.kind === "accepted");
  const legs = foldLegs(legEvents, null, screens);
  const status = strongest(progress.map((event) => event.status));
  // What was asked by keys decided nothing.
  const decided = told.filter((event) => event.action !== "gather").at(-1) ?? null;
  const isUnserved = decided !== null && rounds.length === 0;
  const confirmed = facts.find((event) => event.kind === "confirmed") ?? null;
  // Gone in the menu; or the provider's record has no leg of a call that nobody asked us about.
  const isUndialled = told.length === 0 && legs.length === 0 && confirmed !== null;
  const isAbandoned = (told.length > 0 && decided === null) || isUndialled;
  const buyers = legs.filter((leg) => leg.role === "buyer");
  // What the provider counts is then more than a buyer's time.
  const isPartOnly = screens.length > 0 || legs.some((leg) => leg.role === "qualifier");
  const reported_s = greatest(buyers.flatMap((leg) => leg.connected_s ?? []));
  return {
    status: decided?.action === "reject" ? "rejected" : mergedStatus(status, legs),
    disposition: isAbandoned && isFinal(status) ? "abandoned" : dispositionOf(decided, status, legs),
    started_at,
    answered_at: least(
      [
        acceptedAt(screens, legs),
        answeredAt(
          legEvents.filter((event) => event.role === "buyer" && !isScreened(event, screens)),
          started_at,
        ),
      ].filter((at) => at !== null),
    ),
    ended_at: endedAt(progress, started_at),
    duration_s: greatest(progress.flatMap((event) => event.duration_s ?? [])),
    connected_s: isUnserved || isAbandoned ? 0 : connectedFor(confirmed, reported_s, isPartOnly),
    leg_reported_at: isUnserved
      ? // Who hears a message has no leg that could report: nothing needs to be waited for.
        decided.received_at
      : isAbandoned
        ? least(progress.flatMap((event) => (isFinal(event.status) ? event.received_at : [])))
        : reportedAt(rounds, legs),
    target: targetOf(rounds.at(-1) ?? null, buyers),
    legs: legs.map(legView),
    pressed: pressedIn(facts),
    has_voice_hook: rings.length > 0,
    confirmed_at: confirmed?.received_at ?? null,
  };
}

/** The later answer stands: a question may be asked of a caller again. */
function pressedIn(facts: readonly CallEvent[]): Record<string, string> {
  return Object.fromEntries(
    facts.flatMap((event) =>
      event.kind === "pressed" && event.is_answer && event.keys !== null
        ? [[event.question, event.keys] as const]
        : [],
    ),
  );
}

/** Where an agent takes a call by a key, the target answered with the key. */
function acceptedAt(screens: readonly ScreenEvent[], legs: readonly FoldedLeg[]): Instant | null {
  const qualifiers = legs.filter(({ role }) => role === "qualifier").map(({ target }) => target);
  return least(
    screens.flatMap((event) =>
      event.kind === "accepted" && event.is_accepted && !qualifiers.includes(event.target)
        ? event.received_at
        : [],
    ),
  );
}

/** The provider's own records, which count from the moment a phone was picked up: never more than a buyer's own part. */
function connectedFor(
  confirmed: { connected_s: number } | null,
  reported_s: number | null,
  isPartOnly: boolean,
): number | null {
  if (confirmed === null) return reported_s;
  return isPartOnly ? Math.min(confirmed.connected_s, reported_s ?? 0) : confirmed.connected_s;
}

/** One event for each key, in an order that depends on nothing but the events. */
function distinct(events: readonly CallEvent[]): CallEvent[] {
  const byKey = new Map<string, CallEvent>();
  for (const event of events) {
    const known = byKey.get(event.event_key);
    if (!known || isBefore(event, known)) byKey.set(event.event_key, event);
  }
  return Array.from(byKey.values()).sort(
    (a, b) => a.received_at - b.received_at || (a.event_key < b.event_key ? -1 : 1),
  );
}

function isAboutMoney({ kind }: CallEvent): boolean {
  return kind === "judged_again" || kind === "paid" || kind === "disputed";
}

function isBefore(a: CallEvent, b: CallEvent): boolean {
  if (a.received_at !== b.received_at) return a.received_at < b.received_at;
  return JSON.stringify(a) < JSON.stringify(b);
}

/** Receipt of the voice hook; without one, the provider's start: of its record, else its earliest stamp less the length it tells. */
function startOf(facts: readonly CallEvent[], rings: readonly CallEvent[]): Instant {
  const received = least(rings.map((event) => event.received_at));
  if (received !== null) return received;
  const recorded = facts.flatMap((event) => (event.kind === "confirmed" ? event.started_at : []));
  if (recorded.length > 0) return Math.min(...recorded);
  const starts = facts.map((event) => {
    const stamped = event.provider_at !== null && event.provider_at <= event.received_at;
    const at = stamped ? event.provider_at : event.received_at;
    return (at ?? event.received_at) - lengthOf(event) * SECOND_MS;
  });
  return Math.min(...starts);
}

function lengthOf(event: CallEvent): number {
  if (event.kind === "progress") return event.duration_s ?? 0;
  return event.kind === "leg" ? (event.connected_s ?? 0) : 0;
}

/** The provider's stamp if it lies between the call's start and our receipt, else our receipt. */
function stampOf(event: CallEvent, started_at: Instant): { at: Instant; isProviders: boolean } {
  const at = event.provider_at;
  return at !== null && started_at <= at && at <= event.received_at
    ? { at, isProviders: true }
    : { at: event.received_at, isProviders: false };
}

/** A call may be ended by more than one report (ours that the dial is over, the provider's own): a stamped one counts. */
function endedAt(progress: readonly ProgressEvent[], started_at: Instant): Instant | null {
  const ends = progress.filter((event) => isFinal(event.status)).map((event) => stampOf(event, started_at));
  const stamped = ends.filter((end) => end.isProviders);
  return least((stamped.length > 0 ? stamped : ends).map((end) => end.at));
}

/**
 * When the last phones' end was first reported: of several that rang at once the one that was answered, or the last of
 * them when none was.
 */
function reportedAt(rounds: readonly InstructedEvent[], legs: readonly FoldedLeg[]): Instant | null {
  const last = rounds.at(-1);
  const asked = legs.filter((leg) => leg.role === (last?.role ?? "buyer"));
  if (!last || (rounds.length === 1 && phonesOf(last) === 1))
    return least(asked.flatMap((leg) => leg.reported_at ?? []));
  const rung = asked.filter((leg) => leg.first_at >= last.received_at && wasRungIn(last, leg));
  const answered = rung.filter(wasAnswered);
  if (answered.length > 0) return least(answered.flatMap((leg) => leg.reported_at ?? []));
  const reports = rung.flatMap((leg) => leg.reported_at ?? []);
  return reports.length < phonesOf(last) ? null : greatest(reports);
}

function wasRungIn(round: InstructedEvent, leg: FoldedLeg): boolean {
  return leg.target === null || rungIn(round).includes(leg.target);
}

/** When the target answered: as reported, else its leg's end less the time it was connected. */
function answeredAt(legEvents: readonly LegEvent[], started_at: Instant): Instant | null {
  const answered = legEvents.filter((event) => event.status === "answered");
  if (answered.length > 0) return least(answered.map((event) => stampOf(event, started_at).at));
  const connected = legEvents.filter((event) => event.final && (event.connected_s ?? 0) > 0);
  return least(
    connected.map((event) => {
      const end = stampOf(event, started_at).at;
      return Math.max(started_at, end - (event.connected_s ?? 0) * SECOND_MS);
    }),
  );
}

function isFinal(status: ProgressStatus): boolean {
  return STATUS_RANK[status] >= STATUS_RANK.failed;
}

/** A call that still rings by its own account has been answered when its target has. */
function mergedStatus(status: ProgressStatus, legs: readonly FoldedLeg[]): CallStatus {
  return status === "ringing" && legs.some(wasAnswered) ? "answered" : status;
}

function dispositionOf(
  instructed: InstructedEvent | null,
  status: ProgressStatus,
  legs: readonly FoldedLeg[],
): string {
  if (instructed?.action === "reject") return "rejected";
  if (legs.some(wasAnswered)) return "answered";
  if (instructed?.action === "voicemail") return "voicemail";
  if (instructed?.action === "message" && legs.length === 0) return "message";
  const ended = legs.filter((leg) => leg.reported_at !== null);
  if (ended.length > 0) return strongest(ended.map((leg) => leg.status));
  // The call is over and nobody has said yet what became of its leg.
  if (status === "completed") return "unreported";
  return status === "answered" ? "in_progress" : status;
}

/** The target that was connected longest; where none was, the one we told to dial last, else whoever was rung. */
function targetOf(last: InstructedEvent | null, buyers: readonly FoldedLeg[]): string | null {
  const longest = buyers.reduce<FoldedLeg | null>(
    (best, leg) => ((leg.connected_s ?? -1) > (best?.connected_s ?? -1) ? leg : best),
    null,
  );
  if (longest !== null && (longest.connected_s ?? 0) > 0) return longest.target;
  return last?.target ?? longest?.target ?? null;
}

function greatest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}

function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values);
}
