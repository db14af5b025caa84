import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { payStatement } from "../../edge/journeys/pay-statement.ts";
import { isConflict, openDb, write } from "../../edge/platform/db.ts";
import { makeIds } from "../../edge/platform/ids.ts";
import { insertRows } from "../reporting/network.ts";
import { openDatabase } from "../support/database.ts";
import { NOON } from "../support/world.ts";

let database: Awaited<ReturnType<typeof openDatabase>>;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database?.close());

describe("a long statement", () => {
  const CALLS = 450;
  /** One call was paid for when less was booked for it. */
  const PART_PAID = 11;
  const PAID_BEFORE = 5;
  const network_id = "org_many_network";
  const organization = { id: "org_many_publisher", kind: "publisher" as const };
  const ask = { network_id, organization, period: "2026-11", timezone: "UTC", currency: undefined };
  const ids = makeIds({ now: () => NOON });
  const ground = () => ({ db: openDb(database.d1 as never), ids, now: NOON });
  const prepared = async () => {
    const change = await payStatement(ground(), { ...ask, reference: "long" });
    if (!change.ok) throw new Error(JSON.stringify(change.error));
    return change.value;
  };

  /** Calls with a payout each; every ninth is on hold, every tenth was reversed. */
  beforeAll(async () => {
    const numbered = Array.from({ length: CALLS }, (_, i) => ({ i, id: `cal_many_${i}` }));
    const status = (i: number) => (i % 10 === 0 ? "reversed" : i % 9 === 0 ? "held" : "qualified");
    const booked = { network_id, currency: "USD", posted_at: NOON };
    const lines = (transaction_id: string, amount_micros: number) => [
      { transaction_id, line: 1, account: "margin", organization_id: network_id, amount_micros },
      {
        transaction_id,
        line: 2,
        account: "payable",
        organization_id: organization.id,
        amount_micros: -amount_micros,
      },
    ];
    const reversed = numbered.filter(({ i }) => status(i) === "reversed");
    const insert = (table: string, all: Record<string, unknown>[]) => insertRows(database, table, all);
    await insert(
      "calls",
      numbered.map(({ i, id }) => ({
        id,
        network_id,
        telephony_account_id: "tel_many",
        provider: "sandbox",
        provider_call_id: id,
        seq: 3,
        status: "completed",
        disposition: "answered",
        started_at: NOON,
        to_e164: "+16285550900",
        publisher_id: organization.id,
        payout_status: status(i),
        payout_micros: i + 1,
      })),
    );
    await insert(
      "verdicts",
      numbered.flatMap(({ i, id }) =>
        [1, 2].map((version) => ({
          id: `vrd_${id}_${version}`,
          network_id,
          call_id: id,
          side: "payout",
          version,
          status: version === 1 ? "pending" : status(i),
          organization_id: organization.id,
          amount_micros: version === 1 ? 0 : i + 1,
          rules: `[{"rule":"min_duration","passed":true,"detail":"95 s ≥ ${i} s"}]`,
          created_at: version,
        })),
      ),
    );
    await insert("ledger_entries", [
      ...numbered.flatMap(({ i, id }) => lines(`txn_${id}`, i + 1)),
      ...reversed.flatMap(({ i, id }) => lines(`txr_${id}`, -i - 1)),
    ]);
    await insert(
      "ledger_transactions",
      numbered.map(({ id }) => ({
        ...booked,
        id: `txn_${id}`,
        call_id: id,
        kind: "payout",
        posting_key: id,
        reason: "qualified",
      })),
    );
    const part = {
      kind: "paid",
      side: "payout",
      organization_id: organization.id,
      amount_micros: PAID_BEFORE,
    };
    const id = `cal_many_${PART_PAID}`;
    const event_key = `paid/${id}/payout/1`;
    await insert("call_events", [
      {
        id: "evt_part",
        network_id,
        call_id: id,
        seq: 3,
        telephony_account_id: "tel_many",
        event_key,
        received_at: 1,
        kind: "paid",
        event: JSON.stringify({ ...part, event_key, received_at: 1, provider_at: null, reference: null }),
      },
    ]);
    await insert(
      "ledger_transactions",
      reversed.map(({ id }) => ({
        ...booked,
        id: `txr_${id}`,
        call_id: id,
        kind: "reversal",
        reverses_id: `txn_${id}`,
        posting_key: `${id}/reversal`,
        reason: "duplicate",
      })),
    );
  });

  it("is refused as a whole when one of its calls changed meanwhile", async () => {
    const change = await prepared();
    const other =
      "INSERT INTO call_events VALUES ('evt_many', ?, 'cal_many_1', 4, 'tel_many', 'k', 1, 'progress', '{}')";
    await database.sql(other, network_id);
    const error = await write(ground().db, ...change.statements).catch((thrown: unknown) => thrown);
    expect(isConflict(error)).toBe(true);
    const paid = "SELECT count(*) AS n FROM calls WHERE network_id = ? AND payout_status = 'paid'";
    expect(await database.sql(paid, network_id)).toEqual([{ n: 0 }]);
    await database.sql("UPDATE calls SET seq = 4 WHERE id = 'cal_many_1'");
  });

  it("is paid in steps of 200 calls, each call once and by what is booked for it", async () => {
    const expected = Array.from({ length: CALLS }, (_, i) => i).filter((i) => i % 10 !== 0 && i % 9 !== 0);
    const steps = [];
    for (let remaining = 1; remaining > 0; ) {
      const { result, statements } = await prepared();
      await write(ground().db, ...statements);
      steps.push(result);
      remaining = result.remaining;
    }
    expect(steps.map(({ paid_calls }) => paid_calls)).toEqual([200, expected.length - 200]);
    expect(steps.map(({ skipped_held }) => skipped_held)).toEqual([45, 45]);
    const total = expected.reduce((sum, i) => sum + i + 1, 0) - PAID_BEFORE;
    expect(steps.reduce((sum, { total_micros }) => sum + total_micros, 0)).toBe(total);
    expect((await prepared()).statements).toEqual([]);

    const noted = `SELECT e.call_id, e.event_key, e.event ->> '$.amount_micros' AS micros, v.version, v.status,
        v.rules = o.rules AND v.amount_micros = o.amount_micros AND v.organization_id = o.organization_id AS is_same
      FROM calls c JOIN call_events e ON e.call_id = c.id AND e.seq = c.seq
      JOIN verdicts v ON v.call_id = c.id AND v.version = 3 JOIN verdicts o ON o.call_id = c.id AND o.version = 2
      WHERE e.network_id = ? AND e.kind = 'paid' ORDER BY v.amount_micros`;
    expect(await database.sql(noted, network_id)).toEqual(
      expected.map((i) => ({
        call_id: `cal_many_${i}`,
        micros: i === PART_PAID ? i + 1 - PAID_BEFORE : i + 1,
        event_key: `paid/cal_many_${i}/payout/${i === PART_PAID ? 2 : 1}`,
        version: 3,
        status: "paid",
        is_same: 1,
      })),
    );
  });
});
