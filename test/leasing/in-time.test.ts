import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firstVisitors } from "../../edge/leasing/click-sessions.ts";
import { spansInTime } from "../../edge/leasing/in-time.ts";
import { leaseSpans } from "../../edge/leasing/lessons.ts";
import type { LeaseRef } from "../../edge/leasing/pool-port.ts";
import { listSessions } from "../../edge/leasing/store.ts";
import { openDb } from "../../edge/platform/db.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { insertRows, makeNetwork, type TestNetwork } from "../reporting/network.ts";
import { openDatabase } from "../support/database.ts";
import { law } from "../support/laws.ts";

let database: Awaited<ReturnType<typeof openDatabase>>;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
const db = () => openDb(database.d1 as never);

const BEGIN = Date.UTC(2026, 9, 1);

/** A visit to one of the network's numbers; each number's own are put far enough apart. */
type Visit = { number: number; at: number; visitor: string | null; nonce: string | null };

const visits = fc.array(
  fc.record<Visit>({
    number: fc.nat(2),
    // Crowds within a minute and quiet months, and visits of several numbers at one moment.
    at: fc.oneof(fc.nat(50), fc.nat(100 * DAY_MS)).map((after) => BEGIN + after),
    visitor: fc.constantFrom(null, "ann", "bob", "cat", "dan"),
    nonce: fc.constantFrom(null, "one", "two"),
  }),
  { maxLength: 60 },
);

function rowsOf(network: TestNetwork, drawn: readonly Visit[]) {
  const [pool] = network.pools;
  const byKey = new Map(drawn.map((visit) => [`${visit.number} ${visit.at}`, visit]));
  return [...byKey.values()].map(({ number, at, visitor, nonce }) => ({
    number_key: network.numbers[number]!.key,
    leased_at: at,
    network_id: network.id,
    pool_id: pool!.id,
    site_id: network.sites[0]!.id,
    revision: 1,
    ...{ expires_at: at, held_until: at, last_seen_at: at },
    visitor,
    ...{ landing_url: "", landing_path: "", referrer: "", source: "", medium: "", campaign: "", term: "" },
    ...{ content: "", channel: "", click_ids: "{}", device: "mobile", publisher_proof: "none" },
    click_link: nonce && "lnk_1",
    click_nonce: nonce,
    ...{ data: "{}", tel_clicks: "[]" },
  }));
}

/** A network with these visits, and beside it another one with visits of its own. */
async function lived(drawn: readonly Visit[]) {
  const network = await makeNetwork(database);
  const stranger = await makeNetwork(database);
  const rows = rowsOf(network, drawn);
  await insertRows(database, "sessions", rows);
  await insertRows(
    database,
    "sessions",
    rowsOf(stranger, [{ number: 0, at: BEGIN + 1, visitor: "eve", nonce: "one" }]),
  );
  const assigned = network.numbers.map(({ key }) => ({
    id: `asg_${key}`,
    network_id: network.id,
    number_key: key,
    from_at: 0,
    campaign_id: network.pools[0]!.campaign_id,
    pool_id: network.pools[0]!.id,
  }));
  await insertRows(database, "number_assignments", assigned);
  return { network, rows };
}

const byTime = (a: LeaseRef, b: LeaseRef) => a.leased_at - b.leased_at || a.number_key - b.number_key;
const ref = ({ number_key, leased_at }: LeaseRef): LeaseRef => ({ number_key, leased_at });

describe("time is cut into spans", () => {
  it("that cover it once, in order, few of them, the first an hour from where reading begins", () => {
    const order = fc.constantFrom("earliest_first" as const, "latest_first" as const);
    fc.assert(
      fc.property(fc.nat(2e12), fc.nat(2e12), order, (from, length, way) => {
        const spans = [...spansInTime(from, from + length, way)];
        const inOrder = way === "earliest_first" ? spans : spans.toReversed();
        expect(inOrder.map((span) => span.from)).toEqual(
          [from, ...inOrder.map((span) => span.to)].slice(0, inOrder.length),
        );
        expect(inOrder.at(-1)?.to).toBe(length === 0 ? undefined : from + length);
        expect(inOrder.every((span) => span.from < span.to)).toBe(true);
        expect(spans.length).toBeLessThanOrEqual(8);
        if (spans[0]) expect(spans[0].to - spans[0].from).toBe(Math.min(HOUR_MS, length));
      }),
      law(200),
    );
  });
});

describe("the sessions of a network", () => {
  it("are listed newest first, page by page, each once, within the bounds that were asked for", async () => {
    const bound = fc.option(fc.nat(100 * DAY_MS).map((after) => BEGIN + after));
    await fc.assert(
      fc.asyncProperty(
        visits,
        bound,
        bound,
        fc.integer({ min: 1, max: 20 }),
        async (drawn, from, to, limit) => {
          const { network, rows } = await lived(drawn);
          const filter = { from: from ?? undefined, to: to ?? undefined };
          const listed: LeaseRef[] = [];
          for (let after: LeaseRef | null = null; ; ) {
            const page = await listSessions(db(), network.viewer("network"), [], filter, { limit, after });
            listed.push(...page.slice(0, limit).map(ref));
            if (page.length <= limit) break;
            after = ref(page[limit - 1]!);
          }
          const expected = rows
            .filter(
              ({ leased_at }) => leased_at >= (from ?? 0) && leased_at < (to ?? Number.MAX_SAFE_INTEGER),
            )
            .sort((a, b) => byTime(b, a));
          expect(listed).toEqual(expected.map(ref));
        },
      ),
      law(10),
    );
  });

  it("are learned from oldest first, also where many pages begin at one moment", async () => {
    const network = await makeNetwork(database);
    const [pool] = network.pools;
    const moments = Array.from({ length: 2_000 }, (_, i) => BEGIN + Math.floor(i / 2) * MINUTE_MS + (i % 2));
    const drawn = moments.flatMap((at) =>
      [0, 1, 2].map((number) => ({ number, at, visitor: null, nonce: null })),
    );
    const rows = rowsOf(network, drawn);
    await insertRows(database, "sessions", rows);
    const of = { network_id: network.id, pool_id: pool!.id, from: BEGIN + 1, to: BEGIN + 30 * DAY_MS };
    const all = rows
      .map(({ leased_at }) => leased_at)
      .filter((at) => at > BEGIN)
      .sort((a, b) => a - b);
    const whole = await leaseSpans(db(), of, 100_000);
    expect(whole.each).toBe(1);
    expect(whole.leases.map(({ leased_at }) => leased_at)).toEqual(all);

    // Of more than fit every so many are kept, the latest as well as the oldest.
    const some = await leaseSpans(db(), of, 1_000);
    expect(some.leases.length).toBeLessThanOrEqual(1_000);
    expect(some.each).toBe(8);
    expect(some.leases.map(({ leased_at }) => leased_at)).toEqual(all.filter((_, i) => i % 8 === 0));
  });
});

describe("a click token", () => {
  it("has the first three visitors who used it by then, as a look at every session finds them", async () => {
    await fc.assert(
      fc.asyncProperty(visits, fc.nat(100 * DAY_MS), async (drawn, until) => {
        const { network, rows } = await lived(drawn);
        const campaign = { network_id: network.id, campaign_id: network.pools[0]!.campaign_id };
        const tokens = ["one", "two"].map((nonce) => ({ nonce, from: BEGIN, to: BEGIN + until }));
        const found = await firstVisitors(db(), campaign, tokens, 3);
        for (const nonce of ["one", "two"]) {
          const users = rows
            .filter((row) => row.click_nonce === nonce && row.leased_at < BEGIN + until)
            .map((row) => ({
              at: row.leased_at,
              who: row.visitor ? `${row.site_id}/${row.visitor}` : `${row.number_key}@${row.leased_at}`,
            }))
            .sort((a, b) => a.at - b.at || (a.who < b.who ? -1 : 1));
          expect(found.get(nonce)).toEqual([...new Set(users.map(({ who }) => who))].slice(0, 3));
        }
      }),
      law(15),
    );
  });
});
