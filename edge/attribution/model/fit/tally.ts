import { binsOf, LEFT_EDGES_S, ON_EDGES_S } from "../bins.ts";
import type { Device, Phase } from "../candidate.ts";

const ON_BINS = binsOf(ON_EDGES_S);
/** Both phases' bins in one row: `on` first. */
export const PHASE_BINS = ON_BINS + binsOf(LEFT_EDGES_S);

export const DEVICES: readonly Device[] = ["mobile", "desktop"];

/** Where a phase's bin is in the row of both. */
export function phaseBin({ phase, bin }: Phase): number {
  return phase === "on" ? bin : ON_BINS + bin;
}

export function phaseOfBin(row_bin: number): Phase {
  return row_bin < ON_BINS ? { phase: "on", bin: row_bin } : { phase: "left", bin: row_bin - ON_BINS };
}

/** Sums by bin, publisher and device: of lease-seconds, or of calls. */
export type Tally = {
  add(row_bin: number, publisher_id: string | null, device: Device, amount: number): void;
  /** Every cell that holds something. */
  each(visit: (row_bin: number, publisher_id: string | null, device: Device, amount: number) => void): void;
};

export function openTally(): Tally {
  const cells = new Map<string | null, Record<Device, Float64Array>>();
  const rowsOf = (publisher_id: string | null) => {
    const known = cells.get(publisher_id);
    if (known) return known;
    const rows = { mobile: new Float64Array(PHASE_BINS), desktop: new Float64Array(PHASE_BINS) };
    cells.set(publisher_id, rows);
    return rows;
  };
  return {
    add(row_bin, publisher_id, device, amount) {
      const row = rowsOf(publisher_id)[device];
      row[row_bin] = (row[row_bin] ?? 0) + amount;
    },
    each(visit) {
      for (const [publisher_id, rows] of cells) {
        for (const device of DEVICES) {
          rows[device].forEach((amount, row_bin) => {
            if (amount !== 0) visit(row_bin, publisher_id, device, amount);
          });
        }
      }
    },
  };
}

/** Adds to one place of a list of sums. */
export function addTo(sums: number[], place: number, amount: number): void {
  sums[place] = (sums[place] ?? 0) + amount;
}

export function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}
