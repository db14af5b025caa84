import { type E164, isE164 } from "../../../shared/phone-number.ts";

/**
 * Numbers that carriers send for a hidden caller: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE spelled
 * on a keypad.
 */
const HIDDEN: ReadonlySet<string> = new Set([
  "+266696687",
  "+7378742833",
  "+2562533",
  "+8656696",
  "+86282452253",
]);

/** The caller's number, or null when it is hidden or no number: such a caller is nobody's repeat. */
export function callerNumber(from: string): E164 | null {
  const text = from.trim();
  if (!isE164(text) || HIDDEN.has(text)) return null;
  if (text.startsWith("+1") && !/^\+1[2-9]\d{9}$/.test(text)) return null;
  return text;
}

/** Country codes with one country each, by ISO 3166-1 (ITU-T E.164 list of assigned codes; the most called ones). */
const COUNTRIES: Readonly<Record<string, string>> = {
  "20": "EG",
  "27": "ZA",
  "30": "GR",
  "31": "NL",
  "32": "BE",
  "33": "FR",
  "34": "ES",
  "36": "HU",
  "40": "RO",
  "41": "CH",
  "43": "AT",
  "44": "GB",
  "45": "DK",
  "46": "SE",
  "48": "PL",
  "49": "DE",
  "51": "PE",
  "52": "MX",
  "53": "CU",
  "54": "AR",
  "55": "BR",
  "56": "CL",
  "57": "CO",
  "58": "VE",
  "60": "MY",
  "61": "AU",
  "62": "ID",
  "63": "PH",
  "64": "NZ",
  "65": "SG",
  "66": "TH",
  "81": "JP",
  "82": "KR",
  "84": "VN",
  "86": "CN",
  "90": "TR",
  "91": "IN",
  "92": "PK",
  "93": "AF",
  "94": "LK",
  "95": "MM",
  "98": "IR",
  "212": "MA",
  "213": "DZ",
  "216": "TN",
  "233": "GH",
  "234": "NG",
  "254": "KE",
  "351": "PT",
  "352": "LU",
  "353": "IE",
  "354": "IS",
  "357": "CY",
  "358": "FI",
  "359": "BG",
  "370": "LT",
  "371": "LV",
  "372": "EE",
  "380": "UA",
  "381": "RS",
  "385": "HR",
  "386": "SI",
  "420": "CZ",
  "421": "SK",
  "502": "GT",
  "503": "SV",
  "504": "HN",
  "505": "NI",
  "506": "CR",
  "507": "PA",
  "591": "BO",
  "593": "EC",
  "595": "PY",
  "598": "UY",
  "852": "HK",
  "886": "TW",
  "961": "LB",
  "962": "JO",
  "965": "KW",
  "966": "SA",
  "971": "AE",
  "972": "IL",
};

/** ISO 3166-1 country of a number outside the North American plan; null when its code has several, or is not listed. */
export function countryOfCode(number: E164): string | null {
  return COUNTRIES[number.slice(1, 4)] ?? COUNTRIES[number.slice(1, 3)] ?? null;
}
