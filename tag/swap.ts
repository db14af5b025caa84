import type { Swap } from "../shared/api/leases.ts";
import { awaitsHydration } from "./hydration.ts";
import { compile, exchange, NODE_BORDER, occurrences, type Pattern } from "./match.ts";

/** What can be scanned: an element, or a shadow root or other fragment. */
export type Root = Element | DocumentFragment;
/** A text or an attribute: what we write to, in place, through `nodeValue`. */
type Slot = Text | Attr;
/** What a slot held before us, what we wrote, and how often lately (see `HEAT_LIMIT`). */
type Writing = { owner: Element; original: string | null; written: string; heat: number; at_ms: number };

/** Elements whose text is not for reading, is the visitor's own, or is left alone by the site's wish. */
const SKIPPED =
  "head,script,style,noscript,textarea,select,code,pre,template,[contenteditable]:not([contenteditable=false]),[data-ringtrail-skip]";
/** A number may be split over these; the edge of any other element ends it. */
const INLINE =
  /^(a|abbr|b|bdi|bdo|cite|data|del|dfn|em|font|i|ins|label|mark|nobr|q|s|small|span|strong|su[bp]|time|tspan|u|var|wbr)$/i;
/** The attributes that carry a number to people, and the elements on which they do. */
export const CARRIERS: Record<string, string> = {
  href: '[href^="tel:" i]',
  "aria-label": "[aria-label]",
  title: "[title]",
  alt: "[alt]",
  placeholder: "[placeholder]",
  value: "input[type=button],input[type=submit],input[type=reset]",
};

/** A slot that we rewrite faster than it cools (one a second) is being fought over: we leave it alone for good. */
const HEAT_LIMIT = 20;
/** Above this many writings those of removed nodes are forgotten. */
const WRITINGS_LIMIT = 1000;
/** Of the DOM standard; as constants the build can write them out. */
const ELEMENT_NODE = 1;
const TEXT_NODE = 3;
const SHOW_TEXT = 4;

const writings = new Map<Slot, Writing>();
/** Elements with a number that has to wait until their framework has taken them over. */
export const awaiting = new Set<Element>();
let patterns: Pattern[] = [];
/** The way back, for numbers that the page itself does not show. */
let backwards: Pattern[] = [];

/** From now on these numbers are the ones to show. Nothing is written before the next `scan`. */
export function useSwaps(swaps: readonly Swap[]): void {
  const text = document.body?.textContent ?? "";
  patterns = swaps.map(compile);
  backwards = swaps
    .map(({ find, replace }) => compile({ find: replace, replace: find }))
    .filter((pattern) => !occurrences(text, pattern).length);
}

/**
 * Puts every original back, byte for byte, and shows nothing more until `useSwaps`. What the page has changed or
 * copied since has no original any more: it gets the page's number in its place.
 */
export function restore(): void {
  for (const [slot, { original, written }] of writings) {
    if (slot.nodeValue === written) slot.nodeValue = original;
  }
  writings.clear();
  patterns = backwards;
  if (document.body) scan(document.body);
  patterns = [];
  writings.clear();
}

/** Shows the leased numbers in all texts and attributes under `root`. */
export function scan(root: Root): void {
  if (!patterns.length) return;
  for (const block of blocksWithNumbers(root)) swapTexts(block);
  for (const [name, carriers] of Object.entries(CARRIERS)) {
    if (isElement(root) && root.matches(carriers)) swapAttribute(root, name);
    for (const element of root.querySelectorAll(carriers)) swapAttribute(element, name);
  }
}

/**
 * The blocks under `root` whose text holds a wanted number, boundaries not yet judged. One look at the whole
 * text finds also what is split over nodes, and costs less than visiting them; most pages end here.
 */
function blocksWithNumbers(root: Root): Set<Node> {
  const blocks = new Set<Node>();
  const text = root.textContent ?? "";
  const hits = patterns.flatMap((pattern) => occurrences(text, pattern)).sort((a, b) => a.index - b.index);
  const walker = document.createTreeWalker(root, SHOW_TEXT);
  let end = 0;
  for (const { index } of hits) {
    while (end <= index && walker.nextNode()) end += (walker.currentNode as Text).length;
    blocks.add(blockOf(walker.currentNode));
  }
  return blocks;
}

/** The nearest ancestor that a number cannot reach beyond; the node itself when it is one. */
export function blockOf(node: Node): Node {
  return isInline(node) && node.parentNode ? blockOf(node.parentNode) : node;
}

export function isElement(node: Node): node is Element {
  return node.nodeType === ELEMENT_NODE;
}

/** True when a number may go on across the edges of this node. */
function isInline(node: Node): boolean {
  if (!isElement(node)) return node.nodeType === TEXT_NODE;
  if (node.matches(SKIPPED)) return false;
  return INLINE.test(node.nodeName) || !!node.parentElement?.closest("[data-ringtrail-join]");
}

/** Swaps in the texts of one block, but not of the blocks in it: each run of inline texts as one. */
function swapTexts(block: Node): void {
  let run: Text[] = [];
  const visit = (parent: Node): void => {
    for (const child of parent.childNodes) {
      if (child.nodeType === TEXT_NODE) run.push(child as Text);
      else if (isInline(child)) visit(child);
      else if (isElement(child)) endRun();
    }
  };
  const endRun = (): void => {
    rewrite(run);
    run = [];
  };
  visit(block);
  endRun();
}

/**
 * Swaps in one attribute. Of a tel: URL everything but the dialled number is blanked first, at the same length:
 * scheme, escapes, parameters, pauses, extensions (RFC 3966 and common use). An escaped plus counts as one.
 * True when the attribute now holds a number of ours.
 */
export function swapAttribute(element: Element, name: string, hurried = false): boolean {
  const slot = element.getAttributeNode(name);
  if (!slot) return false;
  const dialled = slot.value.replace(/^tel:\/*|%2b|%..|[;,pwx?].*/gis, (part) =>
    (/%2b/i.test(part) ? "+" : "").padEnd(part.length),
  );
  rewrite([slot], name === "href" ? dialled : undefined, hurried);
  return writings.get(slot)?.written === slot.value;
}

/**
 * Writes the leased numbers into neighbouring slots, all or none: a number is never half swapped. `legible`, as
 * long as their joined text, is what to find the numbers in. `hurried`: without waiting for hydration.
 */
function rewrite(slots: Slot[], legible?: string, hurried = false): void {
  const units = exchange(slots.map(({ nodeValue }) => nodeValue).join(NODE_BORDER), patterns, legible);
  const changes: [Slot, string][] = [];
  for (const slot of slots) {
    const value = units.splice(0, slot.nodeValue?.length).join("");
    if (value !== slot.nodeValue) changes.push([slot, value]);
    units.shift();
  }
  for (const [slot, value] of changes) {
    const owner = "ownerElement" in slot ? slot.ownerElement : slot.parentElement;
    if (!owner || owner.closest(SKIPPED)) return;
    if (!hurried && awaitsHydration(owner)) {
      awaiting.add(owner);
      return;
    }
    write(slot, value, owner);
  }
}

/** Writes, but not for ever: see `HEAT_LIMIT`. An original put back heats twice as much as another text. */
function write(slot: Slot, written: string, owner: Element): void {
  const original = slot.nodeValue;
  const at_ms = performance.now();
  const last = writings.get(slot) ?? { original: "", heat: 0, at_ms };
  const cooled = Math.max(0, last.heat - (at_ms - last.at_ms) / 1000);
  const heat = cooled + (original === last.original ? 2 : 1);
  writings.set(slot, {
    owner,
    original,
    written,
    heat: heat > HEAT_LIMIT ? Number.POSITIVE_INFINITY : heat,
    at_ms,
  });
  if (heat <= HEAT_LIMIT) slot.nodeValue = written;
  if (writings.size < WRITINGS_LIMIT) return;
  for (const [old, writing] of writings) {
    if (!writing.owner.isConnected) writings.delete(old);
  }
}
