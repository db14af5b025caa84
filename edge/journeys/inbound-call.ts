import { regionOfNumber } from "../../shared/nanp.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { callerNumber } from "../calls/model/caller.ts";
import type { CallEvent } from "../calls/model/event.ts";
import { startDeadline, within } from "../platform/deadline.ts";
import { errorFields } from "../platform/log.ts";
import type { Failure } from "../platform/problem.ts";
import type { Services } from "../services.ts";
import type { RawRequest, Rendered } from "../telephony/port.ts";
import { learnCallerType } from "./phone/caller-type.ts";
import { askCandidates, type FrozenCandidates } from "./phone/candidates.ts";
import { answerCall } from "./phone/connect.ts";
import { letIn } from "./phone/door.ts";
import { blankLine, type Line, toldFor } from "./phone/line.ts";
import { openLine, recallLine } from "./phone/look-up.ts";

/** In all, the database gets this long before the call is answered without it; with what follows, under a second. */
const DATABASE_PATIENCE_MS = 700;
/** A pool that does not answer delays no call longer than this; it is asked again later. */
const POOL_PATIENCE_MS = 300;

export { replayBlind } from "./phone/replay.ts";

/**
 * A phone rings: answers what to do with it. Whatever fails on our side, a call to a number whose plan is known
 * anywhere is put through within about a second; what was answered without the database is journaled and
 * replayed by `replayBlind`. The same ring delivered again has the same answer and makes no second call.
 * Errors: those of `letIn`; `malformed`; `unavailable` when neither the database nor a copy knows the number.
 */
export async function inboundCall(
  services: Services,
  account_id: string,
  request: RawRequest,
): Promise<Result<Rendered, Failure>> {
  const deadline = startDeadline(DATABASE_PATIENCE_MS);
  try {
    const visitor = await letIn(services, account_id, request);
    if (!visitor.ok) return visitor;
    const report = visitor.value.provider.parseVoice(request);
    if (!report.ok) return report;
    const { provider_call_id, parties, stir, event_key, provider_at } = report.value;
    const call_id = services.ids.next("call");
    const at = services.clock.now();
    const ring = { ...blankLine({ visitor: visitor.value, provider_call_id, call_id, parties, at }), stir };
    const line = recallLine(ring) ?? (await openLine(services, ring, deadline));
    if (!line) return err({ kind: "unavailable", detail: "The number's plan cannot be read now." });
    const events: CallEvent[] = [
      { event_key, received_at: ring.at, provider_at, kind: "ringing", to: parties.to },
    ];
    const answer = await answerCall(services, line, {
      event_key,
      events,
      candidates: await freezeCandidates(services, line, event_key),
      moment: { kind: "ring" },
      deadline,
    });
    services.later(learnCallerType(services, line));
    return ok(visitor.value.provider.render(answer.instruction, answer.call_id));
  } finally {
    deadline.cancel();
  }
}

/**
 * What the pool knows now. Null when it does not answer in time, or the answer is given blind: then settlement asks it
 * as of the ring. A ring that was answered before has its snapshot.
 */
async function freezeCandidates(
  services: Services,
  line: Line,
  event_key: string,
): Promise<FrozenCandidates | null> {
  const { plan, parties, at, usage, history } = line;
  const is_repeat = history !== null && toldFor(history.events, event_key) !== null;
  if (!plan || usage === null || is_repeat) return null;
  const caller = callerNumber(parties.from);
  const ask = async () =>
    askCandidates(services, {
      plan,
      caller: caller === null ? null : await services.vault.fingerprint(caller, plan.network_id),
      caller_region: caller === null ? null : regionOfNumber(caller),
      at,
    });
  const outcome = await within(POOL_PATIENCE_MS, ask());
  if (outcome.kind === "failed") services.log.error("pool not asked", errorFields(outcome.error));
  return outcome.kind === "done" ? outcome.value : null;
}
