/** False for a window that ends at the very time at which it begins; `24:00` is the `00:00` of the day after. */
export function hasLength({ from, to }: { from: string; to: string }): boolean {
  if (from === "00:00" && to === "24:00") return true;
  return from.replace("24:", "00:") !== to.replace("24:", "00:");
}
