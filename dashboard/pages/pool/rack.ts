import { displayNumber } from "../../../shared/phone-number.ts";

/** The most numbers a rack shows; the table below it has all. */
export const RACK_MAX = 240;

const US = /^(\+1)(\d{3})(\d{3})(\d{4})$/;

/**
 * What the numbers have in common, said once, and what tells them apart: `+1 628 555` and `0101`.
 * Without a common beginning the prefix is null and the labels are whole.
 */
export function rackLabels(numbers: readonly string[]): { prefix: string | null; labels: string[] } {
  const parts = numbers.map((number) => US.exec(number));
  const first = parts[0];
  const shared = (upTo: number) =>
    first !== null &&
    first !== undefined &&
    parts.every((part) => part?.slice(1, upTo + 1).join() === first.slice(1, upTo + 1).join());
  const label = (from: number) => parts.map((part) => (part ?? []).slice(from).join("\u00a0"));
  if (shared(3)) return { prefix: first?.slice(1, 4).join("\u00a0") ?? null, labels: label(4) };
  if (shared(2)) return { prefix: first?.slice(1, 3).join("\u00a0") ?? null, labels: label(3) };
  return { prefix: null, labels: numbers.map(displayNumber) };
}
