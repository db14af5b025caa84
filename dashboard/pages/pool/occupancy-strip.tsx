import type { PoolHealth } from "../../../shared/api/pool-health.ts";
import { count } from "../../format.ts";

/** How much of a pool is taken now, as one bar: leased, cooling, free. The words say the same. */
export function OccupancyStrip({ health }: { health: PoolHealth }) {
  const { numbers, leased, cooling, free } = health;
  const part = (value: number) => ({ flexGrow: value });
  if (numbers === 0) return <span class="quiet">no numbers</span>;
  return (
    <span class="occupancy">
      <span class="strip" aria-hidden="true">
        {leased > 0 && <i class="leased" style={part(leased)} />}
        {cooling > 0 && <i class="cooling" style={part(cooling)} />}
        {free > 0 && <i class="free" style={part(free)} />}
      </span>
      <span class="strip-words">
        {count(leased)} leased, {count(cooling)} cooling
      </span>
    </span>
  );
}
