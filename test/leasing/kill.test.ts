import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PAGE_ORIGIN, stockUp } from "../support/inventory.ts";
import { startWorld } from "../support/world.ts";
import { type Acknowledged, leaseUntilKilled, startVictim } from "./kill-cycles.ts";

/** Two in `npm test`; `npm run verify` kills 200 times, each at a moment drawn from the seed it prints. */
const CYCLES = process.env.VERIFY_RUNS === undefined ? 2 : 200;
const SEED = Number(process.env.VERIFY_SEED ?? "20261121");
const KEY = "rt_test_0123456789abcdef0123456789abcdef";
const CYCLE_MS = 120_000;

it(`loses no acknowledged lease in ${CYCLES} kills under load, and tears none`, async () => {
  const data_dir = await mkdtemp(join(tmpdir(), "ringtrail-kill-"));
  const first = await startWorld({ data_dir, key: KEY });
  const stock = await stockUp(first, { numbers: 1_000, pool: { lease_ttl_s: 60, cooldown_s: 0 } });
  await first.stop();

  const load = { site_key: stock.site_key, origin: PAGE_ORIGIN, clients: 24 };
  const acknowledged: Acknowledged = new Map();
  for (let cycle = 1; cycle <= CYCLES; cycle++) {
    const victim = await startVictim(data_dir);
    const after_ms = 100 + ((SEED * cycle * 7_919) % 900);
    const of_cycle = await leaseUntilKilled(victim, load, first.at + cycle * CYCLE_MS, after_ms);
    for (const [token, lease] of of_cycle) acknowledged.set(token, lease);
  }

  // The last start finds everything in the Pool, and a list asks the Pool for what D1 does not have yet.
  const again = await startWorld({ data_dir, key: KEY });
  try {
    const now = again.at + (CYCLES + 1) * CYCLE_MS;
    await again.json(`/api/v1/sessions?pool_id=${stock.pool_id}&limit=1`, { now });
    const { results } = await again.d1
      .prepare(
        "SELECT number_key, leased_at, held_until, visitor FROM sessions ORDER BY number_key, leased_at",
      )
      .all<{ number_key: number; leased_at: number; held_until: number; visitor: string }>();
    const stored = new Set(results.map((row) => `${row.number_key} ${row.leased_at}`));
    const lost = [...acknowledged.values()].filter(
      (ref) => !stored.has(`${ref.number_key} ${ref.leased_at}`),
    );
    expect(acknowledged.size).toBeGreaterThan(CYCLES);
    expect(lost).toEqual([]);
    const torn = results.filter((row) => row.visitor === null || row.held_until <= row.leased_at);
    expect(torn).toEqual([]);
    const shared = results.filter((row, i) => {
      const next = results[i + 1];
      return next?.number_key === row.number_key && next.leased_at < row.held_until;
    });
    expect(shared).toEqual([]);
  } finally {
    await again.stop();
    await rm(data_dir, { recursive: true, force: true });
  }
}, 7_200_000);
