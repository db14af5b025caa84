import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ROOT } from "../../bin/paths.ts";
import { law } from "../support/laws.ts";

/** The rules of slots are triggers: they are tried on the migrated schema itself. */

let db: DatabaseSync;
beforeAll(() => {
  db = new DatabaseSync(":memory:");
  const folder = join(ROOT, "edge/migrations");
  for (const file of readdirSync(folder).toSorted()) db.exec(readFileSync(join(folder, file), "utf8"));
});
const clear = () => db.exec("DELETE FROM cap_slots; DELETE FROM cap_usage; DELETE FROM calls;");
beforeEach(clear);

type Slot = { call: number; scope: number; hour: number; cap: number | null };
const DAYS = ["2026-11-20", "2026-11-21"];
const HOUR_MS = 3_600_000;

/** True when it was let in, false when a cap refused it. */
function take({ call, scope, hour, cap }: Slot): boolean {
  const insert = db.prepare(
    "INSERT INTO cap_slots VALUES (?, ?, 'campaign', 'cmp_1', 'org_1', ?, ?, ?, '2026-11', NULL, ?, NULL, NULL, ?, 1, 0) ON CONFLICT DO NOTHING",
  );
  const at = hour * HOUR_MS;
  try {
    insert.run(`cal_${call}`, `scope_${scope}`, at, at, DAYS[Math.floor(hour / 24)] ?? "", cap, cap);
    return true;
  } catch (error) {
    expect(String(error)).toContain("a cap is reached");
    return false;
  }
}

const set = (column: "is_open" | "is_freed", value: number, call: number) =>
  db.prepare(`UPDATE cap_slots SET ${column} = ? WHERE call_id = ?`).run(value, `cal_${call}`);

type Row = Record<string, number | string>;
const usage = (): Row[] => db.prepare("SELECT * FROM cap_usage ORDER BY scope_id").all() as Row[];

/** The same figures, counted from the slots. */
function recount(): Row[] {
  return db
    .prepare(
      `SELECT u.scope_id, u.campaign_id, u.network_id, max(s.hour_at) AS hour_at,
        sum(s.hour_at = u.hour_at AND NOT s.is_freed) AS hour_used, max(s.day) AS day,
        sum(s.day = u.day AND NOT s.is_freed) AS day_used, max(s.month) AS month,
        sum(s.month = u.month AND NOT s.is_freed) AS month_used, sum(NOT s.is_freed) AS total_used, sum(s.is_open) AS open_used
      FROM cap_usage u JOIN cap_slots s ON s.scope_id = u.scope_id GROUP BY u.scope_id ORDER BY u.scope_id`,
    )
    .all() as Row[];
}

const step = fc.oneof(
  fc.record({
    do: fc.constant("take" as const),
    call: fc.integer({ min: 1, max: 8 }),
    scope: fc.integer({ min: 1, max: 2 }),
    hour: fc.integer({ min: 0, max: 47 }),
    cap: fc.constantFrom(null, 1, 3),
  }),
  fc.record({
    do: fc.constantFrom("end" as const, "free" as const, "hold" as const),
    call: fc.integer({ min: 1, max: 8 }),
  }),
);

describe("slots", () => {
  it("are counted right whatever happens to them, in any order and twice", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        clear();
        for (const one of steps) {
          const again = () => {
            if (one.do === "take") take(one);
            else if (one.do === "end") set("is_open", 0, one.call);
            else set("is_freed", one.do === "free" ? 1 : 0, one.call);
          };
          again();
          const once = usage();
          again();
          expect(usage()).toEqual(once);
        }
        expect(usage()).toEqual(recount());
      }),
      law(150),
    );
  });

  it("are never more than the cap, and are refused only when it is reached", () => {
    const calls = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 60 });
    fc.assert(
      fc.property(calls, fc.integer({ min: 1, max: 9 }), (order, cap) => {
        clear();
        const admitted = new Set<number>();
        for (const call of order) {
          const isIn = take({ call, scope: 1, hour: 30, cap });
          expect(isIn).toBe(admitted.has(call) || admitted.size < cap);
          if (isIn) admitted.add(call);
        }
        expect(admitted.size).toBe(Math.min(cap, new Set(order).size));
      }),
      law(100),
    );
  });

  it("of a new day begin at nothing, and one of a day that is over counts in none", () => {
    for (const call of [1, 2, 3]) take({ call, scope: 1, hour: 40, cap: null });
    expect(take({ call: 4, scope: 1, hour: 10, cap: null })).toBe(true);
    expect(usage()).toMatchObject([{ day: DAYS[1], day_used: 3, hour_used: 3, total_used: 4 }]);
    expect(usage()).toEqual(recount());
  });
});

describe("a call", () => {
  const call = (id: string) =>
    db.exec(
      `INSERT INTO calls (id, network_id, telephony_account_id, provider, provider_call_id, seq, status, disposition, started_at, to_e164)
       VALUES ('${id}', 'org_1', 'tel_1', 'sandbox', '${id}', 1, 'ringing', 'ringing', 1, '+16285550101')`,
    );
  const update = (set: string) => db.exec(`UPDATE calls SET ${set} WHERE id = 'cal_1'`);
  const counts = () => usage().map(({ day_used, open_used }) => [day_used, open_used]);

  it("that ends leaves the line, and one that does not qualify gives its slot back, until it does", () => {
    call("cal_1");
    take({ call: 1, scope: 1, hour: 30, cap: 5 });
    expect(counts()).toEqual([[1, 1]]);
    update("ended_at = 5");
    expect(counts()).toEqual([[1, 0]]);
    update("revenue_status = 'rejected'");
    expect(counts()).toEqual([[0, 0]]);
    update("revenue_status = 'pending'");
    expect(counts()).toEqual([[1, 0]]);
    update("revenue_status = 'qualified'");
    update("revenue_status = 'reversed', payout_status = 'rejected'");
    expect(counts()).toEqual([[0, 0]]);
  });
});
