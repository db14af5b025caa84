import type { FormRow } from "./form-rows.ts";

/** What a `tel:` link may look like; with the leased number it keeps scheme, escapes, separators and parameters. */
const LINKS: [string, string][] = [
  ["tel:+14155550132", "tel:+16285550101"],
  ["tel:4155550132", "tel:6285550101"],
  ["tel:14155550132", "tel:16285550101"],
  ["tel:1-415-555-0132", "tel:1-628-555-0101"],
  ["tel:+1-415-555-0132", "tel:+1-628-555-0101"],
  ["tel:+1.415.555.0132", "tel:+1.628.555.0101"],
  ["TEL:+1(415)555-0132", "TEL:+1(628)555-0101"],
  ["tel:%2B14155550132", "tel:%2B16285550101"],
  ["tel:%2b1%20%28415%29%20555-0132", "tel:%2b1%20%28628%29%20555-0101"],
  ["tel:+1%20415%20555%200132", "tel:+1%20628%20555%200101"],
  ["tel://+14155550132", "tel://+16285550101"],
  ["tel: 415 555 0132", "tel: 628 555 0101"],
  [" tel:+14155550132 ", " tel:+16285550101 "],
  ["\n  tel:415-555-0132", "\n  tel:628-555-0101"],
  ["tel:+14155550132;ext=9", "tel:+16285550101;ext=9"],
  ["tel:4155550132;phone-context=+1", "tel:6285550101;phone-context=+1"],
  ["tel:+14155550132,,9", "tel:+16285550101,,9"],
  ["tel:+14155550132,9", "tel:+16285550101,9"],
  ["tel:+14155550132p123", "tel:+16285550101p123"],
  ["tel:+14155550132w4155550132", "tel:+16285550101w4155550132"],
  ["tel:415-555-0132x42", "tel:628-555-0101x42"],
  ["tel:415-555-0132%20ext.%2042", "tel:628-555-0101%20ext.%2042"],
];

const LABELLED: [string, (number: string) => string][] = [
  ["aria-label", (number) => `<a href="#" aria-label="Call ${number}">x</a>`],
  ["title", (number) => `<p title="Call ${number}">x</p>`],
  ["alt", (number) => `<img alt="Call ${number}" src="data:,">`],
  ["placeholder", (number) => `<input placeholder="Call ${number}">`],
  ["a button input's value", (number) => `<input type="button" value="Call ${number}">`],
  ["a submit input's value", (number) => `<input type="submit" value="Call ${number}">`],
  ["a reset input's value", (number) => `<input type="reset" value="Call ${number}">`],
  [
    "a whole link",
    (number) =>
      `<a href="tel:+1${number.replace(/\D/g, "")}" aria-label="Call ${number}" title="${number}"><b>${number}</b></a>`,
  ],
  [
    "a value that is typed, beside a placeholder",
    (number) => `<input placeholder="${number}" value="415-555-0132">`,
  ],
];

/** Links and labels whose number is exchanged. */
export const ATTRIBUTE_FORMS: FormRow[] = [
  ...LINKS.map(
    ([href, expected]) => [`link ${href}`, `<a href="${href}">x</a>`, `<a href="${expected}">x</a>`] as const,
  ),
  ...LABELLED.flatMap(([name, write]) =>
    ["(415) 555-0132", "415.555.0132"].map(
      (number) =>
        [
          `${name}: ${number}`,
          write(number),
          write(number.replace("415", "628").replace("0132", "0101")),
        ] as const,
    ),
  ),
];
