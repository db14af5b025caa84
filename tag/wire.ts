import type { BlockedReply, LeaseReply } from "../shared/api/leases.ts";

const REPLY_TIMEOUT_MS = 1500;
/** No lease lives longer, whatever a reply says (contract §2). */
const LONGEST_LEASE_S = 14_400;
const E164 = /^\+\d{7,15}$/;

/** What the Worker says, `"gone"` for a lease that is no more, `null` for any failure. */
export type Answer = LeaseReply | BlockedReply | "gone" | null;

/** True for a reply that can be shown: well-formed numbers, and a plausible renewal if there is a lease. */
export function isReply(reply: LeaseReply | BlockedReply): boolean {
  return (
    reply.swaps.every(({ find, replace }) => E164.test(find) && E164.test(replace)) &&
    (!reply.lease || (reply.renew_after_s > 0 && reply.renew_after_s < LONGEST_LEASE_S))
  );
}

/** One `text/plain` request: no preflight, no cookies, and no longer than 1.5 s until its last byte. Never throws. */
export async function post(url: string, body: object): Promise<Answer> {
  const abort = new AbortController();
  const timeout = setTimeout(() => abort.abort(), REPLY_TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      method: "POST",
      body: JSON.stringify(body),
      keepalive: true,
      credentials: "omit",
      signal: abort.signal,
    });
    if (response.status === 410) return "gone";
    const reply = response.ok && (await response.json());
    return isReply(reply) ? reply : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timeout);
  }
}
