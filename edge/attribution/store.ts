import { and, desc, eq, sql } from "drizzle-orm";
import type { Attribution } from "../../shared/api/calls.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import { attributions, type Inputs } from "./tables.ts";

export type AttributionRow = typeof attributions.$inferSelect;

/** The attribution in force of a call: its latest version; null while nothing was decided. */
export async function attributionOf(db: Db, call_id: string): Promise<AttributionRow | null> {
  const [row] = await db
    .select()
    .from(attributions)
    .where(eq(attributions.call_id, call_id))
    .orderBy(desc(attributions.version))
    .limit(1);
  return row ?? null;
}

/** The attributions in force of many calls, by call id. One statement, however many there are. */
export async function attributionsOf(
  db: Db,
  call_ids: readonly string[],
): Promise<Map<string, AttributionRow>> {
  const rows = await db
    .select()
    .from(attributions)
    .where(
      and(
        sql`${attributions.call_id} IN (SELECT value FROM json_each(${JSON.stringify(call_ids)}))`,
        // Spelled out: drizzle leaves a table's name away where there is but one.
        sql`attributions.version = (SELECT max(a.version) FROM attributions a WHERE a.call_id = attributions.call_id)`,
      ),
    );
  return new Map(rows.map((row) => [row.call_id, row]));
}

/**
 * The next version of a call's attribution. It names the one it corrects; nothing that was decided is ever changed.
 * Refused as a conflict when somebody else decided meanwhile.
 */
export function addAttribution(
  db: Db,
  row: {
    id: string;
    network_id: string;
    call_id: string;
    corrects: AttributionRow | null;
    reason: string;
    attribution: Attribution;
    /** Null for a static number, which needs none. */
    inputs?: Inputs | null;
    created_at: Instant;
  },
): Statement {
  const { corrects, attribution, ...rest } = row;
  return db.insert(attributions).values({
    ...rest,
    version: (corrects?.version ?? 0) + 1,
    corrects_id: corrects?.id ?? null,
    model_version: attribution.model_version,
    attribution,
  });
}
