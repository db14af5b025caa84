import type { Swap } from "../shared/api/leases.ts";
import { awaitsHydration } from "./hydration.ts";
import { compile, exchange, NODE_BORDER, occurrences, type Pattern } from "./match.ts";

/** A text or an attribute: what we write to, in place, through `nodeValue`. */
type Slot = Text | Attr;
/** What a slot held before us, what we wrote, and how often lately (see `HEAT_LIMIT`). */
type Writing = { original: string | null; written: string; heat: number; at_ms: number };

/** Elements whose text is not for reading, is the visitor's own, or is left alone by the site's wish. */
const SKIPPED =
  "head,script,style,noscript,textarea,select,code,pre,template,[contenteditable]:not([contenteditable=false]),[data-ringtrail-skip]";
/** A number may be split over these; the edge of any other element ends it. */
const INLINE =
  /^(a|abbr|b|bdi|bdo|cite|data|del|dfn|em|font|i|ins|label|mark|nobr|q|s|small|span|strong|su[bp]|time|tspan|u|var|wbr)$/i;

/** The attributes that carry a number to people, and the elements that have them. */
export const ATTRIBUTES = ["href", "aria-label", "title", "alt", "placeholder", "value"];
const TEL_LINK = '[href^="tel:" i]';
const BUTTON = "input[type=button],input[type=submit],input[type=reset]";
const CARRIERS = `${TEL_LINK},[aria-label],[title],[alt],[placeholder],${BUTTON}`;

/** A slot that we rewrite faster than it cools (one a second) is being fought over: we leave it alone for good. */
const HEAT_LIMIT = 20;
/** Above this many writings those of removed nodes are forgotten. */
const WRITINGS_LIMIT = 1000;

const writings = new Map<Slot, Writing>();
/** Elements with a number that has to wait until their framework has taken them over. */
export const awaiting = new Set<Element>();
let patterns: Pattern[] = [];

/** From now on these numbers are the ones to show. Nothing is written before the next `scan`. */
export function useSwaps(swaps: readonly Swap[]): void {
  patterns = swaps.map(compile);
}

/** Puts every original back, byte for byte, unless the page has written something else since. */
export function restore(): void {
  for (const [slot, { original, written }] of writings) {
    if (slot.nodeValue === written) slot.nodeValue = original;
  }
  writings.clear();
}

/** Shows the leased numbers in all texts and attributes under `root`. */
export function scan(root: Node & ParentNode): void {
  if (!patterns.length) return;
  for (const block of blocksWithNumbers(root)) swapTexts(block);
  if (isElement(root)) swapAttributes(root);
  for (const element of root.querySelectorAll(CARRIERS)) swapAttributes(element);
}

/**
 * The blocks under `root` whose text holds a wanted number, boundaries not yet judged. One look at the whole
 * text finds also what is split over nodes, and costs less than visiting them; most pages end here.
 */
function blocksWithNumbers(root: Node): Set<Node> {
  const blocks = new Set<Node>();
  const text = root.textContent ?? "";
  const hits = patterns.flatMap(({ number }) => occurrences(text, number)).sort((a, b) => a.index - b.index);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let end = 0;
  for (const { index } of hits) {
    while (end <= index && walker.nextNode()) end += (walker.currentNode as Text).length;
    blocks.add(blockOf(walker.currentNode));
  }
  return blocks;
}

/** The nearest ancestor that a number cannot reach beyond. */
export function blockOf(node: Node): Node & ParentNode {
  let parent = node.parentNode ?? document;
  while (isInline(parent)) parent = parent.parentNode ?? document;
  return parent;
}

export function isElement(node: Node): node is Element {
  return node.nodeType === Node.ELEMENT_NODE;
}

/** True when a number may go on across the edges of this node. */
export function isInline(node: Node): boolean {
  if (!isElement(node)) return node.nodeType === Node.TEXT_NODE;
  if (node.matches(SKIPPED)) return false;
  return INLINE.test(node.nodeName) || !!node.parentElement?.closest("[data-ringtrail-join]");
}

/** Swaps in the texts of one block, but not of the blocks in it: each run of inline texts as one. */
function swapTexts(block: Node): void {
  if (isElement(block) && block.closest(SKIPPED)) return;
  let run: Text[] = [];
  const endRun = (): void => {
    rewrite(run);
    run = [];
  };
  const visit = (parent: Node): void => {
    for (const child of parent.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) run.push(child as Text);
      else if (isInline(child)) visit(child);
      else if (isElement(child)) endRun();
    }
  };
  visit(block);
  endRun();
}

/** Swaps in those attributes of one element that people see, hear or dial. */
function swapAttributes(element: Element, dialled = false): void {
  if (element.closest(SKIPPED)) return;
  for (const name of ATTRIBUTES) {
    const slot = element.getAttributeNode(name);
    if (!slot || (name === "value" && !element.matches(BUTTON))) continue;
    if (name !== "href") rewrite([slot]);
    else if (element.matches(TEL_LINK)) rewrite([slot], dialledPart(slot.value), dialled);
  }
}

/** Swaps in a link that is being followed and can wait no longer. True when it dials a number of ours. */
export function swapFollowed(link: Element): boolean {
  swapAttributes(link, true);
  const slot = link.getAttributeNode("href");
  return !!slot && writings.get(slot)?.written === slot.value;
}

/**
 * A tel: URL with everything but the dialled number blanked, at the same length: scheme, escapes, parameters,
 * pauses and extensions (RFC 3966 and common use). An escaped plus counts as one.
 */
function dialledPart(href: string): string {
  return href.replace(/^tel:\/*|%2b|%..|[;,pwx?].*/gis, (part) =>
    (/%2b/i.test(part) ? "+" : "").padEnd(part.length),
  );
}

/**
 * Writes the leased numbers into neighbouring slots. `legible`, as long as their joined text, is what to find
 * the numbers in. All or none: a number is never half swapped.
 */
function rewrite(slots: Slot[], legible?: string, dialled = false): void {
  const text = slots.map(({ nodeValue }) => nodeValue).join(NODE_BORDER);
  const units = exchange(text, patterns, legible);
  const changes: [Slot, string][] = [];
  let at = 0;
  for (const slot of slots) {
    const { length } = slot.nodeValue ?? "";
    const value = units.slice(at, at + length).join("");
    if (value !== slot.nodeValue) changes.push([slot, value]);
    at += length + NODE_BORDER.length;
  }
  const [first] = changes[0] ?? [];
  const owner = first && ("ownerElement" in first ? first.ownerElement : first.parentElement);
  if (owner && !dialled && awaitsHydration(owner)) awaiting.add(owner);
  else for (const [slot, value] of changes) write(slot, value);
}

/** Writes, but not for ever: see `HEAT_LIMIT`. An original put back heats twice as much as another text. */
function write(slot: Slot, value: string): void {
  const original = slot.nodeValue;
  const at_ms = performance.now();
  const last = writings.get(slot) ?? { original: "", heat: 0, at_ms };
  let heat = Math.max(0, last.heat - (at_ms - last.at_ms) / 1000) + (original === last.original ? 2 : 1);
  if (heat > HEAT_LIMIT) heat = Number.POSITIVE_INFINITY;
  else slot.nodeValue = value;
  writings.set(slot, { original, written: value, heat, at_ms });
  if (writings.size < WRITINGS_LIMIT) return;
  for (const old of writings.keys()) {
    if (!("ownerElement" in old ? old.ownerElement : old)?.isConnected) writings.delete(old);
  }
}
