import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../../shared/instant.ts";
import { ask, client } from "../../api.ts";

/** The list a person came from, newest first: what "previous" and "next" mean on a call's own page. */
let order: readonly string[] = [];

/** Told by the log whenever its rows change. */
export function rememberOrder(ids: readonly string[]): void {
  order = ids;
}

export type Neighbours = { previous: string | null; next: string | null };

/** Neighbours in the list a person came from; null when the call was not in it (a link from elsewhere). */
export function neighboursInList(id: string): Neighbours | null {
  const at = order.indexOf(id);
  return at === -1 ? null : { previous: order[at - 1] ?? null, next: order[at + 1] ?? null };
}

/** How far ahead the newer neighbour is looked for, nearest window first; the API lists newest first only. */
const WINDOWS_MS = [5 * MINUTE_MS, HOUR_MS, DAY_MS, 14 * DAY_MS];
const MOST_ROWS = 200;

/** Neighbours in time among all calls the viewer may see: next is the one before it, as the log is newest first. */
export async function neighboursInTime(started_at: Instant, signal: AbortSignal): Promise<Neighbours> {
  const older = ask(client.calls.$get, { query: { to: started_at, limit: 1 } }, signal);
  const newer = newerThan(started_at, signal);
  return { previous: await newer, next: (await older).data[0]?.id ?? null };
}

async function newerThan(started_at: Instant, signal: AbortSignal): Promise<string | null> {
  for (const window_ms of WINDOWS_MS) {
    const page = await ask(
      client.calls.$get,
      { query: { from: started_at + 1, to: started_at + window_ms, limit: MOST_ROWS } },
      signal,
    );
    const oldest = page.data.at(-1);
    if (oldest && page.next_cursor === null) return oldest.id;
    // Too many in this window to reach its oldest: a wider one has even more.
    if (page.next_cursor !== null) return null;
  }
  return null;
}
