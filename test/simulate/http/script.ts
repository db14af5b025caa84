import type { World as Served } from "../../support/world.ts";
import type { Chance } from "../chance.ts";
import { HOUR_S } from "../habits.ts";
import { EPOCH, instant } from "../product.ts";
import type { World, WorldLease } from "../world.ts";
import { MOBILE, type Reply, viewPage } from "./browse.ts";
import type { Shop } from "./shop.ts";

/** Whose script it is. */
export const FLOODER = 0;
/** The longest that a lease lives, however often it is renewed. */
const HOLD_S = 4 * HOUR_S;
/** More presses on one visit are not believed at all. */
const PRESSES = 3;

export type Opened = { made: WorldLease; token: string; reply: Reply };

/**
 * A publisher's script opens one of its pages as a browser of its own, from a network of its own, with a click token that
 * it made up; it keeps the page open as long as it may and presses the call link now and then. Nobody ever calls.
 */
export async function openScripted(
  served: Served,
  shop: Shop,
  at_s: number,
  { chance, count, regions }: { chance: Chance; count: number; regions: readonly number[] },
): Promise<Opened | null> {
  const region = chance.pick(regions);
  const query = `?rt_click=${forgedToken(shop.publishers[FLOODER]?.id ?? "", count)}`;
  const browser = { publisher: FLOODER, visitor: `script-${count}`, agent: MOBILE, region, query };
  const reply = await viewPage(served, shop, at_s, browser);
  const number = shop.numbers.indexOf(reply?.swaps[0]?.replace ?? "");
  if (!reply?.lease || number < 0) return null;
  const leased_at_s = (instant(at_s) - EPOCH) / 1_000;
  const made: WorldLease = {
    index: count,
    number,
    leased_at_s,
    ends_at_s: leased_at_s + HOLD_S,
    seen_s: [leased_at_s],
    closed_s: null,
    pressed_s: Array.from({ length: PRESSES }, () => leased_at_s + chance.between(0, HOUR_S)),
    visitor: -1 - count,
    person: {
      region,
      address_region: region,
      is_mobile: true,
      publisher: FLOODER,
      visitor: -1 - count,
      phone: null,
      second_phone: null,
      has_called: false,
    },
    publisher: FLOODER,
  };
  return { made, token: reply.lease, reply };
}

/** Has the form of a click token of this publisher's, and nobody's signature. */
function forgedToken(publisher_id: string, count: number): string {
  const ulid = publisher_id.slice("org_".length);
  return `1.${ulid}.${ulid}.mubbs7i8-${String(count).padStart(11, "A")}.${"A".repeat(22)}`;
}

/** The world as somebody sees it who takes scripted visits for visitors, its leases counted anew. */
export function withScripted(world: World, scripted: readonly WorldLease[]): World {
  if (scripted.length === 0) return world;
  const all = [...world.leases, ...scripted].sort((a, b) => a.leased_at_s - b.leased_at_s);
  const placeOf = new Map(all.map((lease, place) => [lease, place]));
  const moved = (index: number | null) => {
    const lease = index === null ? undefined : world.leases[index];
    return lease ? (placeOf.get(lease) ?? null) : null;
  };
  return {
    ...world,
    leases: all.map((lease, index) => ({ ...lease, index })),
    calls: world.calls.map((call) => ({ ...call, lease: moved(call.lease) })),
  };
}
