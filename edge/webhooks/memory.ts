import { type Instant, SECOND_MS } from "../../shared/instant.ts";

/** How long an isolate believes that a network has a webhook, or none: for that long the minute's run tells instead. */
const REMEMBERED_MS = 10 * SECOND_MS;

const ENTRIES_MAX = 5_000;

const remembered = new Map<string, { has: boolean; at: Instant }>();

/** Whether a network has a webhook that is on; `look` is asked again after ten seconds. A call must not pay for it each time. */
export async function hasWebhooks(
  network_id: string,
  now: Instant,
  look: () => Promise<boolean>,
): Promise<boolean> {
  const known = remembered.get(network_id);
  if (known && known.at <= now && now - known.at < REMEMBERED_MS) return known.has;
  const has = await look();
  if (remembered.size >= ENTRIES_MAX) remembered.clear();
  remembered.set(network_id, { has, at: now });
  return has;
}

/** After a change of its webhooks. */
export function forgetWebhooks(network_id: string): void {
  remembered.delete(network_id);
}
