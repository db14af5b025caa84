import { DAY_MS, HOUR_MS, SECOND_MS } from "../../../shared/instant.ts";

/** However often renewed, a lease lives no longer (contract §2). */
export const LEASE_LIFE_MAX_MS = 4 * HOUR_MS;

/** A flush is due at so many rows, or so long after the first one while there is traffic. */
export const FLUSH_ROWS = 500;
export const FLUSH_AFTER_MS = 3 * SECOND_MS;
/** D1 refuses values above 2 MB; one statement's rows stay well below it. */
export const FLUSH_TEXT_MAX = 900_000;
/** When the last rows before a pause reach D1. An alarm is a row written, so it is not set for every flush. */
export const IDLE_FLUSH_AFTER_MS = 30 * SECOND_MS;

/** How long a lease waits for D1 to say which numbers there are: the page waits 1.5 s for its answer. */
export const NUMBERS_DEADLINE_MS = 700;
export const NUMBERS_RETRY_MS = 5 * SECOND_MS;

/** How late a renewal may be on a slow network, before its visitor counts as gone where numbers are shared. */
export const RENEWAL_GRACE_MS = 60 * SECOND_MS;

/** Candidates of one call, the newest first: 30 days of a number that changes hands every nine minutes. */
export const CANDIDATES_MAX = 5_000;

/** Month tables are dropped this long after their last session left the late window. */
export const TABLE_GRACE_MS = 62 * DAY_MS;

/** Sessions an hour of one visitor: each touch begins one, and nobody clicks more often. */
export const VISITOR_SESSIONS_MAX = 20;
/** Numbers that one address is shown within an hour, whoever asks from there. */
export const ADDRESS_NUMBERS_MAX = 3;
/** Leases an hour of one address prefix: half the pool, or as few as an office needs; three in a crowd. */
export const PREFIX_LEASES_MIN = 8;
export const PREFIX_SHARE = 0.5;
export const PREFIX_LEASES_CROWDED = 3;
/** Leases an hour of one site: as many as its numbers serve at the shortest ttl. */
export const SITE_LEASES_MIN = 600;
export const SITE_LEASES_PER_NUMBER = 60;
/** A click proves its visitor, and two more who may be the same person without storage (contract §2). */
export const CLICK_VISITORS_MAX = 3;
/** Of a large pool no more is reserved: a hundred numbers serve a hundred proven visitors at once. */
export const RESERVED_NUMBERS_MAX = 100;

/**
 * A crowd: within two minutes new visitors for a quarter of the numbers and twice what the pool can hold, or within
 * an hour as many as it can hold (of which it would turn away a tenth, by Erlang's B). It lasts until ten minutes
 * without.
 */
export const CROWD_STEP_MS = 10 * SECOND_MS;
export const CROWD_RUSH_STEPS = 12;
export const CROWD_HOUR_STEPS = 360;
export const CROWD_LASTS_MS = 600 * SECOND_MS;
export const CROWD_AT_LEAST = 8;
export const CROWD_OF_NUMBERS = 0.25;
export const CROWD_RUSH_CAPACITY = 2;
export const CROWD_HOUR_CAPACITY = 1;
/**
 * In a crowd a first lease is short: a page that is still there renews it before it ends and gets a longer one,
 * a bot that only asked has its number back in the pool in half a minute. Five seconds, more than an answer takes
 * to arrive, lie between two visitors of a number.
 */
export const CROWDED_FIRST_S = 20;
export const CROWDED_TTL_S = 240;
export const CROWDED_COOLDOWN_S = 5;
