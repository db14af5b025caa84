import type { Instant } from "../../../shared/instant.ts";
import { businessClock } from "./business-clock.ts";
import type { Gate } from "./gates.ts";
import type { CampaignPart, Caps, TargetPart } from "./plan.ts";

/**
 * A call's place under a cap: of a target, its group, the campaign by its terms or an enrollment. It counts in the hour,
 * day and month of the campaign's wall clock. `caps` are those it was let in by; null where nobody could look.
 */
export type Slot = {
  kind: "target" | "group" | "campaign" | "enrollment";
  scope_id: string;
  campaign_id: string;
  taken_at: Instant;
  hour_at: Instant;
  day: string;
  month: string;
  caps: Caps | null;
};

type Sent = { campaign: CampaignPart; gates: readonly Gate[]; phones: readonly TargetPart[]; at: Instant };

/**
 * The slots that a call takes which is sent to these phones. Every target and group counts, with a cap or without, so
 * that one set at noon knows the morning; of the terms only what has caps.
 */
export function slotsOf({ campaign, gates, phones, at }: Sent): Slot[] {
  const guarded = gates.filter(({ takes_slot }) => takes_slot);
  if (guarded.length === 0 && phones.length === 0) return [];
  const { hour_at, day, month } = businessClock(campaign.timezone, at);
  const slot = (kind: Slot["kind"], scope_id: string, caps: Caps): Slot => ({
    kind,
    scope_id,
    campaign_id: campaign.id,
    taken_at: at,
    hour_at,
    day,
    month,
    caps,
  });
  const groups = campaign.groups.filter(({ id }) => phones.some(({ group_id }) => group_id === id));
  return [
    ...guarded.map(({ kind, scope_id, caps }) => slot(kind, scope_id, caps)),
    ...groups.map(({ id, caps }) => slot("group", id, caps)),
    ...phones.map(({ id, caps }) => slot("target", id, caps)),
  ];
}
