import type { Numbering } from "./boundaries.ts";

/** A generated page: elements and texts, as small a description as it needs to be shown when it fails. */
export type Piece = string | { tag: string; attributes: Record<string, string>; children: Piece[] };

export const NUMBERINGS: Numbering[] = [
  { country: "1", trunk: "1", find: "4155550132", replace: "6285550101" },
  { country: "44", trunk: "0", find: "2079460018", replace: "2079460777" },
  { country: "7", trunk: "8", find: "4951234567", replace: "4957654321" },
  { country: "1", trunk: "1", find: "4444444441", replace: "5555555552" },
];

const BETWEEN = [
  "",
  "",
  "",
  "-",
  "-",
  " ",
  ".",
  "/",
  ") ",
  "\u00a0",
  "\u2011",
  "\u200b",
  "\u2013",
  " - ",
  ", ",
  "----",
  "  ",
  "\n",
  ":",
  "_",
  "\u202f",
  "\u00b7",
  "\u200e-",
  "|",
  "*",
  "、",
  "+",
];
const AROUND = [
  "",
  "",
  " ",
  " ",
  "Call ",
  "Tel:",
  "Tel.",
  "ID-",
  "SKU_",
  "x",
  "9",
  "9-",
  "9 ",
  "1,",
  "+",
  "+44 ",
  "+1 ",
  "+1-",
  "+7 ",
  "0",
  "0 ",
  "00",
  "1",
  "1 ",
  "(",
  ")",
  "8 ",
  "8",
  "(0)",
  "http://a.b/",
  "/12/",
  "?q=",
  "#",
  "$",
  " x42",
  "ext 4",
  " ext. 42",
  ",5",
  ",,5",
  ";9",
  "-77",
  ".5",
  "%",
  "@a",
  "!",
  "。",
  "C++ ",
  "0100/",
  "/",
  "\u202a",
  "\u202c",
  "24/7",
  "415",
  "(415) 555-0100",
  "NY 10001 ",
  ".jpg",
  ".",
];
const INLINE_TAGS = ["b", "span", "i", "a", "em", "wbr", "time", "font"];
const BLOCK_TAGS = ["div", "p", "li", "br", "code", "section", "td", "button", "h2", "pre", "label"];
const VOID_TAGS = new Set(["br", "wbr", "input", "img"]);

/** The same numbers for the same seed: Mulberry32 (Tommy Ettinger, public domain). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Makes pages that hold the number, nearly hold it, or hold pieces of it, in every neighbourhood. */
export class PageMaker {
  readonly #random: () => number;
  readonly #number: string;

  constructor(seed: number, { find }: Numbering) {
    this.#random = seeded(seed);
    this.#number = find;
  }

  page(): Piece[] {
    return [this.#piece(4), ...this.#many(6, () => this.#piece(4))];
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #one<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)] as T;
  }

  #many<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.#below(most + 1) }, make);
  }

  #piece(depth: number): Piece {
    const kind = this.#below(10);
    if (depth === 0 || kind < 5) return this.#text();
    if (kind === 5) return this.#carrier();
    const tag = this.#one(this.#random() < 0.6 ? INLINE_TAGS : BLOCK_TAGS);
    const attributes: Record<string, string> = {};
    if (this.#random() < 0.06) attributes[this.#one(["data-ringtrail-skip", "data-ringtrail-join"])] = "";
    if (this.#random() < 0.03) attributes.contenteditable = "true";
    if (this.#random() < 0.1) attributes.title = this.#text();
    return {
      tag,
      attributes,
      children: VOID_TAGS.has(tag) ? [] : this.#many(4, () => this.#piece(depth - 1)),
    };
  }

  /** An element whose attribute may hold the number. */
  #carrier(): Piece {
    const link = () => this.#one(["tel:", "tel:", "TEL:", "tel://", "sms:", "/"]) + this.#dialled();
    const [tag, attributes] = this.#one([
      () => ["a", { href: link() }] as const,
      () => ["a", { href: link(), "aria-label": this.#text() }] as const,
      () => ["img", { alt: this.#text(), src: "data:," }] as const,
      () => ["input", { type: "button", value: this.#text() }] as const,
      () => ["input", { placeholder: this.#text(), value: this.#text() }] as const,
      () => ["p", { "data-phone": this.#text(), id: this.#text() }] as const,
    ])();
    return { tag, attributes, children: VOID_TAGS.has(tag) ? [] : this.#many(2, () => this.#text()) };
  }

  #dialled(): string {
    const head = this.#one(["", "", "+1", "1-", "%2B1", "%2b", "+", "0", "9", "%20"]);
    const tail = this.#one([
      "",
      "",
      "",
      ";ext=9",
      ",,9",
      "p1",
      "x42",
      "5",
      "%20ext.%204",
      ";phone-context=+1",
    ]);
    return head + this.#spelled(["", "", "-", ".", "%20", "(", ")"]) + tail;
  }

  #text(): string {
    const kind = this.#below(10);
    if (kind < 5) return this.#one(AROUND) + this.#spelled(BETWEEN) + this.#one(AROUND);
    if (kind < 7) return this.#digits().slice(0, this.#below(10));
    if (kind < 9) return this.#digits().slice(this.#below(10));
    return this.#one(AROUND);
  }

  /** The number's digits, or in one of four cases those of another. */
  #digits(): string {
    if (this.#random() < 0.75) return this.#number;
    const place = this.#below(this.#number.length);
    return this.#number.slice(0, place) + this.#below(10) + this.#number.slice(place + 1);
  }

  #spelled(between: readonly string[]): string {
    const digits = this.#digits();
    const [first, second] = this.#one([
      [3, 6],
      [3, 6],
      [2, 4],
      [3, 5],
      [1, 9],
    ] as const);
    return [
      digits.slice(0, first),
      this.#one(between),
      digits.slice(first, second),
      this.#one(between),
      digits.slice(second),
    ].join("");
  }
}

/** Builds the pieces as they are: neighbouring texts stay nodes of their own. */
export function build(parent: Node, pieces: Piece[]): void {
  for (const piece of pieces) {
    if (typeof piece === "string") parent.appendChild(document.createTextNode(piece));
    else {
      const element = document.createElement(piece.tag);
      for (const [name, value] of Object.entries(piece.attributes)) element.setAttribute(name, value);
      build(element, piece.children);
      parent.appendChild(element);
    }
  }
}

/** The same page with one thing less, in every way there is: for finding the smallest page that fails. */
export function* smaller(pieces: Piece[]): Generator<Piece[]> {
  for (const [i, piece] of pieces.entries()) {
    const others = (...instead: Piece[]) => [...pieces.slice(0, i), ...instead, ...pieces.slice(i + 1)];
    yield others();
    if (typeof piece === "string") {
      for (let at = 0; at < piece.length; at++) yield others(piece.slice(0, at) + piece.slice(at + 1));
      continue;
    }
    yield others(...piece.children);
    for (const name of Object.keys(piece.attributes)) {
      const { [name]: _, ...attributes } = piece.attributes;
      yield others({ ...piece, attributes });
    }
    for (const children of smaller(piece.children)) yield others({ ...piece, children });
  }
}
