import type { PoolNumberState, TrackingNumber } from "../../../shared/api/inventory.ts";
import { NOTHING, shortDay } from "../../format.ts";
import { Status } from "../../parts/manage/status.tsx";
import type { Column } from "../../parts/table.tsx";
import { dayOf } from "../../zone.ts";
import { type NumberCells, numberColumns } from "../numbers/number-columns.tsx";
import { minute } from "./sentence.ts";

/** The columns of a pool's own numbers: how each stands now, then what it is called and how often it rang. */
export function pooledColumns(
  cells: NumberCells,
  rows: readonly TrackingNumber[],
  states: ReadonlyMap<string, PoolNumberState>,
): Column<TrackingNumber>[] {
  const [number, ...rest] = numberColumns(cells, rows, false);
  const now: Column<TrackingNumber> = {
    id: "now",
    label: "Now",
    fold: 1,
    cell: (number) =>
      restSaid(number, cells.zone) ?? <StateCell state={states.get(number.id)} zone={cells.zone} />,
    words: (number) => restSaid(number, cells.zone) ?? stateSaid(states.get(number.id), cells.zone),
  };
  return number ? [number, now, ...rest] : [now];
}

/** `rests until 28 Nov`: shown to nobody on its way to another campaign; null for any other number. */
function restSaid({ resting }: TrackingNumber, zone: string): string | null {
  return resting ? `rests until ${shortDay(dayOf(resting.until_at, zone))}` : null;
}

/** `leased until 14:41`, `cools until 14:50`, `free`. */
export function stateSaid(state: PoolNumberState | undefined, zone: string): string {
  if (!state) return NOTHING;
  if (state.state === "leased" && state.expires_at !== null)
    return `leased until ${minute(state.expires_at, zone)}`;
  if (state.state === "cooling" && state.reusable_at !== null)
    return `cools until ${minute(state.reusable_at, zone)}`;
  return "free";
}

function StateCell({ state, zone }: { state: PoolNumberState | undefined; zone: string }) {
  const words = stateSaid(state, zone);
  if (!state) return <span class="quiet">{words}</span>;
  const glyph = state.state === "leased" ? "fact" : state.state === "cooling" ? "ring" : "open";
  return <Status glyph={glyph}>{words}</Status>;
}
