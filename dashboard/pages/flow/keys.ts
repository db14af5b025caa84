/** A key as one says it. */
export function spokenKey(key: string): string {
  return key === "*" ? "star" : key === "#" ? "pound" : key;
}
