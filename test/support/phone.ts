import type { Call } from "../../shared/api/calls.ts";
import type { LedgerEntry } from "../../shared/api/ledger.ts";
import { type Inventory, PAGE_ORIGIN } from "./inventory.ts";
import type { World } from "./world.ts";

/** One call as the sandbox tells it; moments are relative to its start. */
export type Told = {
  call_id: string;
  from?: string;
  to: string;
  at: number;
  /** Null: the leg's report never comes. */
  connected_s?: number | null;
  duration_s?: number;
};

export const CALLER = "+14155550177";

/** The reports of a sandbox call, each to be delivered whenever a test likes: their times travel with them. */
export function reportsOf(world: World, account_id: string, told: Told): (() => Promise<unknown>)[] {
  const { call_id, from = CALLER, to, at, connected_s = 95, duration_s = (connected_s ?? 0) + 10 } = told;
  const hook = (path: string, now: number, json: unknown) => () =>
    world.json(`/v1/telephony/${account_id}/${path}`, { now, json });
  const ended_at = at + duration_s * 1_000;
  return [
    hook("voice", at, { call_id, from, to }),
    hook("status", at + 8_000, { call_id, status: "answered" }),
    hook("status", ended_at, {
      call_id,
      status: "completed",
      duration_s,
      ...(connected_s !== null && { connected_s }),
    }),
  ];
}

/** Rings, is answered and ends, in this order. */
export async function placeCall(world: World, account_id: string, told: Told): Promise<void> {
  for (const report of reportsOf(world, account_id, told)) await report();
}

/** A visitor looks at the page at `at`: the number shown instead of the page's own. */
export async function visit(world: World, stock: Inventory, at: number, query = ""): Promise<string> {
  const response = await world.ask("/v1/leases", {
    now: at,
    key: null,
    as_text: JSON.stringify({
      site: stock.site_key,
      url: `${PAGE_ORIGIN}/${query}`,
      referrer: "",
      visitor: `visitor-${at}-${query}`,
    }),
    headers: { origin: PAGE_ORIGIN, "user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0" },
  });
  const lease = (await response.json()) as { swaps: { replace: string }[] };
  const shown = lease.swaps[0]?.replace;
  if (!shown) throw new Error(`no number was leased: ${JSON.stringify(lease)}`);
  return shown;
}

/** The call with this provider's id as its network sees it at `now`, or as somebody else. */
export async function callNamed(world: World, call_id: string, now: number, key = world.key): Promise<Call> {
  const list = await world.json<{ data: Call[] }>(`/api/v1/calls?q=${encodeURIComponent(call_id)}`, {
    now,
    key,
  });
  const [call] = list.data;
  if (!call) throw new Error(`there is no call ${call_id}`);
  return call;
}

/** The lines of the ledger, oldest first. */
export async function ledgerOf(
  world: World,
  query: string,
  now: number,
  key = world.key,
): Promise<LedgerEntry[]> {
  const list = await world.json<{ data: LedgerEntry[] }>(`/api/v1/ledger?limit=200&${query}`, { now, key });
  return list.data.toReversed();
}

/** The sum of every account and organization that is not zero. */
export function balancesOf(lines: readonly LedgerEntry[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const { account, organization_id, amount_micros } of lines) {
    const key = `${account} ${organization_id}`;
    sums.set(key, (sums.get(key) ?? 0) + amount_micros);
  }
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0));
}
