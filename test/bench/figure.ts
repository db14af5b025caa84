/**
 * One line of the benchmark table. `ratio` compares with a reference measured in the same run, which is what
 * travels between machines; `value` and `reference` are in `unit`.
 */
export type Figure = {
  name: string;
  ratio: number;
  value: number;
  reference: number;
  unit: string;
  better: "higher" | "lower";
  runs: number;
};

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
