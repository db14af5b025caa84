import { isId } from "../../../shared/id.ts";
import { SECOND_MS } from "../../../shared/instant.ts";
import { ok, type Result } from "../../../shared/result.ts";
import type { CallEvent } from "../../calls/model/event.ts";
import { handOverOf, lastPlainTold } from "../../calls/model/hand-over.ts";
import { readHistory } from "../../calls/store.ts";
import { before, type Deadline, startDeadline } from "../../platform/deadline.ts";
import { errorFields } from "../../platform/log.ts";
import type { Failure } from "../../platform/problem.ts";
import { isEarlyDrop } from "../../routing/model/route.ts";
import type { Services } from "../../services.ts";
import type { DialReport, Parties, RawRequest, Rendered } from "../../telephony/port.ts";
import { isKeyMissing, isTaken, wasRefused } from "./agent-key.ts";
import { answerCall } from "./connect.ts";
import type { Moment } from "./decide.ts";
import { letIn, type Visitor } from "./door.ts";
import { campaignIn } from "./flow.ts";
import { cameInEvent, roomFor, stopRinging } from "./hand-over.ts";
import { writeDown } from "./journal.ts";
import { judgeIfReported } from "./judge.ts";
import { blankLine, type Line, toldFor } from "./line.ts";
import { openLine } from "./look-up.ts";
import { partiesOfRow } from "./owner.ts";
import { campaignOf } from "./place.ts";
import { callIdOr, type News, type Recorded, recordEvents } from "./record.ts";
import { replayBlindCall } from "./replay.ts";

/** The caller may still be on the line when a dial ends. */
const DIAL_PATIENCE_MS = 700;
const JOURNAL_PATIENCE_MS = 250;

type EndedLeg = { leg_id: string | null; connected_s: number | null };

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
      ...marksOf(request.url),
    };
    const ended = { visitor: visitor.value, report, line, deadline };
    let there = await openEnded(services, ended);
    if (there && isJoined(there, report)) {
      const room = await enterRoom(services, ended, there);
      if (room) return ok(room);
      there = (await openEnded(services, ended)) ?? there;
    }
    const moment = there && (await momentAfter(services, there, ended));
    const next = there && moment ? await goOn(services, ended, there, moment) : null;
    if (next) return ok(next);
    await finish(services, ended, there);
    return ok(provider.render({ action: "end" }, null));
  } finally {
    deadline.cancel();
  }
}

/** What the dial's own address says of it. */
function marksOf(url: string): Pick<Line, "rounds_rung" | "qualifier_path" | "under"> {
  const rounds_rung = Number(/[?&]round=(\d{1,2})(&|$)/.exec(url)?.[1] ?? "1");
  const path = /[?&]qualifier=([0-9a-z.-]{0,1000})(&|$)/.exec(url)?.[1];
  const version = /[?&]flow=(\d{1,9})(&|$)/.exec(url)?.[1];
  const campaign_id = campaignIn(url);
  return {
    rounds_rung,
    ...(path !== undefined && { qualifier_path: path }),
    under: {
      ...(version !== undefined && { flow_version: Number(version) }),
      ...(campaign_id !== undefined && { campaign_id }),
    },
  };
}

/** True when the dial ended because its two legs were taken to meet a buyer. */
function isJoined({ history }: Line, { caller_is_gone }: DialReport): boolean {
  return !caller_is_gone && handOverOf(history?.events ?? []).is_room_open;
}

/** The caller goes where the qualifier and the buyer are; null when the room was shut meanwhile. */
async function enterRoom(services: Services, ended: Ended, line: Line): Promise<Rendered | null> {
  const { visitor, report } = ended;
  const { account } = visitor;
  const legs = eventsOf(report, line.at);
  const events = [...legs, ...legs.slice(0, 1).map(cameInEvent)];
  const news = newsOf(ended, events, line.history?.row.id ?? ended.line.call_id);
  const kept = await keep(services, ended, news, line);
  if (kept && !handOverOf(kept.events).is_caller_in) return null;
  const hooks = `${services.config.public_url}/v1/telephony/${account.account_id}`;
  const place = { hooks, call_id: news.call_id, provider_call_id: news.provider_call_id };
  return visitor.provider.render(roomFor("caller", place), news.call_id);
}

function newLine(services: Services, visitor: Visitor, report: DialReport, call_id: string): Line {
  const { provider_call_id, parties } = report;
  return blankLine({
    visitor,
    provider_call_id,
    call_id: callIdOr(services, call_id),
    parties: parties ?? { from: "", to: "" },
    at: services.clock.now(),
  });
}

/**
 * The call with its number's plan; what was answered blind, or whether an agent pressed the key, is replayed from the
 * journal first. While the database is silent the copy of the plan, without its past; the same where the ring is not in
 * the journal either, or not yet: its caller is still on the line. Null for a call of a number that nobody knows.
 */
async function openEnded(
  services: Services,
  { visitor, report, line, deadline }: Ended,
): Promise<Line | null> {
  const read = report.parties ? null : await inTime(services, deadline, partiesOf(services, line));
  const parties = report.parties ?? read;
  if (!parties) return null;
  const opened = await openLine(services, { ...line, parties }, deadline);
  if (!opened || opened.usage === null) return opened;
  if (hasRing(opened) && !isKeyMissing(opened, report)) return opened;
  const { account_id } = visitor.account;
  const of = { account_id, provider_call_id: line.provider_call_id };
  const replay = await inTime(services, deadline, replayBlindCall(services, of));
  const again =
    replay && replay.replayed > 0 ? await openLine(services, { ...line, parties }, deadline) : null;
  if (again?.history) return again;
  return opened.history ? opened : opened.plan && { ...opened, usage: null };
}

function hasRing({ history }: Line): boolean {
  return history?.events.some(({ kind }) => kind === "ringing") ?? false;
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
  return partiesOfRow(services, history.row);
}

/**
 * What the call has come to while the caller is still there: nobody took it, or only for a moment, or who took it hands
 * it on. Null when it is over.
 */
async function momentAfter(services: Services, line: Line, ended: Ended): Promise<Moment | null> {
  const { report } = ended;
  // The same report again: `answerCall` answers it as before.
  if (wasToldNext(line, report)) return { kind: "unanswered" };
  if (isTaken(report) && isQualifiers(line) && !wasRefused(line) && !report.caller_is_gone) {
    const { buyer } = handOverOf(line.history?.events ?? []);
    return { kind: buyer ? "left" : "qualified" };
  }
  return (await wantsNext(services, line, ended)) ? { kind: "unanswered" } : null;
}

/** True when those who were rung hand the caller on; while the database is silent the dial's address says so. */
function isQualifiers({ history, qualifier_path }: Line): boolean {
  return history ? lastPlainTold(history.events)?.role === "qualifier" : qualifier_path !== undefined;
}

async function wantsNext(services: Services, line: Line, { report, deadline }: Ended): Promise<boolean> {
  const leg = report.events.map(({ reported }) => reported).find((reported) => reported.kind === "leg");
  const is_over = line.history !== null && line.history.row.ended_at !== null;
  if (!leg || report.caller_is_gone || is_over) {
    // What was answered before is answered alike, whatever has happened since.
    return wasToldNext(line, report);
  }
  if (wasRefused(line)) return true;
  if (leg.status === "no_answer" || leg.status === "busy" || leg.status === "failed") return true;
  const campaign = leg.status === "completed" ? await campaignOf(services, line, deadline) : null;
  return campaign !== null && isEarlyDrop(campaign.routing, talkedFor(line, leg));
}

/** Where the dial's end does not say how long the agent talked: as the leg's own reports have it, else since its answer. */
function talkedFor({ history, at }: Line, { leg_id, connected_s }: EndedLeg): number | null {
  if (connected_s !== null || leg_id === null) return connected_s;
  const own = (history?.events ?? [])
    .filter((event) => event.kind === "leg")
    .filter((event) => event.leg_id === leg_id);
  const ended = own.find((event) => event.connected_s !== null);
  if (ended) return ended.connected_s;
  const answered = own.find(({ status }) => status === "answered");
  return answered ? (at - answered.received_at) / SECOND_MS : null;
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
  stopBeside(services, ended, line);
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

/** A phone that still rings beside the call rings for nobody now. */
function stopBeside(services: Services, { visitor }: Ended, { history }: Line): void {
  const ring_id = handOverOf(history?.events ?? []).buyer?.ring_id ?? null;
  if (ring_id !== null) services.later(stopRinging(services, visitor.account, ring_id));
}

/** Stores that the dial and with it the call is over, and has it judged. */
async function finish(services: Services, ended: Ended, known: Line | null): Promise<void> {
  const { report, line } = ended;
  if (known) stopBeside(services, ended, known);
  const events = [...eventsOf(report, line.at), ...endOf(report, line.at)];
  await keep(services, ended, newsOf(ended, events, line.call_id), known);
}

function newsOf({ visitor, report, line }: Ended, events: readonly CallEvent[], call_id: string): News {
  const { provider_call_id, parties } = report;
  const id = isId("call", call_id) ? call_id : line.call_id;
  return { account: visitor.account, provider_call_id, parties, events, call_id: id, candidates: null };
}

/** Stores the news in time, else writes them down and answers null. */
async function keep(
  services: Services,
  { visitor, deadline }: Ended,
  news: News,
  known: Line | null,
): Promise<Recorded | null> {
  if (!visitor.database_is_silent) {
    const stored = await before(deadline, storeAndJudge(services, news, known));
    if (stored.kind === "done" && stored.value) return stored.value;
    if (stored.kind === "failed") services.log.error("leg not stored", errorFields(stored.error));
  }
  await writeDown(services, news, JOURNAL_PATIENCE_MS);
  return null;
}

async function storeAndJudge(services: Services, news: News, known: Line | null): Promise<Recorded | null> {
  const recorded = await recordEvents(services, news, known);
  if (!recorded.ok) return null;
  await judgeIfReported(services, recorded.value);
  return recorded.value;
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
