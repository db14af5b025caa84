import { type Numbering, numbersIn } from "./boundaries.ts";

/**
 * What the tag must do to a page, written a second time: every number is looked for at every character, by one
 * rule after the other, as slow as it likes. Runs in the browser, where the pages are. Digit-for-digit only.
 */

const SKIPPED =
  "head, script, style, noscript, textarea, select, code, pre, template, [contenteditable], [data-ringtrail-skip]";
const INLINE = new Set("A ABBR B BDI BDO EM FONT I MARK SMALL SPAN STRONG SUB SUP TSPAN U WBR".split(" "));
const LABELS = ["aria-label", "title", "alt", "placeholder"];
const BUTTONS = ["button", "submit", "reset"];
/** Stands between the texts of two nodes; no HTML text contains it. */
export const BORDER = "\0";

/** Of every text node and every attribute under `body`, the value it must have. */
export function expectedValues(body: Element, numbering: Numbering): Map<Text | Attr, string> {
  const expected = new Map<Text | Attr, string>();
  for (const run of runsOf(body)) {
    const joined = run.map(({ data }) => data).join(BORDER);
    const swapped = swap(joined, asWritten(joined), numbering);
    let offset = 0;
    for (const node of run) {
      expected.set(node, swapped.slice(offset, offset + node.data.length));
      offset += node.data.length + BORDER.length;
    }
  }
  for (const element of body.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      if (element.closest(SKIPPED)) continue;
      const reading = readingOf(element, attribute);
      if (reading) expected.set(attribute, swap(attribute.value, reading, numbering));
    }
  }
  return expected;
}

/** Characters as they are read, each with its place in what is written. */
type Reading = [char: string, place: number][];

const asWritten = (text: string): Reading => text.split("").map((char, place) => [char, place]);

/** `text` with the number's digits exchanged wherever it reads so. */
function swap(text: string, reading: Reading, numbering: Numbering): string {
  const legible = reading.map(([char]) => char).join("");
  const out = text.split("");
  for (const places of numbersIn(legible, numbering)) {
    for (const [n, i] of places.entries()) out[reading[i]?.[1] ?? 0] = numbering.replace.charAt(n);
  }
  return out.join("");
}

/** The texts that are read as one: what stands between two edges of elements that are not inline. */
function runsOf(body: Element): Text[][] {
  const runs: Text[][] = [];
  let run: Text[] = [];
  const end = (): void => {
    if (run.length) runs.push(run);
    run = [];
  };
  const visit = (node: Node, joined: boolean): void => {
    if (node.nodeType === Node.TEXT_NODE) run.push(node as Text);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const element = node as Element;
    const skipped = element.matches(SKIPPED);
    const inline = !skipped && (joined || INLINE.has(element.tagName.toUpperCase()));
    if (!inline) end();
    for (const child of skipped ? [] : element.childNodes) {
      visit(child, joined || element.hasAttribute("data-ringtrail-join"));
    }
    if (!inline) end();
  };
  visit(body, false);
  end();
  return runs;
}

/** What an attribute says to people; null when it says nothing. */
function readingOf(element: Element, { name, value }: Attr): Reading | null {
  if (LABELS.includes(name)) return asWritten(value);
  if (name === "value") {
    return element instanceof HTMLInputElement && BUTTONS.includes(element.type) ? asWritten(value) : null;
  }
  return name === "href" && value.toLowerCase().startsWith("tel:") ? dialled(value) : null;
}

/**
 * The number that a `tel:` URL dials, at the places where it stands: no scheme, no escapes but the plus, nothing
 * after a parameter or a pause.
 */
function dialled(url: string): Reading {
  const reading: Reading = [];
  let at = "tel:".length;
  while (url[at] === "/") at += 1;
  while (at < url.length) {
    const char = url.charAt(at);
    if (";,?pwx".includes(char.toLowerCase())) break;
    const escaped = char === "%" ? url.slice(at, at + 3).toLowerCase() : "";
    reading.push([escaped === "%2b" ? "+" : escaped ? " " : char, at]);
    at += escaped ? 3 : 1;
  }
  return reading;
}
