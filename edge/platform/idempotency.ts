import { DAY_MS, type Instant } from "../../shared/instant.ts";
import { sha256Hex } from "./crypto.ts";

/** How long an answer is kept for its `Idempotency-Key`. */
export const IDEMPOTENCY_MS = DAY_MS;

/** An unsafe request that came with an `Idempotency-Key`, as it is compared with the first of that key. */
export type IdempotentRequest = {
  organization_id: string;
  key: string;
  /** SHA-256 of method, path with query and body. */
  request_hash: string;
  received_at: Instant;
};

/** The first answer to a key, kept for repetition. */
export type KeptAnswer = { request_hash: string; status: number; body: string };

/** Two requests are the same when method, path, query and body agree to the byte. */
export async function requestHash(method: string, path: string, body: string): Promise<string> {
  return sha256Hex(`${method}\n${path}\n${body}`);
}
