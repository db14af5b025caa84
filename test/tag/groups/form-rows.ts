import type { Swap } from "../../../shared/api/leases.ts";

/**
 * The forms in which pages write a number, and what must become of each, byte for byte: the page's number is
 * +1 415 555 0132, the leased one +1 628 555 0101 (or, where a row is British, 020 7946 0018 and 020 7946 0777).
 */
export type FormRow = readonly [name: string, html: string, expected: string];

/** The page's number and the leased one. */
export const US: Swap = { find: "+14155550132", replace: "+16285550101" };
/** Other numbers of the same page. */
export const OTHERS: Swap[] = [
  { find: "+442079460018", replace: "+442079460777" },
  { find: "+74951234567", replace: "+74957654321" },
  { find: "+3612345678", replace: "+3618765432" },
  { find: "+390698712345", replace: "+390665412345" },
  { find: "+353871234567", replace: "+353877654321" },
];
/** A leased number of another length. */
export const LONGER: Swap = { find: "+14155550132", replace: "+442079460018", text: "+44 20 7946 0018" };

/** Spellings in running text. `[x]` is where the digits are; both numbers are written in the same way. */
const SPELLINGS: Record<string, (area: string, exchange: string, line: string) => string> = {
  hyphens: (a, e, l) => `${a}-${e}-${l}`,
  parentheses: (a, e, l) => `(${a}) ${e}-${l}`,
  "parentheses, close": (a, e, l) => `(${a})${e}-${l}`,
  dots: (a, e, l) => `${a}.${e}.${l}`,
  spaces: (a, e, l) => `${a} ${e} ${l}`,
  "nothing between": (a, e, l) => `${a}${e}${l}`,
  slashes: (a, e, l) => `${a}/${e}/${l}`,
  "slash and hyphen": (a, e, l) => `${a}/${e}-${l}`,
  "hyphens in spaces": (a, e, l) => `${a} - ${e} - ${l}`,
  international: (a, e, l) => `+1 ${a} ${e} ${l}`,
  "E.164": (a, e, l) => `+1${a}${e}${l}`,
  "international, parentheses": (a, e, l) => `+1 (${a}) ${e}-${l}`,
  "international, dots": (a, e, l) => `+1.${a}.${e}.${l}`,
  "international, hyphens": (a, e, l) => `+1-${a}-${e}-${l}`,
  "trunk 1": (a, e, l) => `1-${a}-${e}-${l}`,
  "trunk 1, parentheses": (a, e, l) => `1 (${a}) ${e} ${l}`,
  "exit code 00": (a, e, l) => `001 ${a} ${e} ${l}`,
  "exit code 00, close": (a, e, l) => `001${a}${e}${l}`,
  "exit code 011": (a, e, l) => `011 1 ${a} ${e} ${l}`,
  "no-break spaces": (a, e, l) => `${a}\u00a0${e}\u00a0${l}`,
  "no-break spaces as entities": (a, e, l) => `${a}&nbsp;${e}&#160;${l}`,
  "narrow no-break spaces": (a, e, l) => `${a}\u202f${e}\u202f${l}`,
  "thin spaces": (a, e, l) => `${a}&thinsp;${e}&thinsp;${l}`,
  "no-break hyphens": (a, e, l) => `${a}\u2011${e}\u2011${l}`,
  "no-break hyphens as entities": (a, e, l) => `(${a}) ${e}&#8209;${l}`,
  "hyphens as entities": (a, e, l) => `${a}&#x2d;${e}&#45;${l}`,
  "en dashes": (a, e, l) => `${a}\u2013${e}&ndash;${l}`,
  "em dashes": (a, e, l) => `${a}\u2014${e}&mdash;${l}`,
  "minus signs": (a, e, l) => `${a}\u2212${e}\u2212${l}`,
  "middle dots": (a, e, l) => `${a}\u00b7${e}&middot;${l}`,
  bullets: (a, e, l) => `${a}\u2022${e}&bull;${l}`,
  "zero-width spaces": (a, e, l) => `${a}\u200b${e}\u200b${l}`,
  "word joiners": (a, e, l) => `${a}-\u2060${e}-\u2060${l}`,
  "soft hyphens": (a, e, l) => `${a}&shy;${e}&shy;${l}`,
  "bidirectional marks around": (a, e, l) => `\u202a${a}-${e}-${l}\u202c`,
  "bidirectional marks inside": (a, e, l) => `${a}\u200e-\u200e${e}\u200e-\u200e${l}`,
  "bidirectional isolates": (a, e, l) => `\u2066${a} ${e} ${l}\u2069`,
  "line breaks of the source": (a, e, l) => `${a}\n        ${e}\n        ${l}`,
  pairs: (a, e, l) => `${a.slice(0, 2)} ${a.slice(2)}${e[0]} ${e.slice(1)} ${l.slice(0, 2)} ${l.slice(2)}`,
  "split over wbr": (a, e, l) => `${a}<wbr>${e}<wbr>${l}`,
  "split over inline elements": (a, e, l) => `(<b>${a}</b>) <i><span>${e}</span></i>-${l}`,
  "split within a group": (a, e, l) => `${a}-${e}-<b>${l.slice(0, 2)}</b>${l.slice(2)}`,
  "every digit in an element": (a, e, l) =>
    [...`${a}${e}${l}`].map((digit) => `<span>${digit}</span>`).join(""),
  "prefix in an element": (a, e, l) => `<b>+1</b> ${a}-${e}-${l}`,
  "split by a comment": (a, e, l) => `${a}-<!-- area -->${e}-${l}`,
};

const FRAMES: [string, (number: string) => string][] = [
  ["alone", (number) => `<p>${number}</p>`],
  ["in a sentence", (number) => `<p>Call ${number}, or write. Open 24/7.</p>`],
];

const spelled: FormRow[] = Object.entries(SPELLINGS).flatMap(([name, spell]) =>
  FRAMES.map(
    ([frame, around]) =>
      [
        `${name}, ${frame}`,
        around(spell("415", "555", "0132")),
        around(spell("628", "555", "0101")),
      ] as const,
  ),
);

/** What stands around a number that is still a number. `#` is the number. */
const SURROUNDED = [
  "Tel:#",
  "Tel.#",
  "Phone-#",
  "请致电#咨询",
  "“#”",
  "#.",
  "#!",
  "(#)",
  "Really #?",
  "# ext. 42",
  "# x42",
  "#x42",
  "#ext42",
  "#;ext=9",
  "#,,9",
  "# / 212-555-0199",
  "212-555-0100/#",
  "New York NY 10001 #",
  "+1 212 555 0100 #",
  "# 24 hours",
  "C++ #",
  "5 locations, #",
];

const surrounded: FormRow[] = SURROUNDED.map((frame) => [
  `surrounded: ${frame}`,
  `<p>${frame.replace("#", "415-555-0132")}</p>`,
  `<p>${frame.replace("#", "628-555-0101")}</p>`,
]);

const NEIGHBOURS: FormRow[] = [
  [
    "adjacent blocks do not run together",
    "<div>9</div><div>4155550132</div><div>5</div>",
    "<div>9</div><div>6285550101</div><div>5</div>",
  ],
  [
    "adjacent cells do not run together",
    "<table><tbody><tr><td>7</td><td>415-555-0132</td><td>8</td></tr></tbody></table>",
    "<table><tbody><tr><td>7</td><td>628-555-0101</td><td>8</td></tr></tbody></table>",
  ],
  [
    "a prefix in another block is none",
    "<div>1</div><div>415-555-0132</div>",
    "<div>1</div><div>628-555-0101</div>",
  ],
  ["an icon's name before it", "<p><i>phone</i>415-555-0132</p>", "<p><i>phone</i>628-555-0101</p>"],
  [
    "an inline neighbour with digits",
    "<p><b>415-555-0132</b><b>24/7</b></p>",
    "<p><b>628-555-0101</b><b>24/7</b></p>",
  ],
  [
    "several in one text",
    "<p>415-555-0132, (415) 555-0132 or 4155550132</p>",
    "<p>628-555-0101, (628) 555-0101 or 6285550101</p>",
  ],
  [
    "text of body, before and after blocks",
    "415-555-0132<p>x</p>415-555-0132",
    "628-555-0101<p>x</p>628-555-0101",
  ],
  ["translate=no", '<p translate="no">415-555-0132</p>', '<p translate="no">628-555-0101</p>'],
  [
    "SVG text",
    '<svg><text x="1">415-<tspan>555</tspan>-0132</text></svg>',
    '<svg><text x="1">628-<tspan>555</tspan>-0101</text></svg>',
  ],
  ["a button's text", "<button>Call 415-555-0132</button>", "<button>Call 628-555-0101</button>"],
  ["a hidden element", "<p hidden>415-555-0132</p>", "<p hidden>628-555-0101</p>"],
  [
    "details",
    "<details><summary>415-555-0132</summary>x</details>",
    "<details><summary>628-555-0101</summary>x</details>",
  ],
  [
    "an island that is not editable",
    '<div contenteditable="false">415-555-0132</div>',
    '<div contenteditable="false">628-555-0101</div>',
  ],
  [
    "cells joined on request",
    "<table data-ringtrail-join><tbody><tr><td>415</td><td>555</td><td>0132</td></tr></tbody></table>",
    "<table data-ringtrail-join><tbody><tr><td>628</td><td>555</td><td>0101</td></tr></tbody></table>",
  ],
  [
    "lines joined on request",
    "<p data-ringtrail-join>415<br>555-0132</p>",
    "<p data-ringtrail-join>628<br>555-0101</p>",
  ],
];

/** Spellings of a British number, national and international, with the optional (0). */
const british: FormRow[] = [
  "020 # #",
  "(020) # #",
  "020-#-#",
  "+44 20 # #",
  "+44 (0)20 # #",
  "+44 (0) 20 # #",
  "+44(0)20##",
  "0044 20 # #",
  "011 44 20 # #",
].map((form) => {
  const write = (head: string, tail: string) => `<p>${form.replace("#", head).replace("#", tail)} (UK)</p>`;
  return [`British: ${form}`, write("7946", "0018"), write("7946", "0777")];
});

/** Every row whose number is exchanged. */
export const SWAPPED_FORMS: FormRow[] = [...spelled, ...surrounded, ...NEIGHBOURS, ...british];

/** Where the new number has another length: its text in the first node, nothing in the others. */
export const UNEQUAL_FORMS: FormRow[] = [
  ["in a sentence", "<p>Call (415) 555-0132 now</p>", "<p>Call +44 20 7946 0018 now</p>"],
  ["with its country code", "<p>Call +1 (415) 555-0132 now</p>", "<p>Call +44 20 7946 0018 now</p>"],
  ["in parentheses", "<p>(415-555-0132)</p>", "<p>(+44 20 7946 0018)</p>"],
  [
    "split over nodes",
    "<p><b>415</b>-<i>555</i>-0132 ext. 4</p>",
    "<p><b>+44 20 7946 0018</b><i></i> ext. 4</p>",
  ],
  [
    "a link with parameters",
    '<a href="tel:%2B14155550132;ext=9">x</a>',
    '<a href="tel:+442079460018;ext=9">x</a>',
  ],
  ["a link without a country code", '<a href="tel:415-555-0132">x</a>', '<a href="tel:+442079460018">x</a>'],
  ["a label", '<p title="415-555-0132">x</p>', '<p title="+44 20 7946 0018">x</p>'],
];

/** Numbers of countries whose trunk prefix is not simply 0. */
export const ABROAD: FormRow[] = [
  ["Russia, trunk 8", "<p>8 (495) 123-45-67</p>", "<p>8 (495) 765-43-21</p>"],
  ["Russia, trunk 8, close", "<p>84951234567</p>", "<p>84957654321</p>"],
  ["Russia, international", "<p>+7 495 123-45-67</p>", "<p>+7 495 765-43-21</p>"],
  ["Hungary, trunk 06", "<p>06 1 234 5678</p>", "<p>06 1 876 5432</p>"],
  ["Hungary, international", "<p>+36 1 234 5678</p>", "<p>+36 1 876 5432</p>"],
  ["Italy, whose 0 is part of the number", "<p>06 9871 2345</p>", "<p>06 6541 2345</p>"],
  ["Italy, international", "<p>+39 06 9871 2345</p>", "<p>+39 06 6541 2345</p>"],
  ["Ireland", "<p>087 123 4567</p>", "<p>087 765 4321</p>"],
  ["Ireland, international", "<p>+353 87 123 4567</p>", "<p>+353 87 765 4321</p>"],
  ["two countries", "<p>415-555-0132 / 020 7946 0018</p>", "<p>628-555-0101 / 020 7946 0777</p>"],
];
