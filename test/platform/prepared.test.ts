import { eq } from "drizzle-orm";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openDb } from "../../edge/platform/db.ts";
import { prepared } from "../../edge/platform/prepared.ts";
import { law } from "../support/laws.ts";

const things = sqliteTable("things", {
  id: text().primaryKey(),
  count: integer(),
  is_new: integer({ mode: "boolean" }).notNull(),
  tags: text({ mode: "json" }).$type<string[] | null>(),
});
type Thing = typeof things.$inferInsert;
const NAMES = ["id", "count", "is_new", "tags"] as const;

/** A database that only writes down what it is asked. */
function recording() {
  const sent: { sql: string; values: unknown[] }[] = [];
  const prepare = (sql: string) => ({ bind: (...values: unknown[]) => ({ sql, values }) });
  const batch = async (all: { sql: string; values: unknown[] }[]) => {
    sent.push(...all);
    return all.map(() => ({ results: [{ id: "a", count: 1, is_new: 0, tags: '["x"]' }] }));
  };
  return { db: openDb({ prepare, batch } as never), sent };
}

const thing: fc.Arbitrary<Thing> = fc.record({
  id: fc.string(),
  count: fc.option(fc.integer()),
  is_new: fc.boolean(),
  tags: fc.option(fc.array(fc.string(), { maxLength: 3 })),
});

describe("a prepared statement", () => {
  it("sends what Drizzle would have sent, whatever the values", async () => {
    const insert = prepared(NAMES, (db, row: Thing) => db.insert(things).values(row));
    const { db, sent } = recording();
    await fc.assert(
      fc.asyncProperty(thing, async (row) => {
        sent.length = 0;
        await db.batch([insert(db, row)]);
        await db.batch([db.insert(things).values(row)]);
        expect(sent[0]).toEqual(sent[1]);
      }),
      law(200),
    );
  });

  it("reads rows as Drizzle does, and is built once for each database", async () => {
    let builds = 0;
    const find = prepared(["id"], (db, { id }: { id: string }) => {
      builds += 1;
      return db.select().from(things).where(eq(things.id, id));
    });
    const first = recording();
    const second = recording();
    for (const { db, sent } of [first, second, first]) {
      const [rows] = await db.batch([find(db, { id: "a" })]);
      expect(rows).toEqual([{ id: "a", count: 1, is_new: false, tags: ["x"] }]);
      expect(sent.at(-1)?.values).toEqual(["a"]);
    }
    expect(builds).toBe(2);
  });

  it("keeps two uses in one batch apart", async () => {
    const find = prepared(["id"], (db, { id }: { id: string }) =>
      db.select().from(things).where(eq(things.id, id)),
    );
    const { db, sent } = recording();
    await db.batch([find(db, { id: "a" }), find(db, { id: "b" })]);
    expect(sent.map(({ values }) => values)).toEqual([["a"], ["b"]]);
  });

  it("misses no value", () => {
    const find = prepared(["id"], (db, { id }: { id: string }) =>
      db.select().from(things).where(eq(things.id, id)),
    );
    expect(() => find(recording().db, {} as never)).toThrow("a value is given for id");
  });
});
