import type { CallEvent } from "../../calls/model/event.ts";
import { readHistory } from "../../calls/store.ts";
import { readCallFlow } from "../../campaigns/call-flows.ts";
import { before, type Deadline } from "../../platform/deadline.ts";
import { errorFields } from "../../platform/log.ts";
import type { NumberPlan } from "../../routing/model/plan.ts";
import type { Services } from "../../services.ts";
import type { GatherReport } from "../../telephony/port.ts";
import type { Visitor } from "./door.ts";
import type { FlowAsked } from "./flow.ts";
import { writeDown } from "./journal.ts";
import { judgeIfReported } from "./judge.ts";
import { blankLine, type Line } from "./line.ts";
import { openLine } from "./look-up.ts";
import { partiesOfRow } from "./owner.ts";
import { callIdOr, type News, recordEvents } from "./record.ts";

const JOURNAL_PATIENCE_MS = 100;

/** One request to a `/gather/{call}/{step}` that was let in. */
export type Asked = { visitor: Visitor; report: GatherReport; call_id: string; deadline: Deadline };

/** Both ends of a call whose request does not name them; null when the database does not answer in time. */
export async function knownParties(services: Services, { visitor, report, deadline }: Asked) {
  const { account_id, network_id } = visitor.account;
  const { db } = services.network(network_id);
  const known = await before(deadline, readHistory(db, account_id, report.provider_call_id));
  if (known.kind !== "done" || !known.value) return null;
  return partiesOfRow(services, known.value.row);
}

/** What every event of a request has: its key, our receipt, the provider's stamp. */
export function stamped(services: Services, report: GatherReport, event_key: string) {
  return { event_key, received_at: services.clock.now(), provider_at: report.provider_at };
}

/** The call on the line, under the version of the flow that it began under. */
export async function lineOf(
  services: Services,
  { visitor, report, call_id, deadline }: Asked,
  parties: Line["parties"],
  version: number,
): Promise<Line | null> {
  const blank = blankLine({
    visitor,
    provider_call_id: report.provider_call_id,
    call_id: callIdOr(services, call_id),
    parties,
    at: services.clock.now(),
  });
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

/** Where the addresses begin that this call's legs ask next. */
export function placeOf(services: Services, { visitor, report, call_id }: Asked) {
  const hooks = `${services.config.public_url}/v1/telephony/${visitor.account.account_id}`;
  return { hooks, call_id, provider_call_id: report.provider_call_id };
}

/** The flow's own words; without them the agent still hears that the call is recorded, and the key. */
export async function ownWhisper(
  services: Services,
  asked: Asked,
  { number, version }: Extract<FlowAsked, { kind: "whisper" | "warm" }>,
) {
  const line = await lineOf(services, asked, { from: "", to: number }, version);
  return line?.plan?.campaign.call_flow?.flow.whisper ?? null;
}

/** The leg in an event's key: one call may ring many phones. */
export function nameOf({ leg }: GatherReport): string {
  return leg?.leg_id ?? leg?.target ?? "";
}

/** Stores what became known of a call that rang before; journals it when the database is late. */
export async function store(
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
