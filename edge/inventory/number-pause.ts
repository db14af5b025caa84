import { and, eq, isNotNull, isNull, lte } from "drizzle-orm";
import type { TrackingNumber } from "../../shared/api/inventory.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Db } from "../platform/db.ts";
import type { PauseFields } from "../platform/pause.ts";
import { numberView, type SeenNumber } from "./numbers.ts";
import { numbersChanged } from "./pools.ts";
import { numbers } from "./tables.ts";

/**
 * From now on calls to the number hear a message and its pool shows it to nobody, or, with `NOT_PAUSED`, both as before.
 * Who was shown it keeps it.
 */
export function setNumberPause(
  { db }: Ground,
  viewer: Viewer,
  seen: SeenNumber,
  pause: PauseFields,
  detail: Record<string, unknown>,
): Change<TrackingNumber> {
  const number = { ...seen.number, ...pause };
  const pool_id = seen.assignment?.pool_id ?? null;
  return {
    result: numberView(viewer, { ...seen, number }),
    subject_id: number.id,
    statements: [
      db.update(numbers).set(pause).where(eq(numbers.key, number.key)),
      ...(pool_id === null ? [] : [numbersChanged(db, pool_id)]),
    ],
    detail,
  };
}

/** Numbers whose pause has ended by itself and is still written down: calls go through, but no pool shows them. */
export async function pausesOver(db: Db, network_id: string, now: Instant, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: numbers.id })
    .from(numbers)
    .where(
      and(
        eq(numbers.network_id, network_id),
        isNull(numbers.retired_at),
        isNotNull(numbers.paused_at),
        lte(numbers.resume_at, now),
      ),
    )
    .limit(limit);
  return rows.map(({ id }) => id);
}
