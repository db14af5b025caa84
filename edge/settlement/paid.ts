import { sql } from "drizzle-orm";
import type { Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import type { Side } from "./model/facts.ts";
import { verdicts } from "./tables.ts";

/**
 * For each of these calls the next version of one side's verdict, which says what the last one says, and that it is
 * paid: what `judgeCall` says of a qualified side once its payment is among the facts, so the call need not be judged
 * again. One statement, however many calls; a conflict when one of them was judged meanwhile. The columns stand in
 * the table's order, as INSERT … SELECT demands.
 */
export function addPaidVerdicts(
  db: Db,
  side: Side,
  made: readonly { id: string; call_id: string }[],
  created_at: Instant,
): Statement {
  const rows = JSON.stringify(made.map(({ id, call_id }) => [id, call_id]));
  return db.insert(verdicts).select(
    sql`SELECT j.value ->> 0, v.network_id, v.call_id, v.side, v.version + 1, 'paid', v.organization_id,
      v.terms_version, v.amount_micros, v.rules, ${created_at}, NULL
      FROM json_each(${rows}) j JOIN verdicts v ON v.call_id = j.value ->> 1 AND v.side = ${side}
      WHERE v.version = (SELECT max(l.version) FROM verdicts l WHERE l.call_id = v.call_id AND l.side = v.side)`,
  );
}
