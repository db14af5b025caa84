/** An E.164 number: `+`, country code, at most 15 digits (ITU-T E.164). */
export type E164 = `+${string}`;

/** Linear time, safe on any input. */
export const E164_PATTERN = /^\+[1-9]\d{6,14}$/;

export function isE164(text: string): text is E164 {
  return E164_PATTERN.test(text);
}

/** The area code of a North American number (`+1 NXX …`), else null. */
export function areaCodeOf(number: E164): string | null {
  return /^\+1[2-9]\d{9}$/.test(number) ? number.slice(2, 5) : null;
}

/** Spaces between groups for people: `+1 415 555 0132`, `+44 2079460018`. No-break spaces, so it never wraps. */
export function displayNumber(number: string): string {
  const nanp = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return nanp ? `+1\u00a0${nanp[1]}\u00a0${nanp[2]}\u00a0${nanp[3]}` : number;
}
