import { DAY_MS } from "../../../shared/instant.ts";
import { errorFields } from "../../platform/log.ts";
import type { Services } from "../../services.ts";
import { forgetEntry, type Journaled, readJournal } from "./journal.ts";
import { judgeIfReported } from "./judge.ts";
import { recordEvents } from "./record.ts";

/** Entries of one call that are looked at; it has one for its ring and one for each leg's end. */
const ENTRIES_OF_CALL_MAX = 100;
/** KV lists no more keys at once. */
const ENTRIES_MAX = 1_000;
/** A report on a call whose beginning has not turned up by then never had one. */
const ORPHAN_MS = DAY_MS;

export type Replay = { replayed: number; left: number };

/**
 * Brings what was answered blind into the database, oldest first, at most `limit` entries of it: each costs about five
 * operations of KV and D1. Twice is once: every event has its key. What fails stays in the journal for the next run.
 */
export async function replayBlind(services: Services, limit = 100): Promise<Replay> {
  return replay(services, await readJournal(services, "all", Math.min(limit, ENTRIES_MAX)));
}

/** The same for one call, before something is said of it that needs its beginning. */
export async function replayBlindCall(
  services: Services,
  call: { account_id: string; provider_call_id: string },
): Promise<Replay> {
  return replay(services, await readJournal(services, call, ENTRIES_OF_CALL_MAX));
}

async function replay(services: Services, entries: readonly Journaled[]): Promise<Replay> {
  let replayed = 0;
  for (const entry of [...entries].sort((a, b) => receivedAt(a) - receivedAt(b))) {
    if (await replayEntry(services, entry)) replayed++;
  }
  return { replayed, left: entries.length - replayed };
}

function receivedAt({ news }: Journaled): number {
  return news.events[0]?.received_at ?? 0;
}

async function replayEntry(services: Services, { key, news }: Journaled): Promise<boolean> {
  try {
    const recorded = await recordEvents(services, news);
    if (!recorded.ok) return dropOrphan(services, { key, news });
    await judgeIfReported(services, recorded.value);
    await forgetEntry(services, key);
    return true;
  } catch (error) {
    services.log.error("journal entry not replayed", errorFields(error));
    return false;
  }
}

/** What can never be replayed must not stand in the way of what can. */
async function dropOrphan(services: Services, entry: Journaled): Promise<boolean> {
  if (services.clock.now() - receivedAt(entry) > ORPHAN_MS) {
    services.log.error("journal entry dropped: its call never began", { key: entry.key });
    await forgetEntry(services, entry.key);
  }
  return false;
}
