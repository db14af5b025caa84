import type { CallId } from "../../shared/id.ts";
import type { Instant } from "../../shared/instant.ts";
import { regionOfNumber } from "../../shared/nanp.ts";
import { ok, type Result } from "../../shared/result.ts";
import { callerNumber } from "../calls/model/caller.ts";
import type { CallEvent } from "../calls/model/event.ts";
import { type CallHistory, historyOf, selectCall, selectEvents } from "../calls/store.ts";
import { before, type Deadline, startDeadline, within } from "../platform/deadline.ts";
import { errorFields } from "../platform/log.ts";
import type { Failure } from "../platform/problem.ts";
import { rememberedPlan, rememberPlan } from "../routing/memory.ts";
import type { AccountPlan, NumberPlan } from "../routing/model/plan.ts";
import { announcementFor, type Route, routeCall } from "../routing/model/route.ts";
import { keptPlan, refreshPlans } from "../routing/plan-store.ts";
import { planOf, selectPlanAt } from "../routing/store.ts";
import type { Services } from "../services.ts";
import type { Instruction, RawRequest, Rendered, VoiceReport } from "../telephony/port.ts";
import { askCandidates, type FrozenCandidates } from "./phone/candidates.ts";
import { letIn, type Visitor } from "./phone/door.ts";
import { writeDown } from "./phone/journal.ts";
import { judgeIfReported } from "./phone/judge.ts";
import { type Known, type News, recordEvents } from "./phone/record.ts";

/** In all, the database gets this long before the call is answered without it; with what follows, under a second. */
const DATABASE_PATIENCE_MS = 700;
const COPY_PATIENCE_MS = 150;
/** A pool that does not answer delays no call longer than this; it is asked again later. */
const POOL_PATIENCE_MS = 300;
const JOURNAL_PATIENCE_MS = 100;
/** How long the target may ring. */
const RING_S = 30;

export { replayBlind } from "./phone/replay.ts";

/** A call that rings now. */
type Ring = { visitor: Visitor; report: VoiceReport; at: Instant; call_id: CallId };

/** What a call was told. */
type Told = { action: string; target: string | null; reason: string };

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
    const ring: Ring = {
      visitor: visitor.value,
      report: report.value,
      at: services.clock.now(),
      call_id: services.ids.next("call"),
    };
    const known = visitor.value.database_is_silent ? null : await lookUp(services, ring, deadline);
    return known ? ok(await answerKnown(services, ring, known, deadline)) : await answerBlind(services, ring);
  } finally {
    deadline.cancel();
  }
}

/** The number's plan and the call, should it be known already; null when the database does not answer in time. */
async function lookUp(services: Services, ring: Ring, deadline: Deadline): Promise<Known | null> {
  const { account } = ring.visitor;
  const { db } = services.network(account.network_id);
  const { provider_call_id, parties } = ring.report;
  const read = db.batch([
    selectPlanAt(db, account.account_id, parties.to, ring.at),
    selectCall(db, account.account_id, provider_call_id),
    selectEvents(db, account.account_id, provider_call_id),
  ]);
  const outcome = await before(deadline, read);
  if (outcome.kind === "failed") services.log.error("number not read", errorFields(outcome.error));
  if (outcome.kind !== "done") return null;
  const [plans, calls, events] = outcome.value;
  const plan = plans[0] ? planOf(plans[0]) : null;
  if (plan && rememberPlan(plan, ring.at)) services.later(refreshCopies(services, account, plan));
  return { plan, history: historyOf(calls[0], events) };
}

/** What this isolate had not read before may be missing in KV, too. */
async function refreshCopies(services: Services, account: AccountPlan, plan: NumberPlan): Promise<void> {
  await refreshPlans(services.plans, account, plan).catch((error: unknown) => {
    services.log.error("copies not refreshed", errorFields(error));
  });
}

/** Stores the ring and what is answered to it, with what the pool knows, in one write, and answers. */
async function answerKnown(
  services: Services,
  ring: Ring,
  known: Known,
  deadline: Deadline,
): Promise<Rendered> {
  const before_now = toldBefore(known.history);
  if (before_now && known.history) return render(services, ring, before_now, known.history.row.id);

  const route = routeCall(known.plan, ring.at);
  const candidates = known.plan ? await freezeCandidates(services, ring, known.plan) : null;
  const news = { ...newsOf(ring, route, false), candidates };
  const recorded = await before(deadline, recordEvents(services, news, known));
  if (recorded.kind === "done" && recorded.value.ok) {
    const { events, call } = recorded.value.value;
    // Who is turned away has no leg that could report: the reason can be stored at once, and books nothing.
    const judged = judgeIfReported(services, recorded.value.value);
    services.later(judged.catch((error) => services.log.error("call not judged", errorFields(error))));
    return render(services, ring, toldIn(events) ?? route, call.id);
  }
  if (recorded.kind === "failed") services.log.error("call not recorded", errorFields(recorded.error));
  await writeDown(services, newsOf(ring, route, true), JOURNAL_PATIENCE_MS);
  return render(services, ring, route, ring.call_id);
}

/** Without the database: from the copy of the plan, with what happened written down for later. */
async function answerBlind(services: Services, ring: Ring): Promise<Result<Rendered, Failure>> {
  const plan = await copyOfPlan(services, ring);
  if (!plan) {
    return { ok: false, error: { kind: "unavailable", detail: "The number's plan cannot be read now." } };
  }
  const route = routeCall(plan, ring.at);
  await writeDown(services, newsOf(ring, route, true), JOURNAL_PATIENCE_MS);
  return ok(render(services, ring, route, ring.call_id));
}

/** What this isolate read within the last minute, else what KV has, else whatever it remembers. */
async function copyOfPlan(services: Services, ring: Ring): Promise<NumberPlan | null> {
  const { account_id } = ring.visitor.account;
  const { to } = ring.report.parties;
  const remembered = rememberedPlan(account_id, to, ring.at);
  if (remembered?.fresh) return remembered.plan;
  const copy = await within(COPY_PATIENCE_MS, keptPlan(services.plans, account_id, to));
  return (copy.kind === "done" ? copy.value : null) ?? remembered?.plan ?? null;
}

/** Null when the pool does not answer in time: settlement asks it again, as of the ring. */
async function freezeCandidates(
  services: Services,
  ring: Ring,
  plan: NumberPlan,
): Promise<FrozenCandidates | null> {
  const caller = callerNumber(ring.report.parties.from);
  const caller_region = caller === null ? null : regionOfNumber(caller);
  const ask = async () =>
    askCandidates(services, {
      plan,
      caller: caller === null ? null : await services.vault.fingerprint(caller, plan.network_id),
      caller_region,
      at: ring.at,
    });
  const outcome = await within(POOL_PATIENCE_MS, ask());
  if (outcome.kind === "failed") services.log.error("pool not asked", errorFields(outcome.error));
  return outcome.kind === "done" ? outcome.value : null;
}

/** The ring and what we answer to it, as events. The pool can be asked later what it knew at the ring. */
function newsOf(ring: Ring, route: Route, blind: boolean): News {
  const { visitor, report, at, call_id } = ring;
  const { provider_call_id, parties, provider_at, event_key } = report;
  const received = { received_at: at, provider_at };
  const events: CallEvent[] = [
    { event_key, ...received, kind: "ringing", to: parties.to },
    { event_key: `${event_key}:told`, ...received, kind: "instructed", ...route, blind },
  ];
  const { account } = visitor;
  return { account, provider_call_id, parties, events, call_id, candidates: null };
}

function toldBefore(history: CallHistory | null): Told | null {
  return history ? toldIn(history.events) : null;
}

function toldIn(events: readonly CallEvent[]): Told | null {
  return events.find((event) => event.kind === "instructed") ?? null;
}

/** The answer in the provider's language. A repeated ring is answered from what was told the first time. */
function render(services: Services, ring: Ring, told: Told, call_id: string): Rendered {
  const { provider, account } = ring.visitor;
  const hooks = `${services.config.public_url}/v1/telephony/${account.account_id}`;
  return provider.render(instructionFor(told, ring.report, hooks, call_id), call_id);
}

function instructionFor(told: Told, report: VoiceReport, hooks: string, call_id: string): Instruction {
  if (told.action === "dial" && told.target !== null) {
    return {
      action: "dial",
      before: [],
      phones: [{ target: told.target, whispers: false }],
      // A provider places no call from a hidden number: the tracking number stands in for it.
      caller_id: callerNumber(report.parties.from) === null ? report.parties.to : null,
      timeout_s: RING_S,
      max_duration_s: null,
      record: false,
      callbacks: {
        dial_action: `${hooks}/dial/${call_id}`,
        leg_status: `${hooks}/status`,
        whisper: null,
        recording: null,
      },
    };
  }
  const say = announcementFor(told.reason);
  return told.action === "message" ? { action: "message", say } : { action: "reject", say };
}
