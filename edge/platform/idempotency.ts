import type { DigestStream } from "@cloudflare/workers-types";
import { DAY_MS, type Instant } from "../../shared/instant.ts";
import { hexOf, sha256Hex, utf8 } from "./crypto.ts";

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

/** The same of a body that is read as it comes: `add` its bytes, then ask for the `hash`. */
export function requestHasher(
  method: string,
  path: string,
): { add(bytes: Uint8Array<ArrayBuffer>): Promise<void>; hash(): Promise<string> } {
  // WebCrypto hashes nothing in parts; workerd has this beside it.
  const { DigestStream: Digest } = crypto as unknown as { DigestStream: typeof DigestStream };
  const digest = new Digest("SHA-256");
  const writer = digest.getWriter();
  const begun = writer.write(utf8(`${method}\n${path}\n`));
  let hash: Promise<string> | null = null;
  const end = async (): Promise<string> => {
    await begun;
    await writer.close();
    return hexOf(await digest.digest);
  };
  return {
    async add(bytes) {
      await writer.write(bytes);
    },
    hash() {
      hash ??= end();
      return hash;
    },
  };
}
