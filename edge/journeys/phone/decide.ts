import type { CallEvent } from "../../calls/model/event.ts";
import { lastPlainTold } from "../../calls/model/hand-over.ts";
import { within } from "../../platform/deadline.ts";
import type { Caller } from "../../routing/model/caller.ts";
import { afterNobody, stepFlow } from "../../routing/model/ivr.ts";
import { extendPath } from "../../routing/model/ivr-path.ts";
import type { FlowStep } from "../../routing/model/ivr-step.ts";
import type { CampaignPart, EnrollmentPart } from "../../routing/model/plan.ts";
import {
  type AdmitAsk,
  admitCall,
  type Route,
  type RungPhone,
  screenCall,
  screenElsewhere,
  turnedAway,
} from "../../routing/model/route.ts";
import type { Usage } from "../../routing/model/usage.ts";
import { keptCampaign } from "../../routing/plan-store.ts";
import { readCampaignPlan } from "../../routing/store.ts";
import type { Services } from "../../services.ts";
import { callerOf, type Line, rangAt, type Told } from "./line.ts";
import { routedTo } from "./record.ts";
import { isRingingOver } from "./ringing.ts";
import { ringBeside, ringPlainly } from "./warm.ts";

/**
 * Why a call is to be told something: it rings, its caller pressed keys, nobody took it, or who took it hands it on: by
 * hanging up, while another phone is rung already (`left`), or while talking on (`warm`).
 */
export type Moment =
  | { kind: "ring" }
  | { kind: "keys"; path: string }
  | { kind: "unanswered" }
  | { kind: "qualified" | "left" | "warm" };

/** What a call is told, and the campaign whose words it hears; null when it is nobody's. */
export type Decision = { told: Told | null; campaign: CampaignPart | null };

const COPY_PATIENCE_MS = 150;

/** The campaign that a call is in: whose caps count, and which enrollment guards it. */
type Place = {
  campaign: CampaignPart;
  enrollment: EnrollmentPart | null;
  usage: Usage | null;
  routed_to: Told["routed_to"];
};

/**
 * What a call is told next: by its number's state and the campaign's filters when it rings, by its call flow, and by
 * who may be rung. `told` is null when there is nothing left to say. With `usage` null, caps have room.
 */
export async function decide(services: Services, line: Line, moment: Moment): Promise<Decision> {
  const caller = callerOf(line);
  const home = homeOf(line);
  if (moment.kind !== "ring") {
    const place = (await sentOn(services, line)) ?? home;
    return place ? goOn(line, place, caller, moment) : { told: null, campaign: null };
  }
  const ring = { caller, at: line.at, rang_at: line.at, seed: line.provider_call_id };
  const screened = screenCall(line.plan, ring);
  if (screened === null) return home ? atRing(line, home, caller) : { told: null, campaign: null };
  if (screened.action !== "campaign")
    return { told: toldBy(screened, line, home, ""), campaign: home?.campaign ?? null };

  const other = await readOther(services, line, screened.campaign_id);
  if (!other) {
    const route = { ...NOTHING_SAID, reason: screened.reason };
    return { told: toldBy(route, line, home, ""), campaign: home?.campaign ?? null };
  }
  const closed = screenElsewhere(other.campaign, ring);
  if (closed) return { told: toldBy(closed, line, other, ""), campaign: other.campaign };
  return atRing(line, other, caller);
}

const NOTHING_SAID: Route = {
  action: "message",
  target: null,
  reason: "",
  phones: [],
  timeout_s: 0,
  say: null,
  considered: [],
  slots: [],
};

/** The campaign whose words a call hears that was told something already. */
export async function campaignOf(services: Services, line: Line): Promise<CampaignPart | null> {
  return ((await sentOn(services, line)) ?? homeOf(line))?.campaign ?? null;
}

function homeOf({ plan, usage }: Line): Place | null {
  return plan && { campaign: plan.campaign, enrollment: plan.enrollment, usage, routed_to: undefined };
}

/** The campaign that the call was sent on to earlier; null when it was not. */
async function sentOn(services: Services, line: Line): Promise<Place | null> {
  const there = routedTo(line.history?.events ?? []);
  return there ? readOther(services, line, there.campaign_id) : null;
}

async function readOther(services: Services, line: Line, campaign_id: string): Promise<Place | null> {
  const { network_id } = line.visitor.account;
  const there = (campaign: CampaignPart, usage: Usage | null): Place => {
    const { id, advertiser_id, currency } = campaign;
    return { campaign, enrollment: null, usage, routed_to: { campaign_id: id, advertiser_id, currency } };
  };
  if (line.usage !== null) {
    const found = await readCampaignPlan(services.network(network_id).db, network_id, campaign_id);
    return found && there(found.campaign, found.usage);
  }
  const copy = await within(COPY_PATIENCE_MS, keptCampaign(services.plans, campaign_id));
  return copy.kind === "done" && copy.value ? there(copy.value, null) : null;
}

function atRing(line: Line, place: Place, caller: Caller): Decision {
  const step = stepFlow(flowOf(place), "", {
    at: line.at,
    region: caller.region,
    is_hidden: caller.number === null,
  });
  if (step.kind !== "connect") {
    const away = turnedAway(admitAsk(line, place, caller, { rung: [], only: null }));
    if (away) return { told: toldBy(away, line, place, ""), campaign: place.campaign };
  }
  return follow(line, place, caller, { step, path: "", rung: [] });
}

/** After keys: where they lead. After phones that nobody took: the next ones, else what the flow says, else overflow. */
function goOn(line: Line, place: Place, caller: Caller, moment: Exclude<Moment, { kind: "ring" }>): Decision {
  const rang_at = rangAt(line);
  const flowCaller = { at: rang_at, region: caller.region, is_hidden: caller.number === null };
  const events = line.history?.events ?? [];
  if (moment.kind === "keys") {
    const step = stepFlow(flowOf(place), moment.path, flowCaller);
    return follow(line, place, caller, { step, path: moment.path, rung: phonesRung(events) });
  }
  const path = lastPlainTold(events)?.path ?? line.qualifier_path ?? "";
  if (moment.kind !== "unanswered") {
    if (moment.kind === "left") return { told: ringPlainly(events, roundOf(line)), campaign: place.campaign };
    const after = extendPath(path, { kind: "qualified" });
    const rung = phonesRung(events);
    const step = stepFlow(flowOf(place), after, flowCaller);
    const decision = follow(line, place, caller, { step, path: after, rung });
    return moment.kind === "warm" ? { ...decision, told: ringBeside(decision.told) } : decision;
  }
  const at = stepFlow(flowOf(place), path, flowCaller);
  const only = at.kind === "connect" ? at.only : null;
  const rung = line.history ? phonesRung(events) : phonesLikelyRung(line, place, caller, only);
  const is_ringing_over = isRingingOver(events, { path, rang_at, at: line.at }, flowOf(place)?.ring_max_s);
  const next = admitCall({ ...admitAsk(line, place, caller, { rung, only }), is_ringing_over });
  const wanted =
    next.action === "dial" && next.reason === "next_target"
      ? null
      : afterNobody(flowOf(place), path, "unanswered", flowCaller);
  if (!wanted) return { told: toldBy(next, line, place, path), campaign: place.campaign };
  return follow(line, place, caller, { ...wanted, rung });
}

/**
 * While the database is silent, who was rung by as many rounds: the same choice made again, but for caps and the
 * caller's past. A phone that is rung twice is better than a caller who is dropped.
 */
function phonesLikelyRung(line: Line, place: Place, caller: Caller, only: AdmitAsk["only"]): RungPhone[] {
  const rung: RungPhone[] = [];
  for (let round = 0; round < (line.rounds_rung ?? 0); round++) {
    rung.push(...admitCall(admitAsk(line, place, caller, { rung, only })).phones);
  }
  return rung;
}

/** Of a route that rings nobody among those who were asked for. */
const NOBODY_REASONS: ReadonlySet<string> = new Set(["no_target_open", "nobody_answered"]);

type Followed = { step: FlowStep; path: string; rung: readonly RungPhone[] };

function follow(line: Line, place: Place, caller: Caller, { step, path, rung }: Followed): Decision {
  const { campaign } = place;
  const flowCaller = { at: rangAt(line), region: caller.region, is_hidden: caller.number === null };
  if (step.kind === "connect") {
    const route = admitCall(admitAsk(line, place, caller, { rung, only: step.only }));
    // Where nobody is open the menu leads on as where nobody answers, but for what the caller has not heard yet.
    const wanted = NOBODY_REASONS.has(route.reason)
      ? afterNobody(flowOf(place), path, "closed", flowCaller)
      : null;
    if (!wanted) {
      const told = toldBy(route, line, place, path);
      const isQualifier = told?.action === "dial" && step.role === "qualifier";
      return { told: isQualifier ? { ...told, role: "qualifier" } : told, campaign };
    }
    return follow(line, place, caller, { ...wanted, rung });
  }
  const action = step.kind === "ask" ? "gather" : step.kind === "voicemail" ? "voicemail" : "message";
  return { told: { ...toldBase(line, place, path), action, target: null, reason: "call_flow" }, campaign };
}

function admitAsk(
  line: Line,
  place: Place,
  caller: Caller,
  asked: { rung: readonly RungPhone[]; only: AdmitAsk["only"] },
): AdmitAsk {
  const { campaign, enrollment, usage } = place;
  const rang_at = rangAt(line);
  const ring = { caller, at: line.at, rang_at, seed: line.provider_call_id };
  const is_test =
    caller.number !== null && (line.plan?.campaign.test_callers.includes(caller.number) ?? false);
  return { campaign, enrollment, usage, ring, is_test, ...asked };
}

function toldBy(route: Route, line: Line, place: Place | null, path: string): Told | null {
  const { action, target, reason, phones, timeout_s, say, considered, slots } = route;
  if (action === "end") return null;
  return {
    ...toldBase(line, place, path),
    action,
    target,
    reason,
    ...(phones.length > 0 && { phones, timeout_s }),
    ...(action === "dial" && roundOf(line)),
    ...(say !== null && { say }),
    ...(considered.length > 0 && { considered: kept(considered) }),
    ...(slots.length > 0 && { slots }),
  };
}

/** As many are kept with the call as somebody may want to read, and everybody who was rung. */
const CONSIDERED_KEPT = 50;

function kept(considered: Route["considered"]): Route["considered"] {
  return considered.filter(({ reason }, place) => place < CONSIDERED_KEPT || reason === null);
}

/** The number of a round of phones after the first. */
function roundOf({ history, rounds_rung = 0 }: Line): Pick<Told, "round"> {
  const told = history?.events.filter((event) => event.kind === "instructed" && event.action === "dial");
  const before = told?.length ?? rounds_rung;
  return before === 0 ? {} : { round: before + 1 };
}

function toldBase(
  line: Line,
  place: Place | null,
  path: string,
): Pick<Told, "kind" | "blind" | "path" | "routed_to"> {
  return {
    kind: "instructed",
    blind: line.usage === null,
    ...(path !== "" && { path }),
    ...(place?.routed_to && { routed_to: place.routed_to }),
  };
}

function flowOf({ campaign }: Place) {
  return campaign.call_flow?.flow ?? null;
}

/** Everybody who was rung for this call so far. */
export function phonesRung(events: readonly CallEvent[]): RungPhone[] {
  return events.flatMap((event) => {
    if (event.kind !== "instructed" || event.action !== "dial" || event.target === null) return [];
    return event.phones ?? [{ target_id: null, target: event.target }];
  });
}
