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

/** Candidates of one call, the newest first: 30 days of a number that changes hands every nine minutes. */
export const CANDIDATES_MAX = 5_000;

/** Month tables are dropped this long after their last session left the late window. */
export const TABLE_GRACE_MS = 62 * DAY_MS;
