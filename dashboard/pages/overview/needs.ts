import type { InferOutput } from "valibot";
import type { Dispute } from "../../../shared/api/disputes.ts";
import type { Pool, Site } from "../../../shared/api/inventory.ts";
import type { PoolHealth } from "../../../shared/api/pool-health.ts";
import type { TelephonyAccount } from "../../../shared/api/telephony-accounts.ts";
import { DAY_MS, type Instant } from "../../../shared/instant.ts";
import { counted, span } from "../../format.ts";
import { LISTS, loadWhole } from "../../lists.ts";
import { loadPoolsNow } from "../../pools-now.ts";

/**
 * Something that waits for a person: what is wrong, what it means, what it costs, and where to mend it. `since` is
 * from when on, where that is not now.
 */
export type Need = {
  id: string;
  what: string;
  means: string;
  effect: string;
  href: string;
  act: string;
  since?: Instant;
};

/** What is wrong now, and out of how many things that were looked at. */
export type Needs = { needs: Need[]; checks: number };

type Health = InferOutput<typeof PoolHealth>;

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
export function openDisputes(
  open: readonly Pick<Dispute, "id" | "call_id" | "opened_at">[],
  more: boolean,
  now: number,
): Need | null {
  const oldest = open.at(-1);
  if (!oldest) return null;
  const one = open.length === 1;
  return {
    id: oldest.id,
    what: `${more ? "More than " : ""}${open.length} ${one ? "dispute waits" : "disputes wait"} for a decision.`,
    means: `What is due for ${one ? "its call" : "their calls"} is held until then.`,
    effect: `${one ? "for" : "the oldest for"} ${span(now - oldest.opened_at)}`,
    href: one ? `/calls/${oldest.call_id}?do=${oldest.id}` : "/disputes",
    act: one ? "Decide it" : "Decide them",
    since: oldest.opened_at,
  };
}

/**
 * Looks at every pool and site of the network, at its open disputes, and for who manages it at its telephony accounts,
 * which nobody else may read.
 */
export async function loadNeeds(signal: AbortSignal, now: number, manages: boolean): Promise<Needs> {
  const [pools, accounts, sites, disputes] = await Promise.all([
    loadWhole(LISTS.pools, {}, signal),
    manages ? loadWhole(LISTS.accounts, {}, signal) : { data: [] },
    loadWhole(LISTS.sites, {}, signal),
    loadWhole(LISTS.disputes, { status: "open" }, signal),
  ]);
  const standing = await loadPoolsNow(
    pools.data.map(({ id }) => id),
    signal,
  );
  const found = [
    ...pools.data.map((pool) => {
      const health = standing.get(pool.id);
      return health ? dryPool(pool, health) : null;
    }),
    ...accounts.data.map(refusedHooks),
    ...sites.data.map((site) => silentSite(site, now)),
    openDisputes(disputes.data, disputes.more, now),
  ];
  return { needs: found.filter((need) => need !== null), checks: found.length };
}
