import type { CallFlow } from "../../../shared/api/ivr.ts";
import { isId, madeAt } from "../../../shared/id.ts";
import { ok, type Result } from "../../../shared/result.ts";
import type { CallEvent } from "../../calls/model/event.ts";
import { startDeadline } from "../../platform/deadline.ts";
import type { Failure } from "../../platform/problem.ts";
import { stepFlow, walkFlow } from "../../routing/model/ivr.ts";
import { extendPath, pressedKeys } from "../../routing/model/ivr-path.ts";
import { RECORDING_QUESTION } from "../../routing/model/ivr-step.ts";
import type { Services } from "../../services.ts";
import type { Instruction, RawRequest, Rendered } from "../../telephony/port.ts";
import { type Asked, knownParties, lineOf, nameOf, ownWhisper, placeOf, stamped, store } from "./asked.ts";
import { beginRecording } from "./begin-recording.ts";
import { answerCall } from "./connect.ts";
import { letIn } from "./door.ts";
import { campaignIn, type FlowAsked, readAsked, recordBoth, whisperInstruction } from "./flow.ts";
import { buyerAnswered, buyerEntered, leftRoom, parted } from "./hand-over.ts";
import { callerOf, type Line } from "./line.ts";
import { campaignOf } from "./place.ts";

/** The caller or the agent waits on the line. */
const PATIENCE_MS = 700;

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
    const campaign_id = campaignIn(request.url);
    const asked: Asked = { visitor: visitor.value, report: report.value, call_id, campaign_id, deadline };
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
    case "warm":
      return ok(await buyerAnswered(services, asked, to));
    case "enter":
      return ok(await buyerEntered(services, asked, to));
    case "room":
      return ok(await parted(services, asked, to));
    case "left":
      return ok(await leftRoom(services, asked));
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
  const flow = (await campaignOf(services, line, deadline))?.call_flow?.flow ?? null;
  const { instruction } = await answerCall(services, line, {
    event_key,
    events: [{ ...stamped(services, report, event_key), ...pressedEvent(flow, line, to.path, path, keys) }],
    candidates: null,
    moment: { kind: "keys", path },
    deadline,
  });
  return ok(instruction);
}

/** What was pressed at the question that the path had come to, and whether that was an answer to it. */
function pressedEvent(
  flow: CallFlow | null,
  line: Line,
  asked_path: string,
  path: string,
  keys: string | null,
) {
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

/** An agent's phone was picked up: what the agent hears alone, and the key, where one takes the call. */
async function whispered(
  services: Services,
  asked: Asked,
  to: Extract<FlowAsked, { kind: "whisper" | "warm" }>,
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

/** The agent pressed the key, or another, or none: let through, or hung up so that the next phone may ring. */
async function accepted(
  services: Services,
  asked: Asked,
  { accept_key, record }: Extract<FlowAsked, { kind: "accept" | "enter" }>,
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
