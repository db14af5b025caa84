import { readCallFlow } from "../../campaigns/call-flows.ts";
import { before, type Deadline, within } from "../../platform/deadline.ts";
import { errorFields } from "../../platform/log.ts";
import type { CampaignPart, EnrollmentPart } from "../../routing/model/plan.ts";
import type { Usage } from "../../routing/model/usage.ts";
import { keptCampaign } from "../../routing/plan-store.ts";
import { readCampaignPlan } from "../../routing/store.ts";
import type { Services } from "../../services.ts";
import type { Line, Told } from "./line.ts";
import { routedTo } from "./record.ts";

/** The campaign that a call is in: whose words it hears, whose caps count, and which enrollment guards it. */
export type Place = {
  campaign: CampaignPart;
  enrollment: EnrollmentPart | null;
  usage: Usage | null;
  routed_to: Told["routed_to"];
};

const COPY_PATIENCE_MS = 150;

/**
 * Where a call is that was told something before: in the campaign that it was sent on to, else in its number's, and
 * under the version of the call flow that it began under, whatever was published since. Null when it is nobody's.
 */
export async function placeOfCall(services: Services, line: Line): Promise<Place | null> {
  const place = (await sentOn(services, line)) ?? homeOf(line);
  return place && { ...place, campaign: await underItsFlow(services, line, place.campaign) };
}

/** The campaign of `placeOfCall`; while that cannot be read in time, the number's. */
export async function campaignOf(
  services: Services,
  line: Line,
  deadline: Deadline,
): Promise<CampaignPart | null> {
  const place = await before(deadline, placeOfCall(services, line));
  if (place.kind === "failed") services.log.error("campaign not read", errorFields(place.error));
  return (place.kind === "done" ? place.value : homeOf(line))?.campaign ?? null;
}

export function homeOf({ plan, usage }: Line): Place | null {
  return plan && { campaign: plan.campaign, enrollment: plan.enrollment, usage, routed_to: undefined };
}

/** Another campaign of the same network, as the call's own; null when it is not to be had. */
export async function readOther(services: Services, line: Line, campaign_id: string): Promise<Place | null> {
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

/**
 * The campaign that the call was sent on to at the ring; null when it was not. What its request says of that counts only
 * while nobody knows what the call was told: whoever owns the account can sign any address, or have it asked.
 */
async function sentOn(services: Services, line: Line): Promise<Place | null> {
  const events = line.history?.events ?? [];
  const isKnown = events.some(({ kind }) => kind === "instructed");
  const campaign_id = isKnown ? routedTo(events)?.campaign_id : line.under?.campaign_id;
  return campaign_id === undefined ? null : readOther(services, line, campaign_id);
}

/** The version that the call began under; 0 for no flow, null when neither its past nor its request says so. */
function versionOf({ history, under }: Line): number | null {
  if (under?.flow_version !== undefined) return under.flow_version;
  const told = history?.events.find((event) => event.kind === "instructed");
  return told?.kind === "instructed" ? (told.flow_version ?? 0) : null;
}

/**
 * The campaign with the version of its flow that the call began under. While that cannot be read, the one in force
 * stands in for it, but nobody is recorded by it: whether this caller was told, or declined, only the other one says.
 */
async function underItsFlow(services: Services, line: Line, campaign: CampaignPart): Promise<CampaignPart> {
  const version = versionOf(line);
  const inForce = campaign.call_flow;
  if (version === null || version === (inForce?.version ?? 0)) return campaign;
  if (version === 0) return { ...campaign, call_flow: null };
  const { network_id } = line.visitor.account;
  const then =
    line.usage === null ? null : await readCallFlow(services.network(network_id).db, campaign.id, version);
  if (then) return { ...campaign, call_flow: { version, flow: then } };
  if (!inForce) return campaign;
  const { recording: _, ...flow } = inForce.flow;
  return { ...campaign, call_flow: { version, flow } };
}
