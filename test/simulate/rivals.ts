import { HOUR_S } from "./habits.ts";
import type { Judged } from "./metrics.ts";
import { lastSeen, leaseToFind, type World } from "./world.ts";

/**
 * What the field does: the last visitor who was shown the number made the call, said without a doubt. With
 * `within_s` only if it was heard of so recently; a call without such a visitor is nobody's.
 */
export function judgeByLastHolder(world: World, from: number, within_s = Infinity): Judged[] {
  const newest = new Map<number, number>();
  let next = 0;
  return world.calls.flatMap((call, place) => {
    for (; (world.leases[next]?.leased_at_s ?? Infinity) <= call.at_s; next++) {
      const lease = world.leases[next];
      if (lease) newest.set(lease.number, lease.index);
    }
    if (place < from) return [];
    const index = newest.get(call.number);
    const holder = index === undefined ? undefined : world.leases[index];
    const isRecent = holder !== undefined && call.at_s - Math.min(call.at_s, lastSeen(holder)) <= within_s;
    const joined = isRecent ? holder : undefined;
    const truth = call.lease === null ? undefined : world.leases[call.lease];
    return [
      {
        confidence: 1,
        is_right: (joined ?? null) === leaseToFind(world, call),
        publisher_confidence: joined ? 1 : 0,
        is_publisher_right:
          joined !== undefined && truth !== undefined && joined.publisher === truth.publisher,
      },
    ];
  });
}

export const LAST_HOUR_S = HOUR_S;
