import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { splitStatements } from "../../bin/migrate.ts";
import type { Call } from "../../shared/api/calls.ts";
import type { Report } from "../../shared/api/reports.ts";
import type { Statement } from "../../shared/api/statements.ts";
import { MINUTE_MS } from "../../shared/instant.ts";
import { balancesOf, callNamed, ledgerOf, placeCall } from "../support/phone.ts";
import { startWorld, type World } from "../support/world.ts";
import {
  callThatIsShared,
  type Publisher,
  partOf,
  payPublisher,
  type Stage,
  splitStage,
} from "./split-stage.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

async function payoutLater(call_id: string, now: number): Promise<Call["payout"]> {
  await world.json("/__local/scheduled", { method: "POST", now });
  return (await callNamed(world, call_id, now)).payout;
}

it("shares an uncertain payout, each publisher seeing and being paid its own part", async () => {
  const staged = await splitStage(world, "+1628555", [
    { payout_micros: 40_000_000 },
    { payout_micros: 20_000_000 },
  ]);
  const { publishers, rates } = staged;
  const [first, second] = publishers;
  const { call, now } = await callThatIsShared(world, staged, "split-1");
  expect(call.publisher_id).toBeNull();
  expect(call.revenue).toMatchObject({ status: "qualified", revenue_micros: 70_000_000 });
  const shares = call.payout?.shares ?? [];
  expect(shares.map(({ publisher_id }) => publisher_id).sort()).toEqual([first.id, second.id].sort());
  for (const { publisher_id, part, payout_micros } of shares) {
    expect(payout_micros).toBe(Math.floor((rates.get(publisher_id) ?? 0) * part + 1e-6));
  }
  expect(shares.reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(1, 9);

  const balances = balancesOf(await ledgerOf(world, `call_id=${call.id}`, now));
  for (const { publisher_id, payout_micros } of shares) {
    expect(balances[`payable ${publisher_id}`]).toBe(-payout_micros);
  }
  expect(Object.values(balances).reduce((sum, amount) => sum + amount, 0)).toBe(0);

  for (const publisher of publishers) {
    expect(await ownAsStated(publisher, "qualified", now)).toBe(partOf(call, publisher));
    const other = publishers.find((one) => one !== publisher);
    for (const path of [`/calls/${call.id}`, "/calls", "/reports?group_by=publisher_id,payout_status"]) {
      const own = await world.json(`/api/v1${path}`, { now, key: publisher.key });
      expect(JSON.stringify(own)).not.toContain(other?.id);
    }
    expect((await read<Calls>(`/calls?publisher_id=${other?.id}`, now, publisher)).data).toEqual([]);
  }
  await expectSumsByPublisher(staged, now);

  const later = now + MINUTE_MS;
  expect(await payPublisher(world, first, now)).toMatchObject({ paid_calls: 1, remaining: 0 });
  expect((await payoutLater("split-1", later))?.status).toBe("qualified");
  expect(await payPublisher(world, first, now)).toMatchObject({ paid_calls: 0, remaining: 0 });
  expect(await ownAsStated(first, "paid", later)).toBe(partOf(call, first));
  expect(await ownAsStated(second, "qualified", later)).toBe(partOf(call, second));
  expect(await payPublisher(world, second, now)).toMatchObject({ paid_calls: 1, remaining: 0 });
  expect((await payoutLater("split-1", later))?.status).toBe("paid");
});

it("tells and pays each its own part while another's is on hold", async () => {
  const held = { payout_micros: 20_000_000, hold_s: 86_400 };
  const staged = await splitStage(world, "+1646555", [{ payout_micros: 40_000_000 }, held]);
  const [first, second] = staged.publishers;
  const { call, now } = await callThatIsShared(world, staged, "split-2");
  expect(call.payout?.status).toBe("held");
  expect(await ownAsStated(first, "qualified", now)).toBe(partOf(call, first));
  expect(await ownAsStated(second, "held", now)).toBe(partOf(call, second));
  await expectSumsByPublisher(staged, now);
  expect(await payPublisher(world, first, now)).toMatchObject({
    paid_calls: 1,
    skipped_held: 0,
    remaining: 0,
  });
  expect(await payPublisher(world, second, now)).toMatchObject({
    paid_calls: 0,
    skipped_held: 1,
    remaining: 0,
  });
  expect((await payoutLater("split-2", now + MINUTE_MS))?.status).toBe("held");
  expect(await ownAsStated(first, "paid", now + MINUTE_MS)).toBe(partOf(call, first));
});

it("rejects the part of one whose own terms fail, of which nothing was ever booked, and takes back what was", async () => {
  const longer = { payout_micros: 20_000_000, min_duration_s: 300 };
  const staged = await splitStage(world, "+1415777", [{ payout_micros: 40_000_000 }, longer]);
  const [first, second] = staged.publishers;
  const from = "+14155550188";
  const { call, now } = await callThatIsShared(world, staged, "split-3", { from });
  const statuses = async () => {
    const shares = (await read<Call>(`/calls/${call.id}`, now)).payout?.shares ?? [];
    return [first, second].map(({ id }) => shares.find((one) => one.publisher_id === id)?.status);
  };
  expect(await statuses()).toEqual(["qualified", "rejected"]);
  const rejected = await read<Report>("/reports?metrics=rejected_calls", now, second);
  expect(rejected.totals).toEqual({ rejected_calls: 1 });

  // An earlier call of the same caller makes this one a repeat for both.
  const { sandbox_account_id: telephony_account_id, campaign_id } = staged.stock;
  await world.json("/api/v1/numbers", {
    json: { telephony_account_id, e164: ["+14157770999"], campaign_id, publisher_id: first.id },
  });
  const at = call.started_at - MINUTE_MS;
  await placeCall(world, telephony_account_id, { call_id: "split-3-before", to: "+14157770999", at, from });
  await world.json("/__local/scheduled", { method: "POST", now });
  expect(await statuses()).toEqual(["reversed", "rejected"]);
  expect((await read<Call>(`/calls/${call.id}`, now)).payout?.status).toBe("reversed");
});

it("finds the parts of calls that were judged before parts were copied", async () => {
  const columns = "call_id, publisher_id, payout_status, payout_micros, revenue_micros, reject_reason";
  const parts = async () =>
    (await world.d1.prepare(`SELECT ${columns} FROM call_shares ORDER BY call_id, publisher_id`).all())
      .results;
  const copied = await parts();
  expect(copied.length).toBeGreaterThan(0);
  await world.d1
    .prepare("UPDATE call_shares SET payout_status = NULL, payout_micros = NULL, revenue_micros = NULL")
    .run();
  const migration = await readFile("edge/migrations/0081_parts_of_payouts.sql", "utf8");
  await world.d1.prepare(splitStatements(migration).at(-1) ?? "").run();
  expect(await parts()).toEqual(copied);
});

const read = <T>(path: string, now: number, by?: Publisher) =>
  world.json<T>(`/api/v1${path}`, { now, ...(by && { key: by.key }) });

type Calls = { data: Call[] };

/**
 * What a publisher's report, overview, call list, call page, statement and ledger, and the network's of the publisher,
 * say it earned: they all say the same, of one call of this status.
 */
async function ownAsStated(publisher: Publisher, status: string, now: number): Promise<number> {
  const { id } = publisher;
  const get = <T>(path: string) => read<T>(path, now, publisher);
  const metrics = "calls,payable_calls,paid_calls,payout_micros";
  const figures = { calls: 1, payable_calls: 1, paid_calls: status === "paid" ? 1 : 0 };
  const { total_micros } = await get<Statement>("/statements?period=2026-11");
  const expected = { ...figures, payout_micros: total_micros };

  expect((await get<Report>(`/reports?metrics=${metrics}`)).totals).toEqual(expected);
  for (const filter of ["", `&publisher_id=${id}`, `&publisher_id=${id}&payout_status=${status}`]) {
    expect((await get<Report>(`/reports?metrics=${metrics}${filter}`)).totals).toEqual(expected);
  }
  const overview = await get<Report>(`/reports?metrics=${metrics}&group_by=day,payout_status`);
  expect(overview.data).toEqual([{ day: "2026-11-21", payout_status: status, ...expected }]);
  const ofPublisher = `/reports?metrics=${metrics}&publisher_id=${id}&payout_status=${status}`;
  expect((await read<Report>(ofPublisher, now)).totals).toEqual(expected);
  const byPublisher = await read<Report>(`/reports?metrics=${metrics}&group_by=publisher_id`, now);
  expect(byPublisher.data).toContainEqual({ publisher_id: id, ...expected });

  const payout = { status, payout_micros: total_micros };
  for (const filter of ["", `?payout_status=${status}`, `?publisher_id=${id}&payout_status=${status}`]) {
    const { data } = await get<Calls>(`/calls${filter}`);
    expect(data.map((call) => call.payout)).toMatchObject([payout]);
    expect((await get<Call>(`/calls/${data[0]?.id}`)).payout).toMatchObject(payout);
  }
  expect((await get<Calls>("/calls?payout_status=rejected")).data).toEqual([]);
  const listed = await read<Calls>(`/calls?publisher_id=${id}&payout_status=${status}`, now);
  expect(listed.data.length).toBe(1);
  // The whole payout of such a call is the network's to read, with every part.
  const csv = await world.ask(`/api/v1/calls?format=csv&columns=payout_shares&publisher_id=${id}`, { now });
  expect(await csv.text()).toContain(`${id} ${status} ${total_micros}`);
  const hidden = await world.ask("/api/v1/calls?format=csv&columns=payout_shares", {
    now,
    key: publisher.key,
  });
  expect(hidden.status).toBe(422);
  const ledger = await get<{ data: { amount_micros: number }[] }>("/ledger");
  expect(ledger.data.map(({ amount_micros }) => -amount_micros)).toEqual([total_micros]);
  return total_micros;
}

/** The network's money by publisher adds up to what it is without groups; a call is one call there. */
async function expectSumsByPublisher({ stock, publishers }: Stage, now: number): Promise<void> {
  const money = "revenue_micros,payout_micros,margin_micros";
  const path = `/reports?metrics=calls,${money}&campaign_id=${stock.campaign_id}`;
  const { totals } = await read<Report>(path, now);
  const grouped = await read<Report>(`${path}&group_by=publisher_id`, now);
  expect(totals.calls).toBe(1);
  expect(grouped.totals).toEqual(totals);
  expect(grouped.data.map(({ publisher_id }) => publisher_id).sort()).toEqual(
    publishers.map(({ id }) => id).sort(),
  );
  for (const name of money.split(",")) {
    const sum = grouped.data.reduce((sum, row) => sum + Number(row[name]), 0);
    expect(sum, name).toBe(totals[name]);
  }
}
