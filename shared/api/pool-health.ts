import * as v from "valibot";
import { PoolNumberState } from "./inventory.ts";

const at = v.number();
const share = v.number();
/** Null where nothing was measured that it could be computed from. */
const measured = v.nullable(v.number());

/** One hour of a pool: visitors, and how many numbers were leased in it on average. */
export const PoolHealthHour = v.object({
  hour_at: at,
  arrivals: v.number(),
  refused: v.number(),
  leased: v.number(),
});
export type PoolHealthHour = v.InferOutput<typeof PoolHealthHour>;

export const POOL_ALERTS = [
  "dry",
  "visitors_without_number",
  "blocking_at_peak",
  "calls_joined_wrongly",
  "hard_coded_number",
  "honeypot_called",
  "more_than_needed",
] as const;

/** Something that its owner should do something about, worst first. */
export const PoolAlert = v.object({
  kind: v.picklist(POOL_ALERTS),
  /** What was measured, and from where on it is too much. */
  value: v.number(),
  threshold: v.number(),
});
export type PoolAlert = v.InferOutput<typeof PoolAlert>;

/**
 * What was measured of a pool over its last days and what follows from it. A visitor who reloads or comes by another
 * click on the same number counts once.
 */
export const PoolMeasures = v.object({
  from: at,
  to: at,
  /** Visitors who were given a number, and who found none free; `without_number` is the latter's share. */
  arrivals: v.number(),
  refused: v.number(),
  without_number: share,
  arrivals_last_hour: v.number(),
  /** How long a visitor keeps a number on average, and with the cool-down how long nobody else can have it. */
  mean_lease_s: measured,
  mean_hold_s: measured,
  /** Load in erlangs, and the share of visitors that Erlang's B formula lets find no number. */
  offered_erlangs: v.object({ now: measured, busiest_hour: measured }),
  erlang_b: v.object({ now: measured, busiest_hour: measured, all_hours: measured }),
  busiest_hour_at: v.nullable(at),
  /** Numbers by which at most 1 % and 0.1 % of the visitors of the busiest hour would find none. */
  numbers_needed: v.object({ percent_1: measured, permille_1: measured }),
  /** The longest cool-down that by itself turns away at most 1 %; null while too few visitors came. */
  cooldown: v.object({
    advised_s: measured,
    choices: v.array(v.object({ cooldown_s: v.number(), erlang_b: share })),
  }),
  /** One number more: how many visitors a month would find one who do not now, and what that costs. */
  next_number: v.object({
    visitors_a_month: measured,
    rent_micros: v.optional(measured),
    micros_per_visitor: v.optional(measured),
  }),
  /** Other sizes of this pool, smallest first: Erlang's B in the busiest hour, and visitors a month won over today's. */
  sizes: v.array(v.object({ numbers: v.number(), erlang_b: share, visitors_a_month: v.number() })),
  /** Of the calls that were joined to a visit, the share that belongs to another one: the mean of what was left open. */
  joined: v.object({ calls: v.number(), wrong_share: measured }),
  /** Calls that reached a number that nobody was shown at the time. */
  calls_to_free_numbers: v.number(),
  /** Page views that got no number of their own, by reason; a reason that did not occur is absent. */
  blocked: v.record(v.string(), v.number()),
  /** To the network: calls to the campaign's honeypots, by how many callers, and their later calls to this pool. */
  honeypot: v.optional(v.object({ calls: v.number(), callers: v.number(), later_calls: v.number() })),
  /** Hours in which somebody came, oldest first. */
  hours: v.array(PoolHealthHour),
});
export type PoolMeasures = v.InferOutput<typeof PoolMeasures>;

/** Who holds which number of a pool now, what was measured of it, and what its owner should know. */
export const PoolHealth = v.object({
  as_of: at,
  numbers: v.number(),
  free: v.number(),
  leased: v.number(),
  cooling: v.number(),
  states: v.array(PoolNumberState),
  alerts: v.array(PoolAlert),
  /** Absent with `part=now`. */
  measured: v.optional(PoolMeasures),
});
export type PoolHealth = v.InferOutput<typeof PoolHealth>;
