import * as v from "valibot";

const share = v.number();

/** One visit of the visitor who called, with its share of the credit under each model. */
export const CallTouch = v.object({
  session_id: v.string(),
  at: v.number(),
  site_id: v.string(),
  source: v.string(),
  medium: v.string(),
  campaign: v.string(),
  channel: v.string(),
  landing_path: v.string(),
  publisher_id: v.nullable(v.string()),
  click_link: v.nullable(v.string()),
  shares: v.object({ last: share, first: share, linear: share, position: share, time_decay: share }),
});
export type CallTouch = v.InferOutput<typeof CallTouch>;

/**
 * What led up to a call: its visitor's visits in the 30 days before (only the one it is joined to, where the visitor
 * has no id), oldest first, and earlier calls of the caller, latest first.
 */
export const CallHistory = v.object({
  touches: v.array(CallTouch),
  /** More visits than are shown: the oldest are left out, and share nothing. */
  more: v.boolean(),
  earlier_calls: v.array(
    v.object({ call_id: v.string(), started_at: v.number(), campaign_id: v.nullable(v.string()) }),
  ),
});
export type CallHistory = v.InferOutput<typeof CallHistory>;
