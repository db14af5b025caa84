import type { BlockedReply, LeaseReply } from "../shared/api/leases.ts";

const REPLY_TIMEOUT_MS = 1500;
const E164 = /^\+\d{7,15}$/;

/** True for a reply that can be shown: well-formed numbers, and a time to renew if there is a lease. */
function isReply(reply: LeaseReply | BlockedReply): boolean {
  return (
    reply.swaps.every(({ find, replace }) => E164.test(find) && E164.test(replace)) &&
    (!reply.lease || reply.renew_after_s > 0)
  );
}

/**
 * One `text/plain` request: no preflight, no cookies, at most 1.5 s until its last byte. Null when the lease is
 * gone (`410`). Rejects on any failure.
 */
export async function post(url: string, body: object): Promise<LeaseReply | BlockedReply | null> {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), REPLY_TIMEOUT_MS);
  const response = await fetch(url, {
    method: "POST",
    body: JSON.stringify(body),
    keepalive: true,
    credentials: "omit",
    signal: abort.signal,
  });
  if (response.status === 410) return null;
  const reply = (await response.json()) as LeaseReply | BlockedReply;
  if (response.ok && isReply(reply)) return reply;
  throw reply;
}
