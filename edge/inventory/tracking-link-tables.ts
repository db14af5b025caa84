import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const trackingLinks = sqliteTable("tracking_links", {
  id: text().primaryKey(),
  key: text().notNull(),
  network_id: text().notNull(),
  campaign_id: text().notNull(),
  publisher_id: text().notNull(),
  landing_url: text().notNull(),
  sub1: text(),
  sub2: text(),
  sub3: text(),
  sub4: text(),
  sub5: text(),
  created_at: integer().notNull(),
  retired_at: integer(),
});

export const clicks = sqliteTable(
  "clicks",
  {
    link_id: text().notNull(),
    nonce: text().notNull(),
    network_id: text().notNull(),
    clicked_at: integer().notNull(),
    query: text().notNull(),
    sub1: text(),
    sub2: text(),
    sub3: text(),
    sub4: text(),
    sub5: text(),
    region: text(),
  },
  (table) => [primaryKey({ columns: [table.link_id, table.nonce] })],
);
