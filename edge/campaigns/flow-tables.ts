import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { CallFlow } from "../../shared/api/ivr.ts";

/** Immutable versions of a campaign's call flow; the last one made is in force. */
export const callFlows = sqliteTable("call_flows", {
  id: text().primaryKey(),
  network_id: text().notNull(),
  campaign_id: text().notNull(),
  version: integer().notNull(),
  flow: text({ mode: "json" }).$type<CallFlow>().notNull(),
  created_at: integer().notNull(),
});
