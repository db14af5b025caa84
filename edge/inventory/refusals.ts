import { and, eq, gte, sql } from "drizzle-orm";
import { DAY_MS, type Instant } from "../../shared/instant.ts";
import { utcDay } from "../platform/clock.ts";
import type { Db } from "../platform/db.ts";
import { signatureRefusals, telephonyAccounts } from "./tables.ts";

/** So many webhooks refused within two UTC days are no accident: a wrong secret, or somebody else's hooks. */
export const REFUSALS_TO_ALARM = 3;

/** Counts a webhook that was refused for its signature, by account and UTC day: nothing else is kept of it. */
export async function countRefusal(
  db: Db,
  telephony_account_id: string,
  now: Instant,
): Promise<{ is_alarm: boolean }> {
  const counted = await db
    .insert(signatureRefusals)
    .values({ telephony_account_id, day: utcDay(now), refused: 1 })
    .onConflictDoUpdate({
      target: [signatureRefusals.telephony_account_id, signatureRefusals.day],
      set: { refused: sql`${signatureRefusals.refused} + 1` },
    })
    .returning({ refused: signatureRefusals.refused });
  // Once a day: who floods an address with unsigned requests does not flood the log.
  return { is_alarm: counted[0]?.refused === REFUSALS_TO_ALARM };
}

/** How many were refused today and yesterday, as a column of a query over accounts. */
export function refusedOfLate(now: Instant) {
  const since = and(
    eq(signatureRefusals.telephony_account_id, telephonyAccounts.id),
    gte(signatureRefusals.day, utcDay(now - DAY_MS)),
  );
  return sql<number>`(SELECT coalesce(sum(${signatureRefusals.refused}), 0) FROM ${signatureRefusals} WHERE ${since})`;
}
