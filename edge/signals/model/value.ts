export type SignalValue = string | number | boolean;

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/** A value as a text says it: CSV knows no other type. `true`, `-1.5` and `qualified` are three types. */
export function valueOfText(text: string): SignalValue {
  const trimmed = text.trim();
  if (/^true$/i.test(trimmed)) return true;
  if (/^false$/i.test(trimmed)) return false;
  return NUMBER.test(trimmed) ? Number(trimmed) : trimmed;
}

/** True for a true or positive value, also where it was sent as text; any other text says nothing. */
export function isMet(value: SignalValue): boolean {
  const read = typeof value === "string" ? valueOfText(value) : value;
  return typeof read === "number" ? read > 0 : read === true;
}
