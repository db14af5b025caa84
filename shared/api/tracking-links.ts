import * as v from "valibot";
import { IdSchema, Lifetime, SubIds } from "./common.ts";

/** A page on the web, without user and password. Its fragment and its own parameters stay as they are. */
const LandingUrl = v.pipe(
  v.string("must be text"),
  v.maxLength(2_048, "must have at most 2048 characters"),
  v.regex(
    /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?([/?#][\x21-\x7e]*)?$/i,
    "must be the address of a page, such as https://www.example.com/offer",
  ),
  v.check((url) => !/rt_click/i.test(url), "must not bring an rt_click of its own: each click gets one"),
);

export const TrackingLinkInput = v.strictObject({
  campaign_id: IdSchema("campaign"),
  publisher_id: IdSchema("organization"),
  landing_url: LandingUrl,
  ...SubIds,
});
export type TrackingLinkInput = v.InferOutput<typeof TrackingLinkInput>;

/** Campaign and publisher never change: clicks of before would prove somebody else. */
export const TrackingLinkPatch = v.strictObject({ landing_url: v.optional(LandingUrl), ...SubIds });
export type TrackingLinkPatch = v.InferOutput<typeof TrackingLinkPatch>;

const sub = v.nullable(v.string());

/** `url` is what the publisher uses; `clicks` counts those of people, bots left out. */
export const TrackingLink = v.object({
  id: v.string(),
  key: v.string(),
  url: v.string(),
  campaign_id: v.string(),
  publisher_id: v.string(),
  landing_url: v.string(),
  sub1: sub,
  sub2: sub,
  sub3: sub,
  sub4: sub,
  sub5: sub,
  clicks: v.number(),
  ...Lifetime,
});
export type TrackingLink = v.InferOutput<typeof TrackingLink>;
