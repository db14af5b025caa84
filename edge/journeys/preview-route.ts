import type { CallerType, RoutingPreview } from "../../shared/api/routing.ts";
import type { Instant } from "../../shared/instant.ts";
import { regionOfNumber } from "../../shared/nanp.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { callerNumber } from "../calls/model/caller.ts";
import { namesOfTargets } from "../campaigns/targets.ts";
import type { Failure } from "../platform/problem.ts";
import type { Caller } from "../routing/model/caller.ts";
import { stepFlow } from "../routing/model/ivr.ts";
import type { CampaignPart, EnrollmentPart } from "../routing/model/plan.ts";
import { foresee } from "../routing/model/preview.ts";
import {
  announcementFor,
  type Ring,
  type Route,
  screenCall,
  screenElsewhere,
} from "../routing/model/route.ts";
import type { Usage } from "../routing/model/usage.ts";
import { selectPastCalls } from "../routing/slots-store.ts";
import { readCampaignPlan, readPlanOfNumber } from "../routing/store.ts";
import type { Services } from "../services.ts";

/** A call that might come: to which number, from whom, when. */
export type PreviewAsk = {
  network_id: string;
  number: string;
  caller: string;
  at: Instant;
  type: CallerType | null;
  stir: Caller["stir"];
};

type Place = { campaign: CampaignPart; enrollment: EnrollmentPart | null; usage: Usage };

/**
 * Who would be rung for a call, and why not the others, by the same functions as the ring: with the plan of the moment
 * asked for, and caps as they are used now. Where a menu asks first, whom it could put through to. Not found when the
 * network has no such number then.
 */
export async function previewRoute(
  services: Services,
  ask: PreviewAsk,
): Promise<Result<RoutingPreview, Failure>> {
  const { network_id, number, at } = ask;
  const { db } = services.network(network_id);
  const found = await readPlanOfNumber(db, network_id, number, at);
  if (!found) return err({ kind: "not_found", what: "number" });
  const caller = await callerOf(services, ask);
  const ring: Ring = { caller, at, rang_at: at, seed: `${number}/${caller.number ?? ""}/${at}` };
  const { plan, usage } = found;
  const home: Place = { campaign: plan.campaign, enrollment: plan.enrollment, usage };
  const screened = screenCall(plan, ring);
  if (screened === null) return ok(await shown(services, ask, ring, home));
  if (screened.action !== "campaign") return ok(told(ask, home.campaign.id, screened));

  const other = await readCampaignPlan(db, network_id, screened.campaign_id);
  if (!other) return ok(told(ask, home.campaign.id, { ...screened, action: "message" }));
  const closed = screenElsewhere(other.campaign, ring);
  if (closed) return ok(told(ask, other.campaign.id, closed));
  return ok(await shown(services, ask, ring, { ...other, enrollment: null }));
}

async function callerOf(services: Services, { network_id, caller, type, stir }: PreviewAsk): Promise<Caller> {
  const number = callerNumber(caller);
  if (number === null) return { number, region: null, type, stir, past: [] };
  const { db } = services.network(network_id);
  const hash = await services.vault.fingerprint(number, network_id);
  return {
    number,
    region: regionOfNumber(number),
    type,
    stir,
    past: await selectPastCalls(db, network_id, hash),
  };
}

async function shown(services: Services, ask: PreviewAsk, ring: Ring, place: Place): Promise<RoutingPreview> {
  const { campaign } = place;
  const { caller, at } = ring;
  const asks = { at, region: caller.region, is_hidden: caller.number === null };
  const step = stepFlow(campaign.call_flow?.flow ?? null, "", asks);
  const is_test = caller.number !== null && campaign.test_callers.includes(caller.number);
  const only = step.kind === "connect" ? step.only : null;
  const { first, rounds, considered, otherwise } = foresee({ ...place, ring, is_test, only, rung: [] });
  const ids = considered.flatMap(({ target_id }) => target_id ?? []);
  const names = await namesOfTargets(services.network(ask.network_id).db, ask.network_id, ids);
  // A menu comes first, unless the terms do not let the call in at all.
  const asksFirst = step.kind !== "connect" && first.action === "dial";
  return {
    ...told(ask, campaign.id, asksFirst ? { action: "gather", reason: "call_flow" } : first),
    rounds,
    considered: considered.map(({ target_id, target, reason }) => ({
      target_id,
      name: target_id === null ? null : (names.get(target_id) ?? null),
      target,
      rung: reason === null,
      reason: reason ?? "rung",
    })),
    otherwise,
  };
}

function told(
  { number, at }: PreviewAsk,
  campaign_id: string,
  route: { action: string; reason: string } & Partial<Pick<Route, "say">>,
): RoutingPreview {
  const { action, reason } = route;
  const says = action === "message" || action === "reject";
  return {
    number,
    at,
    campaign_id,
    action,
    reason,
    say: says ? (route.say ?? announcementFor(reason)) : null,
    rounds: [],
    considered: [],
    otherwise: null,
  };
}
