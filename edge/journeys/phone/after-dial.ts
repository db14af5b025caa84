import { ok, type Result } from "../../../shared/result.ts";
import type { CallEvent } from "../../calls/model/event.ts";
import { readHistory } from "../../calls/store.ts";
import { before, type Deadline, startDeadline } from "../../platform/deadline.ts";
import { errorFields } from "../../platform/log.ts";
import type { Failure } from "../../platform/problem.ts";
import { isEarlyDrop } from "../../routing/model/route.ts";
import type { Services } from "../../services.ts";
import type { DialReport, Parties, RawRequest, Rendered } from "../../telephony/port.ts";
import { answerCall } from "./connect.ts";
import { campaignOf, lastTold, type Moment } from "./decide.ts";
import { letIn, type Visitor } from "./door.ts";
import { writeDown } from "./journal.ts";
import { judgeIfReported } from "./judge.ts";
import { type Line, toldFor } from "./line.ts";
import { openLine } from "./look-up.ts";
import { callIdOr, type News, recordEvents } from "./record.ts";
import { replayBlindCall } from "./replay.ts";

/** The caller may still be on the line when a dial ends. */
const DIAL_PATIENCE_MS = 700;
const JOURNAL_PATIENCE_MS = 250;

/** The end of a dial that was let in. */
type Ended = { visitor: Visitor; report: DialReport; line: Line; deadline: Deadline };

/**
 * The dialled phones have ended and the provider asks what comes next. Where nobody took the call, or it was dropped
 * early, and the caller is still there: the next phones, or what the call flow or the overflow says. Else nothing, so
 * the call ends. The answer comes whatever fails: a report that cannot be stored is journaled and replayed. The same
 * report again has the same answer. Errors: those of `letIn`; `malformed`.
 */
export async function dialEnded(
  services: Services,
  account_id: string,
  call_id: string,
  request: RawRequest,
): Promise<Result<Rendered, Failure>> {
  const deadline = startDeadline(DIAL_PATIENCE_MS);
  try {
    const visitor = await letIn(services, account_id, request);
    if (!visitor.ok) return visitor;
    const { provider } = visitor.value;
    const parsed = provider.parseDial(request);
    if (!parsed.ok) return parsed;
    const report = parsed.value;
    const line = {
      ...newLine(services, visitor.value, report, call_id),
      rounds_rung: Number(/[?&]round=(\d{1,2})(&|$)/.exec(request.url)?.[1] ?? "1"),
    };
    const ended = { visitor: visitor.value, report, line, deadline };
    const there = await openEnded(services, ended);
    const moment = there && (await momentAfter(services, there, report));
    const next = there && moment ? await goOn(services, ended, there, moment) : null;
    if (next) return ok(next);
    await finish(services, ended, there);
    return ok(provider.render({ action: "end" }, null));
  } finally {
    deadline.cancel();
  }
}

function newLine(services: Services, visitor: Visitor, report: DialReport, call_id: string): Line {
  const { provider_call_id, parties } = report;
  return {
    visitor,
    provider_call_id,
    call_id: callIdOr(services, call_id),
    parties: parties ?? { from: "", to: "" },
    stir: null,
    at: services.clock.now(),
    plan: null,
    history: null,
    usage: null,
    past: [],
  };
}

/**
 * The call with its number's plan; one that was answered blind is replayed from the journal first. While the database is
 * silent the copy of the plan, without its past. Null for a call that nobody knows.
 */
async function openEnded(
  services: Services,
  { visitor, report, line, deadline }: Ended,
): Promise<Line | null> {
  const read = report.parties ? null : await inTime(services, deadline, partiesOf(services, line));
  const parties = report.parties ?? read;
  if (!parties) return null;
  const opened = await openLine(services, { ...line, parties }, deadline);
  if (!opened || opened.usage === null || opened.history) return opened;
  const { account_id } = visitor.account;
  const of = { account_id, provider_call_id: line.provider_call_id };
  const replay = await inTime(services, deadline, replayBlindCall(services, of));
  const again =
    replay && replay.replayed > 0 ? await openLine(services, { ...line, parties }, deadline) : null;
  return again?.history ? again : null;
}

async function inTime<T>(services: Services, deadline: Deadline, work: Promise<T>): Promise<T | null> {
  const outcome = await before(deadline, work);
  if (outcome.kind === "failed") services.log.error("call not read", errorFields(outcome.error));
  return outcome.kind === "done" ? outcome.value : null;
}

/** Both ends, as they were stored at the ring. */
async function partiesOf(services: Services, { visitor, provider_call_id }: Line): Promise<Parties | null> {
  const { account_id, network_id } = visitor.account;
  const history = await readHistory(services.network(network_id).db, account_id, provider_call_id);
  if (!history) return null;
  const { id, from_sealed, to_e164 } = history.row;
  return { from: from_sealed === null ? "" : await services.vault.open(from_sealed, id), to: to_e164 };
}

/**
 * What the call has come to while the caller is still there: nobody took it, or only for a moment, or who took it hands
 * it on. Null when it is over.
 */
async function momentAfter(services: Services, line: Line, report: DialReport): Promise<Moment | null> {
  // The same report again: `answerCall` answers it as before.
  if (wasToldNext(line, report)) return { kind: "unanswered" };
  const isTaken = report.events.some(
    ({ reported }) => reported.kind === "leg" && reported.status === "completed",
  );
  const isQualified =
    isTaken && !wasRefused(line) && lastTold(line.history?.events ?? [])?.role === "qualifier";
  if (isQualified && !report.caller_is_gone) return { kind: "qualified" };
  return (await wantsNext(services, line, report)) ? { kind: "unanswered" } : null;
}

/** True when an agent was asked for a key and nobody pressed it: picked up, and not taken. */
function wasRefused({ history }: Line): boolean {
  const events = history?.events ?? [];
  const told_at = events.findLast(({ kind }) => kind === "instructed")?.received_at ?? 0;
  const since = events.filter(({ received_at }) => received_at >= told_at);
  const isTaken = since.some((event) => event.kind === "accepted" && event.is_accepted);
  return !isTaken && since.some(({ kind }) => kind === "screened");
}

async function wantsNext(services: Services, line: Line, report: DialReport): Promise<boolean> {
  const leg = report.events.map(({ reported }) => reported).find((reported) => reported.kind === "leg");
  const is_over = line.history !== null && line.history.row.ended_at !== null;
  if (!leg || report.caller_is_gone || is_over) {
    // What was answered before is answered alike, whatever has happened since.
    return wasToldNext(line, report);
  }
  if (wasRefused(line)) return true;
  if (leg.status === "no_answer" || leg.status === "busy" || leg.status === "failed") return true;
  const campaign = leg.status === "completed" ? await campaignOf(services, line) : null;
  return campaign !== null && isEarlyDrop(campaign.routing, leg.connected_s);
}

function wasToldNext({ history }: Line, report: DialReport): boolean {
  const [first] = report.events;
  return first !== undefined && history !== null && toldFor(history.events, first.event_key) !== null;
}

/** The next answer, stored with the leg's end; null when nothing is left to say. */
async function goOn(services: Services, ended: Ended, line: Line, moment: Moment): Promise<Rendered | null> {
  const { visitor, report, deadline } = ended;
  const [first] = report.events;
  if (!first) return null;
  const { instruction, call_id } = await answerCall(services, line, {
    event_key: first.event_key,
    events: eventsOf(report, line.at),
    if_done: endOf(report, line.at),
    candidates: null,
    moment,
    deadline,
  });
  return visitor.provider.render(instruction, call_id);
}

/** Stores that the dial and with it the call is over, and has it judged. */
async function finish(
  services: Services,
  { visitor, report, line, deadline }: Ended,
  known: Line | null,
): Promise<void> {
  const { account } = visitor;
  const { provider_call_id, parties } = report;
  const { call_id, at } = line;
  const events = [...eventsOf(report, at), ...endOf(report, at)];
  const news: News = { account, provider_call_id, parties, events, call_id, candidates: null };
  if (!visitor.database_is_silent) {
    const stored = await before(deadline, storeAndJudge(services, news, known));
    if (stored.kind === "done" && stored.value) return;
    if (stored.kind === "failed") services.log.error("leg not stored", errorFields(stored.error));
  }
  await writeDown(services, news, JOURNAL_PATIENCE_MS);
}

async function storeAndJudge(services: Services, news: News, known: Line | null): Promise<boolean> {
  const recorded = await recordEvents(services, news, known);
  if (!recorded.ok) return false;
  await judgeIfReported(services, recorded.value);
  return true;
}

function eventsOf({ events, provider_at }: DialReport, received_at: number): CallEvent[] {
  return events.map(({ event_key, reported }) => ({ event_key, received_at, provider_at, ...reported }));
}

/** Our answer to a dial's end is the end of the call: a fact of our own, for numbers without a status callback. */
function endOf({ events, provider_at }: DialReport, received_at: number): CallEvent[] {
  return events.flatMap(({ event_key, reported }) =>
    reported.kind === "leg" && reported.final
      ? [
          {
            event_key: `${event_key}:end`,
            received_at,
            provider_at,
            kind: "progress" as const,
            status: reported.status,
            duration_s: null,
          },
        ]
      : [],
  );
}
