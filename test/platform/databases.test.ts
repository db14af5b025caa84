import type { D1Database } from "@cloudflare/workers-types";
import { describe, expect, it } from "vitest";
import { openDatabases } from "../../edge/platform/databases.ts";

/** Databases are only handed on here, never asked. */
const named = (name: string) => ({ name }) as unknown as D1Database;
const [DB, DB_1, DB_7] = [named("DB"), named("DB_1"), named("DB_7")];
const open = (map: unknown, more: object = { DB_1, DB_7 }) =>
  openDatabases({ DB, NETWORK_DATABASES: typeof map === "string" ? map : JSON.stringify(map), ...more });

describe("the databases of networks", () => {
  it("are one until a network has its own", () => {
    for (const opened of [openDatabases({ DB }), open({})]) {
      expect(opened.ok && opened.value.of("org_a")).toEqual({ database: DB, first_pool_key: 0 });
      expect(opened.ok && opened.value.ofPoolKey(12)).toBe(DB);
    }
  });

  it("hand out pool keys that tell them apart", () => {
    const opened = open({ org_a: "DB_1", org_b: "DB_7", org_c: "DB_1" });
    if (!opened.ok) throw new Error(opened.error.join());
    const { value } = opened;
    expect(value.directory).toBe(DB);
    expect(value.of("org_b")).toEqual({ database: DB_7, first_pool_key: 7 * 2 ** 24 });
    expect(value.of("org_c")).toEqual(value.of("org_a"));
    expect(value.of("org_d").database).toBe(DB);
    for (const id of ["org_a", "org_b", "org_d"]) {
      const { database, first_pool_key } = value.of(id);
      expect(value.ofPoolKey(first_pool_key + 1)).toBe(database);
      expect(value.ofPoolKey(first_pool_key + 2 ** 24 - 1)).toBe(database);
    }
    expect(255 * 2 ** 24 + 2 ** 24 - 1).toBeLessThan(2 ** 32);
  });

  it("are named with every fault when the environment is wrong", () => {
    const opened = open({ org_a: "DB_2", org_b: "DB", org_c: "DB_256", org_d: "DB_1" });
    expect(opened.ok ? [] : opened.error.map((fault) => fault.split(" ")[1])).toEqual([
      "org_a",
      "org_b",
      "org_c",
    ]);
    for (const wrong of ["[]", "null", "{", '{"org_a":1}']) expect(open(wrong).ok).toBe(false);
  });
});
