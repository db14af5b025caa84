import * as v from "valibot";
import { DialTarget, Hours, IdSchema, Lifetime, Name, Pause, Region, Seconds } from "./common.ts";
import { CAP_FIELDS, CapsShown, Used } from "./routing.ts";

const RANK_MAX = 1000;
const rankFrom = (min: number) =>
  v.pipe(
    v.number("must be a whole number"),
    v.integer("must be a whole number"),
    v.minValue(min, `must be at least ${min}`),
    v.maxValue(RANK_MAX, `must be at most ${RANK_MAX}`),
  );
const Priority = rankFrom(0);
const Weight = rankFrom(1);
const regions = v.pipe(v.array(Region), v.maxLength(300, "at most 300 regions"));

/** A phone that takes a campaign's calls. Without hours or regions it takes them at any time, from anywhere. */
export const TargetInput = v.strictObject({
  campaign_id: IdSchema("campaign"),
  number: DialTarget,
  name: v.optional(v.nullable(Name)),
  group_id: v.optional(v.nullable(IdSchema("target_group"))),
  /** The lower is rung first. */
  priority: v.optional(Priority, 1),
  /** Its share of the calls among the open targets of one priority. */
  weight: v.optional(Weight, 1),
  /** How long it may ring. */
  timeout_s: v.optional(Seconds(5, 120), 30),
  hours: v.optional(v.nullable(Hours)),
  regions: v.optional(v.nullable(regions)),
  ...CAP_FIELDS,
});
export type TargetInput = v.InferOutput<typeof TargetInput>;

export const TargetPatch = v.strictObject({
  number: v.optional(DialTarget),
  name: v.optional(v.nullable(Name)),
  group_id: v.optional(v.nullable(IdSchema("target_group"))),
  priority: v.optional(Priority),
  weight: v.optional(Weight),
  timeout_s: v.optional(Seconds(5, 120)),
  hours: v.optional(v.nullable(Hours)),
  regions: v.optional(v.nullable(regions)),
  ...CAP_FIELDS,
});
export type TargetPatch = v.InferOutput<typeof TargetPatch>;

export const Target = v.object({
  id: v.string(),
  campaign_id: v.string(),
  group_id: v.nullable(v.string()),
  name: v.nullable(v.string()),
  number: v.string(),
  priority: v.number(),
  weight: v.number(),
  timeout_s: v.number(),
  hours: v.nullable(Hours),
  regions: v.nullable(v.array(v.string())),
  ...CapsShown,
  used: Used,
  ...Pause,
  updated_at: v.number(),
  ...Lifetime,
});
export type Target = v.InferOutput<typeof Target>;
