import { and, asc, eq, lte } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import { recordingExpiries } from "./recording-tables.ts";

/** A recording that is to be erased at `expires_at`. */
export type RecordingExpiry = typeof recordingExpiries.$inferSelect;

/** Has a recording erased when its time has come; one that is marked already keeps its moment. */
export function expireRecording(db: Db, expiry: RecordingExpiry): Statement {
  return db.insert(recordingExpiries).values(expiry).onConflictDoNothing();
}

/** The recordings of a network whose time has come, longest due first. */
export function dueRecordings(
  db: Db,
  network_id: string,
  now: Instant,
  limit: number,
): Promise<RecordingExpiry[]> {
  return db
    .select()
    .from(recordingExpiries)
    .where(and(eq(recordingExpiries.network_id, network_id), lte(recordingExpiries.expires_at, now)))
    .orderBy(asc(recordingExpiries.expires_at))
    .limit(limit);
}

/** It could not be erased now. */
export function postponeErasure(db: Db, expiry: RecordingExpiry, until: Instant): Statement {
  return db.update(recordingExpiries).set({ expires_at: until }).where(isThis(expiry));
}

/** It is erased: nothing is left to do. */
export function endExpiry(db: Db, expiry: RecordingExpiry): Statement {
  return db.delete(recordingExpiries).where(isThis(expiry));
}

function isThis({ call_id, recording_id }: RecordingExpiry) {
  return and(eq(recordingExpiries.call_id, call_id), eq(recordingExpiries.recording_id, recording_id));
}
