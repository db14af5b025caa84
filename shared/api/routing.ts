import * as v from "valibot";
import { Count, E164Schema, Hours, IdSchema, Name, Region, Seconds } from "./common.ts";

/** How a campaign's calls find somebody to answer them, and what is tried before anybody is rung. */

export const CALLER_TYPES = ["mobile", "landline", "voip"] as const;
export type CallerType = (typeof CALLER_TYPES)[number];

/** How well the caller's network vouches for the number (STIR/SHAKEN, ATIS-1000074); `none` when nobody says. */
export const STIR_LEVELS = ["A", "B", "C", "failed", "none"] as const;

const DAY_S = 86_400;
const LIST_MAX = 300;

const Words = v.pipe(
  v.string("must be text"),
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(500, "must have at most 500 characters"),
);

const goesOn = v.strictObject({ action: v.literal("route") });
const treatments = [
  v.strictObject({ action: v.literal("message"), say: v.optional(Words) }),
  v.strictObject({ action: v.literal("voicemail") }),
  v.strictObject({ action: v.literal("campaign"), campaign_id: IdSchema("campaign") }),
] as const;

/** What becomes of a call: `route` lets it go on as if nothing were. */
export const Treatment = v.variant(
  "action",
  [goesOn, ...treatments],
  "must have an action: route, message, voicemail or campaign",
);
export type Treatment = v.InferOutput<typeof Treatment>;

const listOf = <const S extends v.GenericSchema>(item: S, most: number) =>
  v.pipe(v.array(item), v.minLength(1, "must not be empty"), v.maxLength(most, `at most ${most}`));

/** One thing that may be true of a call. What is not known of a caller is never true. */
export const Condition = v.variant(
  "is",
  [
    v.strictObject({ is: v.literal("outside_hours"), hours: Hours }),
    v.strictObject({ is: v.literal("from_region"), regions: listOf(Region, LIST_MAX) }),
    v.strictObject({ is: v.literal("outside_regions"), regions: listOf(Region, LIST_MAX) }),
    v.strictObject({
      is: v.literal("caller_type"),
      types: listOf(
        v.picklist(CALLER_TYPES, `must be one of ${CALLER_TYPES.join(", ")}`),
        CALLER_TYPES.length,
      ),
    }),
    v.strictObject({ is: v.literal("anonymous") }),
    v.strictObject({ is: v.literal("blocked"), callers: listOf(E164Schema, LIST_MAX) }),
    v.strictObject({ is: v.literal("repeat"), within_s: Seconds(1, 400 * DAY_S) }),
    v.strictObject({ is: v.literal("duplicate"), within_s: Seconds(1, 400 * DAY_S) }),
    v.strictObject({
      is: v.literal("stir"),
      levels: listOf(v.picklist(STIR_LEVELS, `must be one of ${STIR_LEVELS.join(", ")}`), STIR_LEVELS.length),
    }),
  ],
  "must have an is: outside_hours, from_region, outside_regions, caller_type, anonymous, blocked, repeat, duplicate or stir",
);
export type Condition = v.InferOutput<typeof Condition>;

/**
 * A filter holds when all its conditions do; the first that holds decides. `route` lets the call through past the
 * filters after it. How well a caller is vouched for is no reason alone to turn the caller away: honest calls, too,
 * arrive with nothing.
 */
export const CallFilter = v.pipe(
  v.strictObject({
    when: v.pipe(
      v.array(Condition),
      v.minLength(1, "must not be empty"),
      v.maxLength(5, "at most 5 conditions"),
    ),
    treatment: Treatment,
  }),
  v.forward(
    v.check(
      ({ when, treatment }) =>
        treatment.action === "route" || when.some((condition) => condition.is !== "stir"),
      "needs another condition beside stir: a level alone is no reason to turn a caller away",
    ),
    ["when"],
  ),
);
export type CallFilter = v.InferOutput<typeof CallFilter>;

const filters = v.pipe(v.array(CallFilter), v.maxLength(20, "at most 20 filters"));
const onOff = v.boolean("must be true or false");

/** A campaign's routing as it stands; what nobody has set has its default. */
export const CampaignRouting = v.object({
  filters,
  /** Rings the target first that a repeat caller talked to last, if it is open. */
  sticky: v.boolean(),
  /** An answered call shorter than this goes on to the next target, if the caller is still there; 0 for never. */
  early_drop_s: v.number(),
  /** What becomes of calls to the own numbers of a suspended publisher. A paused one's go on in no case. */
  suspended: Treatment,
  /** Has callers' types looked up by the provider, for a fee each, after their first call; known from the next on. */
  look_up_callers: v.boolean(),
});
export type CampaignRouting = v.InferOutput<typeof CampaignRouting>;

export const CampaignRoutingPatch = v.strictObject({
  filters: v.optional(filters),
  sticky: v.optional(onOff),
  early_drop_s: v.optional(Seconds(0, 600)),
  suspended: v.optional(Treatment),
  look_up_callers: v.optional(onOff),
});
export type CampaignRoutingPatch = v.InferOutput<typeof CampaignRoutingPatch>;

export const ROUTING_DEFAULTS: CampaignRouting = {
  filters: [],
  sticky: true,
  early_drop_s: 0,
  suspended: { action: "route" },
  look_up_callers: false,
};

/** Caps of a target or of a group; null is none. Hours, days and months are the campaign's time zone's. */
export const CAP_FIELDS = {
  hourly_cap: v.optional(v.nullable(Count)),
  daily_cap: v.optional(v.nullable(Count)),
  monthly_cap: v.optional(v.nullable(Count)),
  total_cap: v.optional(v.nullable(Count)),
  concurrency_cap: v.optional(v.nullable(Count)),
};
const cap = v.nullable(v.number());
export const CapsShown = {
  hourly_cap: cap,
  daily_cap: cap,
  monthly_cap: cap,
  total_cap: cap,
  concurrency_cap: cap,
};

/** Calls sent so far: in this hour, today, this month, ever, and how many are on the line now. */
export const Used = v.object({
  hour: v.number(),
  day: v.number(),
  month: v.number(),
  total: v.number(),
  concurrent: v.number(),
});
export type Used = v.InferOutput<typeof Used>;

/** One phone that might have been rung: it was (`rung`, with its place), or why not. */
export const Considered = v.object({
  target_id: v.nullable(v.string()),
  name: v.optional(v.nullable(v.string())),
  target: v.string(),
  rung: v.boolean(),
  reason: v.string(),
});
export type Considered = v.InferOutput<typeof Considered>;

/** One decision about a call: what it was told, why, and who was considered. */
export const RouteDecision = v.object({
  at: v.number(),
  action: v.string(),
  reason: v.string(),
  /** Where a filter or a suspension sent the call, if not to the number's own campaign. */
  campaign_id: v.nullable(v.string()),
  targets: v.array(v.string()),
  considered: v.array(Considered),
  /** True when the database was silent: caps were not looked at. */
  blind: v.boolean(),
});
export type RouteDecision = v.InferOutput<typeof RouteDecision>;

export const RoutingPreviewQuery = v.strictObject({
  number: E164Schema,
  caller: v.optional(v.pipe(v.string(), v.maxLength(40, "must have at most 40 characters"))),
  at: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{12,14}$/, "must be integer milliseconds since the epoch"),
      v.transform(Number),
    ),
  ),
  caller_type: v.optional(v.picklist(CALLER_TYPES, `must be one of ${CALLER_TYPES.join(", ")}`)),
  stir: v.optional(v.picklist(["A", "B", "C", "failed"], "must be one of A, B, C, failed")),
});

/** Who would be rung: the first phones, and those after them should nobody answer. */
export const RoutingPreview = v.object({
  number: v.string(),
  at: v.number(),
  campaign_id: v.nullable(v.string()),
  action: v.string(),
  reason: v.string(),
  say: v.nullable(v.string()),
  rounds: v.array(v.object({ targets: v.array(v.string()), timeout_s: v.number() })),
  considered: v.array(Considered),
  /** When nobody answers: what the caller hears then, or the destination that is rung. */
  otherwise: v.nullable(v.object({ action: v.string(), target: v.nullable(v.string()), reason: v.string() })),
});
export type RoutingPreview = v.InferOutput<typeof RoutingPreview>;

export const GroupInput = v.strictObject({
  campaign_id: IdSchema("campaign"),
  name: Name,
  ringing: v.optional(
    v.picklist(["sequential", "simultaneous"], "must be sequential or simultaneous"),
    "sequential",
  ),
  ...CAP_FIELDS,
});
export type GroupInput = v.InferOutput<typeof GroupInput>;

export const GroupPatch = v.strictObject({
  name: v.optional(Name),
  ringing: v.optional(v.picklist(["sequential", "simultaneous"], "must be sequential or simultaneous")),
  ...CAP_FIELDS,
});
export type GroupPatch = v.InferOutput<typeof GroupPatch>;

export const TargetGroup = v.object({
  id: v.string(),
  campaign_id: v.string(),
  name: v.string(),
  ringing: v.picklist(["sequential", "simultaneous"]),
  ...CapsShown,
  used: Used,
  created_at: v.number(),
  retired_at: v.nullable(v.number()),
});
export type TargetGroup = v.InferOutput<typeof TargetGroup>;
