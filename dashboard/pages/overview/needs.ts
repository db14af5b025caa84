import type { InferOutput } from "valibot";
import type { Dispute } from "../../../shared/api/disputes.ts";
import type { Pool, Site } from "../../../shared/api/inventory.ts";
import type { PoolHealth } from "../../../shared/api/pool-health.ts";
import type { TelephonyAccount } from "../../../shared/api/telephony-accounts.ts";
import { DAY_MS } from "../../../shared/instant.ts";
import { ask, client } from "../../api.ts";
import { counted, span } from "../../format.ts";

/** Something that waits for a person: what is wrong, what it means, what it costs, and where to mend it. */
export type Need = { id: string; what: string; means: string; effect: string; href: string; act: string };

/** What is wrong now, and out of how many things that were looked at. */
export type Needs = { needs: Need[]; checks: number };

type Health = InferOutput<typeof PoolHealth>;

const POOLS_MAX = 20;
const SILENT_AFTER_MS = DAY_MS;

/** A pool without a free number: page views get the static number, or the page's own. */
export function dryPool(
  pool: Pick<Pool, "id" | "name">,
  health: Pick<Health, "numbers" | "free">,
): Need | null {
  if (health.numbers === 0) {
    return {
      id: pool.id,
      what: `Pool “${pool.name}” has no numbers.`,
      means: "Page views keep the page's own number, so their calls are not attributed.",
      effect: "nothing leased",
      href: `/pools/${pool.id}`,
      act: "Add numbers",
    };
  }
  if (health.free > 0) return null;
  return {
    id: pool.id,
    what: `Pool “${pool.name}” is dry.`,
    means: `All ${counted(health.numbers, "number")} are leased or cooling; page views get the static number.`,
    effect: "0 free",
    href: `/pools/${pool.id}`,
    act: "Add numbers",
  };
}

/** A telephony account whose hooks came with a bad signature today: those calls are not recorded. */
export function refusedHooks(account: Pick<TelephonyAccount, "id" | "name" | "refused_today">): Need | null {
  if (account.refused_today === 0) return null;
  return {
    id: account.id,
    what: `${counted(account.refused_today, "hook")} of “${account.name}” refused.`,
    means: "They came with a bad signature; their calls went on without us, unrecorded.",
    effect: "today",
    href: "/settings",
    act: "Set the new secret",
  };
}

/** A site whose tag asks no more, though it once did. */
export function silentSite(
  site: Pick<Site, "id" | "origins" | "last_page_view_at">,
  now: number,
): Need | null {
  const { last_page_view_at: last } = site;
  if (last === null || now - last < SILENT_AFTER_MS) return null;
  const host = site.origins[0]?.replace(/^https?:\/\//, "") ?? site.id;
  return {
    id: site.id,
    what: `${host} is silent.`,
    means: "No page of it has asked for a number; the tag may have been taken out.",
    effect: `for ${span(now - last)}`,
    href: `/sites/${site.id}`,
    act: "Check the tag",
  };
}

/** Disputes that nobody has decided: their money is held until then. */
export function openDisputes(open: readonly Pick<Dispute, "id" | "call_id">[], more: boolean): Need | null {
  const oldest = open.at(-1);
  if (!oldest) return null;
  const few = open.length === 1 ? "dispute waits" : "disputes wait";
  return {
    id: oldest.id,
    what: `${more ? "More than " : ""}${open.length} ${few} for a decision.`,
    means: "What is due for their calls is held until then.",
    effect: "nothing paid out",
    href: `/calls/${oldest.call_id}`,
    act: open.length === 1 ? "Decide it" : "Decide the oldest",
  };
}

/** Looks at every pool, telephony account and site of the network, and at its open disputes. */
export async function loadNeeds(signal: AbortSignal, now: number): Promise<Needs> {
  const most = { query: { limit: POOLS_MAX } };
  const [pools, accounts, sites, disputes] = await Promise.all([
    ask(client.pools.$get, most, signal),
    ask(client["telephony-accounts"].$get, most, signal),
    ask(client.sites.$get, most, signal),
    ask(client.disputes.$get, { query: { status: "open", limit: 200 } }, signal),
  ]);
  const healths = await Promise.all(
    pools.data.map(({ id }) =>
      ask(client.pools[":id"].health.$get, { param: { id }, query: { part: "now" } }, signal),
    ),
  );
  const found = [
    openDisputes(disputes.data, disputes.next_cursor !== null),
    ...pools.data.map((pool, index) => {
      const health = healths[index];
      return health ? dryPool(pool, health) : null;
    }),
    ...accounts.data.map(refusedHooks),
    ...sites.data.map((site) => silentSite(site, now)),
  ];
  return { needs: found.filter((need) => need !== null), checks: found.length };
}
