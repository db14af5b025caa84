import { isId, madeAt } from "../../../shared/id.ts";
import { ok, type Result } from "../../../shared/result.ts";
import type { CallEvent } from "../../calls/model/event.ts";
import { readHistory } from "../../calls/store.ts";
import { readCallFlow } from "../../campaigns/call-flows.ts";
import { before, type Deadline, startDeadline } from "../../platform/deadline.ts";
import { errorFields } from "../../platform/log.ts";
import type { Failure } from "../../platform/problem.ts";
import { stepFlow, walkFlow } from "../../routing/model/ivr.ts";
import { extendPath, pressedKeys } from "../../routing/model/ivr-path.ts";
import { RECORDING_QUESTION } from "../../routing/model/ivr-step.ts";
import type { NumberPlan } from "../../routing/model/plan.ts";
import type { Services } from "../../services.ts";
import type { GatherReport, Instruction, RawRequest, Rendered } from "../../telephony/port.ts";
import { beginRecording } from "./begin-recording.ts";
import { answerCall } from "./connect.ts";
import { letIn, type Visitor } from "./door.ts";
import { type FlowAsked, readAsked, recordBoth, whisperInstruction } from "./flow.ts";
import { writeDown } from "./journal.ts";
import { judgeIfReported } from "./judge.ts";
import { callerOf, type Line } from "./line.ts";
import { openLine } from "./look-up.ts";
import { callIdOr, type News, recordEvents } from "./record.ts";

/** The caller or the agent waits on the line. */
const PATIENCE_MS = 700;
const JOURNAL_PATIENCE_MS = 100;

/** One request to a `/gather/{call}/{step}` that was let in. */
type Asked = { visitor: Visitor; report: GatherReport; call_id: string; deadline: Deadline };

/**
 * Somebody on the line waits for what comes next: a caller who pressed keys or none, an agent whose phone was picked
 * up, or who pressed the key that takes the call. The address says where the call is, so the answer comes also while
 * the database is silent, and the same request again has the same answer; what happened is stored or journaled.
 * Errors: those of `letIn`; `malformed`; `not_found` for an address that we never gave; `unavailable` when nobody
 * knows the number.
 */
export async function gathered(
  services: Services,
  account_id: string,
  call_id: string,
  step: string,
  request: RawRequest,
): Promise<Result<Rendered, Failure>> {
  const deadline = startDeadline(PATIENCE_MS);
  try {
    const visitor = await letIn(services, account_id, request);
    if (!visitor.ok) return visitor;
    const report = visitor.value.provider.parseGather(request);
    if (!report.ok) return report;
    const to = readAsked(step);
    if (!to || !isId("call", call_id)) return { ok: false, error: { kind: "not_found", what: "step" } };
    const asked: Asked = { visitor: visitor.value, report: report.value, call_id, deadline };
    const instruction = await answer(services, asked, to);
    return instruction.ok ? ok(visitor.value.provider.render(instruction.value, call_id)) : instruction;
  } finally {
    deadline.cancel();
  }
}

async function answer(
  services: Services,
  asked: Asked,
  to: FlowAsked,
): Promise<Result<Instruction, Failure>> {
  switch (to.kind) {
    case "ivr":
      return pressed(services, asked, to);
    case "whisper":
      return ok(await whispered(services, asked, to));
    case "accept":
      return ok(await accepted(services, asked, to));
    case "joined":
      return ok(joined(services, asked));
    case "done":
      return ok({ action: "hang_up" });
  }
}

/** The caller pressed keys, or none in time: on along the flow. */
async function pressed(
  services: Services,
  asked: Asked,
  to: Extract<FlowAsked, { kind: "ivr" }>,
): Promise<Result<Instruction, Failure>> {
  const { report, deadline } = asked;
  const parties = report.parties ?? (await knownParties(services, asked));
  const line = parties && (await lineOf(services, asked, parties, to.version));
  if (!line)
    return { ok: false, error: { kind: "unavailable", detail: "The call cannot be looked up now." } };
  const keys = pressedKeys(report.digits);
  const path = extendPath(to.path, { kind: "keys", keys });
  const event_key = `${report.provider_call_id}:pressed:${path}`;
  const { instruction } = await answerCall(services, line, {
    event_key,
    events: [{ ...stamped(services, report, event_key), ...pressedEvent(line, to.path, path, keys) }],
    candidates: null,
    moment: { kind: "keys", path },
    deadline,
  });
  return ok(instruction);
}

/** Both ends of a call whose request does not name them; null when the database does not answer in time. */
async function knownParties(services: Services, { visitor, report, deadline }: Asked) {
  const { account_id, network_id } = visitor.account;
  const { db } = services.network(network_id);
  const known = await before(deadline, readHistory(db, account_id, report.provider_call_id));
  if (known.kind !== "done" || !known.value) return null;
  const { id, from_sealed, to_e164 } = known.value.row;
  return { from: from_sealed === null ? "" : await services.vault.open(from_sealed, id), to: to_e164 };
}

/** What was pressed at the question that the path had come to, and whether that was an answer to it. */
function pressedEvent(line: Line, asked_path: string, path: string, keys: string | null) {
  const flow = line.plan?.campaign.call_flow?.flow ?? null;
  const { number, region } = callerOf(line);
  const at = line.history?.row.started_at ?? madeAt(line.call_id);
  const caller = { at, region, is_hidden: number === null };
  const step = stepFlow(flow, asked_path, caller);
  const question = step.kind === "ask" ? step.question : "";
  const is_declined =
    question === RECORDING_QUESTION && step.kind === "ask" && step.keys.includes(keys ?? "");
  const is_answer = is_declined || (keys !== null && walkFlow(flow, path, caller).answers[question] === keys);
  return { kind: "pressed", question, keys, is_answer, path } as const;
}

function stamped(services: Services, report: GatherReport, event_key: string) {
  return { event_key, received_at: services.clock.now(), provider_at: report.provider_at };
}

/** The call on the line, under the version of the flow that it began under. */
async function lineOf(
  services: Services,
  { visitor, report, call_id, deadline }: Asked,
  parties: Line["parties"],
  version: number,
): Promise<Line | null> {
  const blank: Line = {
    visitor,
    provider_call_id: report.provider_call_id,
    call_id: callIdOr(services, call_id),
    parties,
    stir: null,
    at: services.clock.now(),
    plan: null,
    history: null,
    usage: null,
    past: [],
  };
  const line = await openLine(services, blank, deadline);
  if (!line?.plan) return line;
  return { ...line, plan: await underVersion(services, line.plan, version, deadline) };
}

/** A flow that was changed while the caller was in its menu goes on as it was; if that cannot be read, as it is. */
async function underVersion(
  services: Services,
  plan: NumberPlan,
  version: number,
  deadline: Deadline,
): Promise<NumberPlan> {
  const { campaign, network_id } = plan;
  if (version === 0 || campaign.call_flow?.version === version) return plan;
  const read = readCallFlow(services.network(network_id).db, campaign.id, version);
  const then = await before(deadline, read);
  if (then.kind !== "done" || !then.value) return plan;
  return { ...plan, campaign: { ...campaign, call_flow: { version, flow: then.value } } };
}

/** An agent's phone was picked up: what the agent hears alone, and the key, where one takes the call. */
async function whispered(
  services: Services,
  asked: Asked,
  to: Extract<FlowAsked, { kind: "whisper" }>,
): Promise<Instruction> {
  const { visitor, report } = asked;
  const own = await ownWhisper(services, asked, to);
  const leg = { leg_id: report.leg?.leg_id ?? null, target: report.leg?.target ?? null };
  const event = (kind: "announced" | "screened"): CallEvent => ({
    ...stamped(services, report, `${report.provider_call_id}:${kind}:${nameOf(report)}`),
    kind,
    ...leg,
  });
  const isScreened = to.accept_key !== null && !visitor.provider.screens_itself;
  const events = [...(to.record ? [event("announced")] : []), ...(isScreened ? [event("screened")] : [])];
  if (events.length > 0) await store(services, asked, events);
  return whisperInstruction(own, to, placeOf(services, asked));
}

function placeOf(services: Services, { visitor, report, call_id }: Asked) {
  const hooks = `${services.config.public_url}/v1/telephony/${visitor.account.account_id}`;
  return { hooks, call_id, provider_call_id: report.provider_call_id };
}

/** The flow's own words; without them the agent still hears that the call is recorded, and the key. */
async function ownWhisper(
  services: Services,
  asked: Asked,
  { number, version }: Extract<FlowAsked, { kind: "whisper" }>,
) {
  const line = await lineOf(services, asked, { from: "", to: number }, version);
  return line?.plan?.campaign.call_flow?.flow.whisper ?? null;
}

/** The agent pressed the key, or another, or none: let through, or hung up so that the next phone may ring. */
async function accepted(
  services: Services,
  asked: Asked,
  { accept_key, record }: Extract<FlowAsked, { kind: "accept" }>,
): Promise<Instruction> {
  const { report } = asked;
  const is_accepted = report.digits === accept_key;
  const event_key = `${report.provider_call_id}:accepted:${nameOf(report)}:${is_accepted ? "yes" : "no"}`;
  const { leg_id = null, target = null } = report.leg ?? {};
  await store(services, asked, [
    { ...stamped(services, report, event_key), kind: "accepted", leg_id, target, is_accepted },
  ]);
  if (!is_accepted) return { action: "hang_up" };
  return record ? joined(services, asked) : { action: "bridge" };
}

/** The agent was told that the call is recorded, and is let through: from here on it is. */
function joined(services: Services, asked: Asked): Instruction {
  const { visitor, report } = asked;
  if (visitor.provider.begins_recording === "document")
    return { action: "bridge", record: recordBoth(placeOf(services, asked)) };
  const { provider_call_id, leg } = report;
  services.later(
    beginRecording(services, visitor.account, { provider_call_id, leg_id: leg?.leg_id ?? null }),
  );
  return { action: "bridge" };
}

/** The leg in an event's key: one call may ring many phones. */
function nameOf({ leg }: GatherReport): string {
  return leg?.leg_id ?? leg?.target ?? "";
}

/** Stores what became known of a call that rang before; journals it when the database is late. */
async function store(
  services: Services,
  { visitor, report, call_id, deadline }: Asked,
  events: readonly CallEvent[],
): Promise<void> {
  const { provider_call_id, parties } = report;
  const news: News = {
    account: visitor.account,
    provider_call_id,
    parties,
    events,
    call_id: callIdOr(services, call_id),
    candidates: null,
  };
  if (!visitor.database_is_silent) {
    const outcome = await before(deadline, recordAndJudge(services, news));
    if (outcome.kind === "done" && outcome.value) return;
    if (outcome.kind === "failed") services.log.error("agent's key not stored", errorFields(outcome.error));
  }
  await writeDown(services, news, JOURNAL_PATIENCE_MS);
}

async function recordAndJudge(services: Services, news: News): Promise<boolean> {
  const recorded = await recordEvents(services, news);
  // It may come after the leg's own end: then the call is judged again.
  if (recorded.ok) await judgeIfReported(services, recorded.value);
  return recorded.ok;
}
