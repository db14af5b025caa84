import type { TrackingLinkInput } from "../../../shared/api/tracking-links.ts";
import { type Draft, Reading, type Values } from "../../parts/form/reading.ts";
import { SUBS } from "../numbers/drafts.ts";

/** Reads "New tracking link" of this publisher. */
export function readLinkInput(publisher_id: string, values: Values): Draft<TrackingLinkInput> {
  const read = new Reading(values);
  return read.body({
    publisher_id,
    campaign_id: read.required("campaign_id", "Choose a campaign."),
    landing_url: read.required("landing_url", "Where does the link lead?"),
    ...Object.fromEntries(SUBS.map((sub) => [sub, read.text(sub) || undefined])),
  });
}
