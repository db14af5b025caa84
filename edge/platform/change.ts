import type { Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "./db.ts";
import type { Ids } from "./ids.ts";

/** What a room needs to prepare a change: its network's database, new ids, and the time. */
export type Ground = {
  db: Db;
  ids: Ids;
  now: Instant;
  /** Where the short keys of this database's pools begin, 0 unless told. */
  first_pool_key?: number;
};

/**
 * A change that is decided and not yet written. The caller sends `statements` in one atomic write, together
 * with the audit row and the answer kept for an `Idempotency-Key`, and answers `result`.
 */
export type Change<T> = {
  result: T;
  /** What was changed, for the audit log. */
  subject_id: string;
  statements: Statement[];
  /**
   * Rows by which requests from outside find their network: organizations, keys, directory entries. For a network with a
   * database of its own they are written to the directory first and then, with the rest, to its own.
   */
  directory?: Statement[];
  /** Rows of people, which are in the directory alone: written there, first. */
  people?: Statement[];
  /** For the audit log: what was asked, without secrets. */
  detail: Record<string, unknown>;
  /** What may be kept for repetition, when `result` holds a secret. */
  kept?: unknown;
};
