import * as v from "valibot";
import {
  AmountMicros,
  E164Schema,
  IdSchema,
  InstantSchema,
  Lifetime,
  Name,
  Pause,
  Seconds,
  ShortText,
  SubIds,
} from "./common.ts";
import { SiteOrigins } from "./site-origins.ts";
import { TagOptions } from "./tag-options.ts";

const DAY_S = 86_400;

export const PROVIDERS = ["twilio", "telnyx", "signalwire", "plivo", "sandbox"] as const;
export type Provider = (typeof PROVIDERS)[number];

const leaseTtl = Seconds(60, 4 * 3600);
const cooldown = Seconds(0, DAY_S);
const lateWindow = Seconds(0, 90 * DAY_S);
const COOLDOWN_MODES = ["fixed", "automatic"] as const;
/** How many objects lead a pool: more than one for more visits a second than one can serve (docs/scale.md). */
const objects = v.pipe(
  v.number("must be a whole number"),
  v.integer("must be a whole number"),
  v.minValue(1, "must be at least 1"),
  v.maxValue(16, "must be at most 16"),
);
/**
 * What a visitor is shown while no number is free: the site's static number, the page's own, or (`share`) a number whose
 * holder's page has stopped renewing it, so that calls to it have one explanation more (docs/pools.md).
 */
const whenEmpty = v.picklist(["static", "page", "share"], "must be static, page or share");
const cooldownMode = v.picklist(COOLDOWN_MODES, "must be fixed or automatic");

export const PoolInput = v.strictObject({
  campaign_id: IdSchema("campaign"),
  name: Name,
  publisher_id: v.optional(IdSchema("organization")),
  lease_ttl_s: v.optional(leaseTtl, 1800),
  cooldown_s: v.optional(cooldown, 900),
  late_window_s: v.optional(lateWindow, 30 * DAY_S),
  cooldown_mode: v.optional(cooldownMode, "fixed"),
  when_empty: v.optional(whenEmpty, "static"),
  objects: v.optional(objects, 1),
  number_rent_micros: v.optional(v.nullable(AmountMicros)),
});
export type PoolInput = v.InferOutput<typeof PoolInput>;

/** A `cooldown_s` without a `cooldown_mode` makes it fixed: who names one does not want another. */
export const PoolPatch = v.strictObject({
  name: v.optional(Name),
  lease_ttl_s: v.optional(leaseTtl),
  cooldown_s: v.optional(cooldown),
  late_window_s: v.optional(lateWindow),
  cooldown_mode: v.optional(cooldownMode),
  when_empty: v.optional(whenEmpty),
  objects: v.optional(objects),
  number_rent_micros: v.optional(v.nullable(AmountMicros)),
});
export type PoolPatch = v.InferOutput<typeof PoolPatch>;

/**
 * `automatic` means that `cooldown_s` follows the measured load. What a number costs a month, in the campaign's
 * currency, only the network sees.
 */
export const Pool = v.object({
  id: v.string(),
  campaign_id: v.string(),
  publisher_id: v.nullable(v.string()),
  name: v.string(),
  lease_ttl_s: v.number(),
  cooldown_s: v.number(),
  cooldown_mode: cooldownMode,
  when_empty: whenEmpty,
  number_rent_micros: v.optional(v.nullable(v.number())),
  late_window_s: v.number(),
  objects: v.number(),
  numbers: v.number(),
  ...Lifetime,
});
export type Pool = v.InferOutput<typeof Pool>;

/** One number of a pool as it stands now. */
export const PoolNumberState = v.object({
  number_id: v.string(),
  e164: v.string(),
  state: v.picklist(["free", "leased", "cooling"]),
  leased_at: v.nullable(v.number()),
  expires_at: v.nullable(v.number()),
  reusable_at: v.nullable(v.number()),
});
export type PoolNumberState = v.InferOutput<typeof PoolNumberState>;

type Place = {
  pool_id?: string | undefined;
  campaign_id?: string | undefined;
  publisher_id?: string | undefined;
  honeypot?: boolean | undefined;
};
const onePlace = (place: Place) => (place.pool_id === undefined) !== (place.campaign_id === undefined);
const noPublisherInPool = (place: Place) => place.pool_id === undefined || place.publisher_id === undefined;
const nobodysHoneypot = (place: Place) =>
  !place.honeypot || (place.pool_id === undefined && place.publisher_id === undefined);
const HONEYPOT_PLACE = "a honeypot is a campaign's: give campaign_id alone";

/**
 * A number that only programs which read pages are shown (docs/fairness.md): calls to it are put through, marked, and
 * never billed.
 */
const honeypot = v.optional(v.boolean("must be true or false"));

/** Adds numbers: to a pool, or as static numbers of a campaign (and of a publisher, whom they then prove). */
export const NumbersInput = v.pipe(
  v.strictObject({
    telephony_account_id: IdSchema("telephony_account"),
    e164: v.pipe(
      v.array(E164Schema),
      v.minLength(1, "must name a number"),
      v.maxLength(1000, "at most 1000 numbers at once"),
      v.check((all) => new Set(all).size === all.length, "must not name a number twice"),
    ),
    pool_id: v.optional(IdSchema("pool")),
    campaign_id: v.optional(IdSchema("campaign")),
    publisher_id: v.optional(IdSchema("organization")),
    honeypot,
    label: v.optional(ShortText),
    ...SubIds,
  }),
  v.check((place) => onePlace(place), "give either pool_id or campaign_id"),
  v.check((place) => nobodysHoneypot(place), HONEYPOT_PLACE),
  v.check(
    (place) => noPublisherInPool(place),
    "the numbers of a pool have the pool's publisher: leave publisher_id out",
  ),
);
export type NumbersInput = v.InferOutput<typeof NumbersInput>;

export const NumberPatch = v.strictObject({ label: v.optional(v.nullable(ShortText)), ...SubIds });
export type NumberPatch = v.InferOutput<typeof NumberPatch>;

/** A number rests this long before another campaign may show it, unless told otherwise. */
export const REST_DEFAULT_S = 7 * DAY_S;
const rest = Seconds(0, 180 * DAY_S);

/**
 * Where a number goes: into a pool, or to a campaign as a static number (of a publisher) or a honeypot. On its way to
 * another campaign, or to be a honeypot or none, it rests for `rest_s`: shown to nobody, its late calls still those of the campaign it leaves.
 */
export const NumberMove = v.pipe(
  v.strictObject({
    pool_id: v.optional(IdSchema("pool")),
    campaign_id: v.optional(IdSchema("campaign")),
    publisher_id: v.optional(IdSchema("organization")),
    honeypot,
    rest_s: v.optional(rest),
    /** The move has happened already, at this moment within the present assignment: it takes no rest. */
    effective_at: v.optional(InstantSchema),
  }),
  v.check((place) => onePlace(place), "give either pool_id or campaign_id"),
  v.check((place) => nobodysHoneypot(place), HONEYPOT_PLACE),
  v.check(
    (place) => noPublisherInPool(place),
    "the numbers of a pool have the pool's publisher: leave publisher_id out",
  ),
);
export type NumberMove = v.InferOutput<typeof NumberMove>;

const sub = v.optional(v.nullable(v.string()));

/** Shown to nobody until then, and where it goes after that; all null when it stays. */
const Resting = v.object({
  until_at: v.number(),
  campaign_id: v.nullable(v.string()),
  pool_id: v.nullable(v.string()),
  publisher_id: v.nullable(v.string()),
  honeypot: v.boolean(),
});

/**
 * A number as it is assigned now; all nulls when it is retired. Optional fields are absent for who may not see
 * them: an advertiser sees nothing that names a publisher, nobody but the network the telephony account and a pause.
 */
export const TrackingNumber = v.object({
  id: v.string(),
  e164: v.string(),
  telephony_account_id: v.optional(v.string()),
  campaign_id: v.nullable(v.string()),
  pool_id: v.nullable(v.string()),
  publisher_id: v.optional(v.nullable(v.string())),
  honeypot: v.boolean(),
  label: v.optional(v.nullable(v.string())),
  sub1: sub,
  sub2: sub,
  sub3: sub,
  sub4: sub,
  sub5: sub,
  resting: v.optional(v.nullable(Resting)),
  paused_at: v.optional(Pause.paused_at),
  pause_reason: v.optional(Pause.pause_reason),
  resume_at: v.optional(Pause.resume_at),
  ...Lifetime,
});
export type TrackingNumber = v.InferOutput<typeof TrackingNumber>;

/** Calls to one number that nobody should have had in hand: is it hard-coded somewhere? */
export const StrayCalls = v.object({
  e164: v.string(),
  number_id: v.nullable(v.string()),
  pool_id: v.nullable(v.string()),
  campaign_id: v.nullable(v.string()),
  /** `unassigned`: the number was nobody's. `free`: a pool's, while no visitor was shown it. */
  why: v.picklist(["unassigned", "free"]),
  calls: v.number(),
  callers: v.number(),
  /** Of a free number: calls that no earlier visit explains either. All of an unassigned one. */
  unexplained: v.number(),
  last_call_at: v.number(),
});
export type StrayCalls = v.InferOutput<typeof StrayCalls>;
export const StrayCallsList = v.object({ data: v.array(StrayCalls) });

export const NewNumbers = v.object({ data: v.array(TrackingNumber) });
export type NewNumbers = v.InferOutput<typeof NewNumbers>;

const swapNumbers = v.pipe(
  v.array(E164Schema),
  v.minLength(1, "must name a number"),
  v.maxLength(20, "at most 20 numbers"),
);
const gpc = v.picklist(["cookieless", "static"], "must be cookieless or static");

export const SiteInput = v.strictObject({
  campaign_id: IdSchema("campaign"),
  pool_id: IdSchema("pool"),
  publisher_id: v.optional(IdSchema("organization")),
  origins: SiteOrigins,
  swap_numbers: swapNumbers,
  gpc: v.optional(gpc, "cookieless"),
  tag_options: v.optional(TagOptions),
});
export type SiteInput = v.InferOutput<typeof SiteInput>;

export const SitePatch = v.strictObject({
  origins: v.optional(SiteOrigins),
  swap_numbers: v.optional(swapNumbers),
  gpc: v.optional(gpc),
  tag_options: v.optional(TagOptions),
});
export type SitePatch = v.InferOutput<typeof SitePatch>;

export const Site = v.object({
  id: v.string(),
  key: v.string(),
  campaign_id: v.string(),
  pool_id: v.string(),
  publisher_id: v.nullable(v.string()),
  origins: v.array(v.string()),
  swap_numbers: v.array(v.string()),
  gpc,
  tag_options: TagOptions,
  snippet: v.string(),
  warnings: v.array(v.string()),
  last_page_view_at: v.nullable(v.number()),
  ...Lifetime,
});
export type Site = v.InferOutput<typeof Site>;
