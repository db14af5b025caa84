/** The learned part of the model. Rates in calls per second and lease; factors around 1. JSON as it stands. */
export type Parameters = {
  version: string;
  /** Call rate while the page is open, by `ON_EDGES_S` of the lease's age. */
  on: readonly number[];
  /** Call rate after leaving, by `LEFT_EDGES_S`. */
  left: readonly number[];
  /** Call rate after a press of the call link, by `CLICK_EDGES_S`. */
  click: readonly number[];
  /** What a press on a publisher's page is worth against the mean; 1 for one that is not listed. */
  click_worth: Readonly<Record<string, number>>;
  /** Call rate of a caller who called before, to the same number, by `AGAIN_EDGES_S`. */
  redial: readonly number[];
  /** The same of a caller whom no visit explained. */
  stray_redial: readonly number[];
  /** Call rate of somebody else of a visitor's household, after the lease was used. */
  household: readonly number[];
  /** a: the share of callers whose area code is where they are. */
  local_share: number;
  /** s: the share of visitors who call from the same phone again. */
  same_phone: number;
  /** M: one over the chance that a call is by one certain caller. */
  caller_rarity: number;
  device: Readonly<Record<"mobile" | "desktop", Readonly<Record<"on" | "left", number>>>>;
  /** How often a publisher's visitors call, against the mean; 1 for one that is not listed. */
  publisher: Readonly<Record<string, number>>;
  /**
   * How many times too long the longest odds may be: what is likelier than 6 to 1 is claimed less surely, by up to this
   * factor. 1 for true values; above it for learned ones, so that nothing is claimed surer than it turns out.
   */
  doubt: number;
  /** How unlike other pools this one may be, of 1; 0 for what was learned, which `doubt` is for. See `spread.ts`. */
  spread: number;
  /** Leases a day and number of each publisher when this was learned; null until it is. */
  traffic: Readonly<Record<string, number>> | null;
  /** How busy each hour of the UTC day is for late callers and strays; its mean is 1. */
  hour: readonly number[];
  /** How likely a visitor who left at each hour of the UTC day is to call late within a day, at an hour of which `hour` is 1. */
  left_hour: readonly number[];
  /** `hour` for who calls again, and for households. */
  again_hour: readonly number[];
  /** μ by number key, and of a number that is not listed; null until it is learned. */
  stray: Readonly<{ mean: number; numbers: Readonly<Record<string, number>> }> | null;
};

export const MODEL_VERSION = "start-9";

const PER_MILLION = 1e-6;

/** Every hour like any other. */
const EVEN_DAY: readonly number[] = Array.from({ length: 24 }, () => 1);

/**
 * What a pool starts with before it has calls of its own: 5 % of leases call, half of them while they live, by a
 * mixture of lognormal delays for those who call from the page, soon after, hours later and days later.
 */
export const START: Parameters = {
  version: MODEL_VERSION,
  on: [74.9, 111, 84.9, 47.1, 19.0, 5.68, 1.52, 0.621, 0.29].map((rate) => rate * PER_MILLION),
  left: [
    ...[6.72, 15.8, 14.5, 8.57, 3.73, 1.72, 1.25, 0.905, 0.456, 0.162],
    ...[0.0588, 0.0379, 0.028, 0.0165, 0.00718, 0.00227, 0.000558],
  ].map((rate) => rate * PER_MILLION),
  click: [0.00552, 0.0471, 0.0649, 0.0412, 0.017, 0.00481, 0.000682, 2.82e-5, 1.12e-6],
  click_worth: {},
  redial: [55.6, 80.4, 58.6, 21.0, 4.74, 0.523, 0.0356, 0.00196].map((rate) => rate * PER_MILLION),
  stray_redial: [416, 463, 170, 18.2, 0.813, 0.0145, 0.00106, 0.001].map((rate) => rate * PER_MILLION),
  household: [0.000724, 0.0144, 0.134, 0.466, 0.509, 0.186, 0.0278, 0.00116].map(
    (rate) => rate * PER_MILLION,
  ),
  local_share: 0.6,
  same_phone: 0.85,
  caller_rarity: 20_000,
  device: { mobile: { on: 1, left: 1 }, desktop: { on: 1, left: 1 } },
  publisher: {},
  doubt: 1,
  spread: 0,
  traffic: null,
  hour: EVEN_DAY,
  left_hour: EVEN_DAY,
  again_hour: EVEN_DAY,
  stray: null,
};

/** Calls of a pool before a model is fitted to them. */
export const CAREFUL_UNTIL_CALLS = 50;

/** How far above 1 the doubt of what few calls taught is, and after how many calls half of that is gone. */
const FIRST_DOUBT = 0.3;
const DOUBT_HALVED_AFTER_CALLS = 500;

/** The doubt of a model learned from so many calls. In simulation what is claimed is then what is right. */
export function doubtAfter(calls: number): number {
  return 1 + FIRST_DOUBT / (1 + calls / DOUBT_HALVED_AFTER_CALLS);
}

/** What a pool of which nothing is known is judged by: not these values alone, but also what pools have turned out to have. */
export const CAREFUL_START: Parameters = { ...START, version: `${MODEL_VERSION}-careful`, spread: 1 };

/** The factor of a publisher in a table of factors; 1 for nobody and for one that is not listed. */
export function factorFor(factors: Readonly<Record<string, number>>, publisher_id: string | null): number {
  if (publisher_id === null || !Object.hasOwn(factors, publisher_id)) return 1;
  return factors[publisher_id] ?? 1;
}
