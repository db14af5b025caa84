import type { Instant } from "../../shared/instant.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { CallEvent } from "../calls/model/event.ts";
import { type CallHistory, readHistory } from "../calls/store.ts";
import { within } from "../platform/deadline.ts";
import { errorFields } from "../platform/log.ts";
import type { Failure } from "../platform/problem.ts";
import type { Services } from "../services.ts";
import type { RawRequest, Rendered, Reported, StatusReport } from "../telephony/port.ts";
import { beginRecording } from "./phone/begin-recording.ts";
import { letIn, type Visitor } from "./phone/door.ts";
import { judgeIfReported } from "./phone/judge.ts";
import { callIdOr, type News, recordEvents } from "./phone/record.ts";
import { replayBlindCall } from "./phone/replay.ts";

/** A provider waits 15 s in all; what is not stored by then it shall send again. */
const STATUS_PATIENCE_MS = 10_000;

/**
 * A provider reports how a call or a dialled leg stands: stores it, folds the call, and has it judged once its
 * dialled leg's end is known. Answers only after the commit; when the database fails the answer is `unavailable`,
 * so that the provider sends the report again. The same report again changes nothing. A call of which nothing is
 * known is made from the report when the number belongs to the account. Errors: those of `letIn`; `malformed`;
 * `not_found` for a call of which nothing is known and nothing can be.
 */
export async function callProgress(
  services: Services,
  account_id: string,
  request: RawRequest,
): Promise<Result<Rendered, Failure>> {
  const visitor = await letIn(services, account_id, request);
  if (!visitor.ok) return visitor;
  const report = visitor.value.provider.parseStatus(request);
  if (!report.ok) return report;
  const received_at = services.clock.now();
  const news = newsOf(services, visitor.value, report.value, received_at, "");
  const stored = await within(STATUS_PATIENCE_MS, storeAndJudge(services, news));
  if (stored.kind === "failed") services.log.error("report not stored", errorFields(stored.error));
  if (stored.kind !== "done") return err({ kind: "unavailable", detail: "Please send the report again." });
  if (!stored.value.ok) return retryable(report.value, stored.value.error);
  const { provider_call_id, joined_leg_id } = report.value;
  if (joined_leg_id !== undefined) {
    const asked = { provider_call_id, leg_id: joined_leg_id };
    services.later(beginRecording(services, visitor.value.account, asked));
  }
  return ok(visitor.value.provider.render({ action: "end" }, stored.value.value));
}

/** A leg cannot be reported of a call that never rang: its beginning is under way and the report shall come again. */
function retryable(report: StatusReport, failure: Failure): Result<never, Failure> {
  const isLegOnly = report.parties === null && report.events.some(({ reported }) => isNamedLeg(reported));
  return err(
    isLegOnly && failure.kind === "not_found"
      ? { kind: "unavailable", detail: "The leg's call is not known yet." }
      : failure,
  );
}

function isNamedLeg(reported: Reported): boolean {
  return reported.kind === "leg" && reported.leg_id !== null;
}

/** Stores the news and has the call judged; answers the call's id. */
async function storeAndJudge(services: Services, news: News): Promise<Result<string, Failure>> {
  const recorded = await recordEvents(services, news, {
    history: await beginningOf(services, news),
    plan: null,
  });
  if (!recorded.ok) return recorded;
  await judgeIfReported(services, recorded.value);
  return ok(recorded.value.call.id);
}

/** The call so far. One that nobody knows may have been answered blind: its journal is replayed first. */
async function beginningOf(
  services: Services,
  { account, provider_call_id }: News,
): Promise<CallHistory | null> {
  const { account_id, network_id } = account;
  const { db } = services.network(network_id);
  const history = await readHistory(db, account_id, provider_call_id);
  if (history) return history;
  const { replayed } = await replayBlindCall(services, { account_id, provider_call_id });
  return replayed > 0 ? readHistory(db, account_id, provider_call_id) : null;
}

function newsOf(
  services: Services,
  { account }: Visitor,
  report: StatusReport,
  received_at: Instant,
  call_id: string,
): News {
  const { provider_call_id, parties, provider_at } = report;
  const events = report.events.map(
    ({ event_key, reported }): CallEvent => ({ event_key, received_at, provider_at, ...reported }),
  );
  return {
    account,
    provider_call_id,
    parties,
    events,
    call_id: callIdOr(services, call_id),
    candidates: null,
  };
}
