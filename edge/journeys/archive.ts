import { monthToArchive, nextPage } from "../leasing/archive/store.ts";
import { write } from "../platform/db.ts";
import type { Services } from "../services.ts";

/** What one run copies of a network. */
const PAGES_PER_RUN = 5;

/**
 * Copies sessions of months that are over to the archive, a few pages a run: files of one session a line that DuckDB
 * reads as they are. D1 keeps its rows. Answers how many sessions were copied; none without an archive.
 */
export async function archiveSessions(services: Services, network_id: string): Promise<number> {
  const { archive, clock } = services;
  if (!archive) return 0;
  const { db } = services.network(network_id);
  let copied = 0;
  for (let page = 0; page < PAGES_PER_RUN; page++) {
    const month = await monthToArchive(db, network_id, clock.now());
    if (!month) break;
    const next = await nextPage(db, month, clock.now());
    if (next.sessions > 0) await archive.put(next.key, next.text);
    await write(db, next.noted);
    copied += next.sessions;
  }
  return copied;
}
