import { sql } from "drizzle-orm";
import type { Db, Statement } from "../platform/db.ts";
import { signatureRefusals } from "./tables.ts";

/** Counts a webhook that was refused for its signature, by account and UTC day: nothing else is kept of it. */
export function countRefusal(db: Db, telephony_account_id: string, day: string): Statement {
  return db
    .insert(signatureRefusals)
    .values({ telephony_account_id, day, refused: 1 })
    .onConflictDoUpdate({
      target: [signatureRefusals.telephony_account_id, signatureRefusals.day],
      set: { refused: sql`${signatureRefusals.refused} + 1` },
    });
}
