import { DAY_MS } from "../../../shared/instant.ts";
import { errorFields } from "../../platform/log.ts";
import type { Services } from "../../services.ts";
import { entriesOfCall, forgetEntry, type Journaled, nextEntries } from "./journal.ts";
import { judgeIfReported } from "./judge.ts";
import { noteRecording } from "./note-recording.ts";
import { type News, recordEvents } from "./record.ts";

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
  return replay(services, await nextEntries(services, Math.min(limit, ENTRIES_MAX)));
}

/** The same for one call, before something is said of it that needs its beginning. */
export async function replayBlindCall(
  services: Services,
  call: { account_id: string; provider_call_id: string },
): Promise<Replay> {
  return replay(services, await entriesOfCall(services, call, ENTRIES_OF_CALL_MAX));
}

async function replay(services: Services, entries: readonly Journaled[]): Promise<Replay> {
  let replayed = 0;
  const after: After[] = [];
  for (const entry of [...entries].sort((a, b) => receivedAt(a) - receivedAt(b))) {
    if (await replayEntry(services, entry, after)) replayed++;
  }
  services.later(inTurn(after));
  return { replayed, left: entries.length - replayed };
}

/** What is left to do once an entry is stored: nobody waits for it. */
type After = () => Promise<void>;

/** One after another: a recording is copied in one piece, and many of them at once would be more than fits. */
async function inTurn(after: readonly After[]): Promise<void> {
  for (const work of after) await work();
}

function receivedAt(entry: Journaled): number {
  return "news" in entry ? (entry.news.events[0]?.received_at ?? 0) : entry.recording.received_at;
}

async function replayEntry(services: Services, entry: Journaled, after: After[]): Promise<boolean> {
  try {
    const stored =
      "news" in entry ? storeNews(services, entry.news) : noteRecording(services, entry.recording);
    const rest = await stored;
    if (!rest) return dropOrphan(services, entry);
    after.push(rest);
    await forgetEntry(services, entry.key);
    return true;
  } catch (error) {
    services.log.error("journal entry not replayed", errorFields(error));
    return false;
  }
}

async function storeNews(services: Services, news: News): Promise<After | null> {
  const recorded = await recordEvents(services, news);
  if (!recorded.ok) return null;
  await judgeIfReported(services, recorded.value);
  return async () => {};
}

/** What can never be replayed must not stand in the way of what can. */
async function dropOrphan(services: Services, entry: Journaled): Promise<boolean> {
  if (services.clock.now() - receivedAt(entry) > ORPHAN_MS) {
    services.log.error("journal entry dropped: its call never began", { key: entry.key });
    await forgetEntry(services, entry.key);
  }
  return false;
}
