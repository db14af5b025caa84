import type { Choice } from "../../parts/form/fields.tsx";

/** Every time zone that the browser knows, by its IANA name. */
export const ZONES: readonly Choice[] = [
  "UTC",
  ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC"),
].map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }));

const FIRST = ["USD", "EUR", "GBP", "CAD", "AUD"];
const known = Intl.supportedValuesOf("currency");

/** ISO 4217 codes, the usual ones first. */
export const CURRENCIES: readonly Choice[] = [...FIRST, ...known.filter((code) => !FIRST.includes(code))].map(
  (code) => ({
    value: code,
    label: code,
  }),
);
