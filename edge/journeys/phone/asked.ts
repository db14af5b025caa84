import type { CallEvent } from "../../calls/model/event.ts";
import { readHistory } from "../../calls/store.ts";
import { before, type Deadline } from "../../platform/deadline.ts";
import { errorFields } from "../../platform/log.ts";
import type { Services } from "../../services.ts";
import type { GatherReport } from "../../telephony/port.ts";
import type { Visitor } from "./door.ts";
import type { FlowAsked } from "./flow.ts";
import { writeDown } from "./journal.ts";
import { judgeIfReported } from "./judge.ts";
import { blankLine, type Line } from "./line.ts";
import { openLine } from "./look-up.ts";
import { partiesOfRow } from "./owner.ts";
import { campaignOf } from "./place.ts";
import { callIdOr, type News, recordEvents } from "./record.ts";

const JOURNAL_PATIENCE_MS = 100;

/** One request to a `/gather/{call}/{step}` that was let in. */
export type Asked = {
  visitor: Visitor;
  report: GatherReport;
  call_id: string;
  /** The campaign that the call was sent on to, as the address says it. */
  campaign_id: string | undefined;
  deadline: Deadline;
};

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

/** The call on the line, under the version of the flow that its address names, if it names one. */
export async function lineOf(
  services: Services,
  { visitor, report, call_id, campaign_id, deadline }: Asked,
  parties: Line["parties"],
  flow_version?: number,
): Promise<Line | null> {
  const blank = blankLine({
    visitor,
    provider_call_id: report.provider_call_id,
    call_id: callIdOr(services, call_id),
    parties,
    at: services.clock.now(),
  });
  const under = { ...(flow_version !== undefined && { flow_version }), ...(campaign_id && { campaign_id }) };
  return openLine(services, { ...blank, under }, deadline);
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
  const campaign = line && (await campaignOf(services, line, asked.deadline));
  return campaign?.call_flow?.flow.whisper ?? null;
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
