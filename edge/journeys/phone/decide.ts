import type { CallEvent } from "../../calls/model/event.ts";
import { lastPlainTold } from "../../calls/model/hand-over.ts";
import type { Caller } from "../../routing/model/caller.ts";
import { afterNobody, stepFlow } from "../../routing/model/ivr.ts";
import { extendPath } from "../../routing/model/ivr-path.ts";
import type { FlowStep } from "../../routing/model/ivr-step.ts";
import type { CampaignPart } from "../../routing/model/plan.ts";
import {
  type AdmitAsk,
  admitCall,
  type Route,
  type RungPhone,
  screenCall,
  screenElsewhere,
  turnedAway,
} from "../../routing/model/route.ts";
import type { Services } from "../../services.ts";
import { callerOf, type Line, rangAt, type Told } from "./line.ts";
import { homeOf, type Place, placeOfCall, readOther } from "./place.ts";
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

/**
 * What a call is told next: by its number's state and the campaign's filters when it rings, by its call flow, and by
 * who may be rung. `told` is null when there is nothing left to say. With `usage` null, caps have room.
 */
export async function decide(services: Services, line: Line, moment: Moment): Promise<Decision> {
  const caller = callerOf(line);
  const home = homeOf(line);
  if (moment.kind !== "ring") {
    const place = await placeOfCall(services, line);
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
): Pick<Told, "kind" | "blind" | "path" | "flow_version" | "routed_to"> {
  const flow_version = place?.campaign.call_flow?.version;
  return {
    kind: "instructed",
    blind: line.usage === null,
    ...(path !== "" && { path }),
    ...(flow_version !== undefined && { flow_version }),
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
