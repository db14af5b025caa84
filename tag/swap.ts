import type { Swap } from "../shared/api/leases.ts";
import { awaitsHydration } from "./hydration.ts";
import { compile, findNumbers, NODE_BORDER, occurrences, type Pattern } from "./match.ts";

/** A text or an attribute: what we write to. */
type Slot = Text | Attr;
/** What a slot held before us, what we wrote, and how often lately (see `write`). */
type Writing = { original: string; written: string; heat: number; at_ms: number };

/** Elements whose text is not for reading, is the visitor's own, or is the site's explicit wish. */
const SKIPPED =
  "head,script,style,noscript,textarea,select,code,pre,template,[contenteditable]:not([contenteditable=false]),[data-ringtrail-skip]";
/** A number may be split over these; any other element's edge ends it. */
const INLINE =
  /^(a|abbr|b|bdi|bdo|big|cite|data|del|dfn|em|font|i|ins|label|mark|nobr|q|s|small|span|strong|sub|sup|time|tspan|tt|u|wbr)$/i;
const JOINED = "[data-ringtrail-join]";

const BUTTON = "input[type=button i],input[type=submit i],input[type=reset i]";
const TEL_LINK = '[href^="tel:" i]';
/** The attributes that carry a number to people, and where. */
export const ATTRIBUTES = ["href", "aria-label", "title", "alt", "placeholder", "value"];
const CARRIERS = `${TEL_LINK},[aria-label],[title],[alt],[placeholder],${BUTTON}`;

/** A slot that is rewritten faster than it cools (one a second) is being fought over: we leave it alone for good. */
const HEAT_LIMIT = 20;
/** Above this many writings the nodes that left the page are forgotten. */
const WRITINGS_LIMIT = 1000;

const writings = new Map<Slot, Writing>();
/** Elements with a number that cannot be swapped before their framework has taken them over: scan them again. */
export const awaiting = new Set<Element>();
let patterns: Pattern[] = [];

/** From now on these numbers are the ones to show. Nothing is written before the next `scan`. */
export function useSwaps(swaps: readonly Swap[]): void {
  patterns = swaps.map(compile);
}

/** Puts every original text and attribute back, byte for byte, and shows nothing more until `useSwaps`. */
export function restore(): void {
  patterns = [];
  for (const [slot, { original, written }] of writings) {
    if (slot.nodeValue === written) slot.nodeValue = original;
  }
  writings.clear();
}

/** True when the tag has changed this attribute of the element. */
export function isSwapped(element: Element, attribute: string): boolean {
  const slot = element.getAttributeNode(attribute);
  return slot !== null && writings.get(slot)?.written === slot.value;
}

/** Shows the leased numbers in everything under `root`, which may be an element, a fragment or a document. */
export function scan(root: Node | undefined): void {
  const scope = root instanceof Document ? root.body : root;
  if (!scope || !patterns.length) return;
  for (const container of containersWithNumbers(scope)) swapText(container);
  if (scope instanceof Element) swapAttributes(scope);
  for (const element of (scope as ParentNode).querySelectorAll(CARRIERS)) swapAttributes(element);
}

/**
 * The block elements under `scope` whose text holds a wanted number, boundaries not yet judged. One look at the
 * whole text finds also numbers split over nodes and costs less than visiting them; most pages end here.
 */
function containersWithNumbers(scope: Node): Set<Node> {
  const text = scope.textContent ?? "";
  const hits = patterns.flatMap(({ number }) => occurrences(text, number).map(({ index }) => index));
  hits.sort((a, b) => a - b);
  const containers = new Set<Node>();
  const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_CDATA_SECTION);
  for (let hit = 0, end = 0; hit < hits.length && walker.nextNode(); ) {
    const node = walker.currentNode as Text;
    end += node.length;
    if ((hits[hit] ?? end) < end) {
      containers.add(blockOf(node));
      while ((hits[hit] ?? end) < end) hit++;
    }
  }
  return containers;
}

/** The nearest ancestor that a number cannot reach beyond. */
export function blockOf(node: Node): Node {
  let parent = node.parentNode;
  while (parent instanceof Element && parent.parentNode && isInline(parent)) parent = parent.parentNode;
  return parent ?? node;
}

/** True when a number may go on across the element's edges. */
export function isInline(element: Element): boolean {
  return (
    (INLINE.test(element.nodeName) || element.parentElement?.closest(JOINED) != null) &&
    !element.matches(SKIPPED)
  );
}

/** Swaps in the texts that belong to this block itself, each run of inline text as one. */
export function swapText(container: Node): void {
  if (container instanceof Element && container.closest(SKIPPED)) return;
  let run: Text[] = [];
  const endRun = (): void => {
    rewrite(run, run.map((node) => node.data).join(NODE_BORDER));
    run = [];
  };
  const visit = (parent: Node): void => {
    for (let child = parent.firstChild; child; child = child.nextSibling) {
      if (child instanceof Text) run.push(child);
      else if (child instanceof Element) {
        if (isInline(child)) visit(child);
        else endRun();
      }
    }
  };
  visit(container);
  endRun();
}

/** Swaps in those attributes of one element that people see, hear or dial. */
export function swapAttributes(element: Element, evenIfHydrating = false): void {
  if (element.closest(SKIPPED)) return;
  for (const name of ATTRIBUTES) {
    const slot = element.getAttributeNode(name);
    if (!slot || (name === "value" && !element.matches(BUTTON))) continue;
    if (name !== "href") rewrite([slot], slot.value);
    else if (element.matches(TEL_LINK)) rewrite([slot], slot.value, dialledPart(slot.value), evenIfHydrating);
  }
}

/**
 * A tel: URL with everything but the dialled number blanked, at the same length: scheme, escapes, parameters,
 * pauses and extensions (RFC 3966 and common use). An escaped plus counts as one.
 */
function dialledPart(href: string): string {
  return href.replace(/^tel:\/*|%2b|%..|[;,pwx?].*/gis, (part) =>
    (/^%2b/i.test(part) ? "+" : "").padEnd(part.length),
  );
}

/**
 * Writes the leased numbers into `slots`, whose values are `text` when joined by node borders. `legible` is the
 * text to find them in, unit by unit as long as `text`.
 */
function rewrite(slots: Slot[], text: string, legible = text, evenIfHydrating = false): void {
  const units = text.split("");
  for (const pattern of patterns) {
    for (const { start, national, end } of findNumbers(legible, pattern)) {
      let digit = 0;
      for (let i = pattern.digits ? national : start; i < end; i++) {
        if (!pattern.digits) units[i] = i > start ? "" : legible === text ? pattern.text : pattern.replace;
        else if (/\d/.test(legible[i] ?? "")) units[i] = pattern.digits[digit++] ?? "";
      }
    }
  }
  let at = 0;
  const values = slots.map(({ nodeValue }) => {
    const from = at;
    at += (nodeValue ?? "").length + 1;
    return units.slice(from, at - 1).join("");
  });
  const changed = slots.filter(({ nodeValue }, i) => nodeValue !== values[i]);
  const owners = changed.map((slot) => (slot instanceof Attr ? slot.ownerElement : slot.parentElement));
  const waiting = evenIfHydrating ? null : owners.find((owner) => owner && awaitsHydration(owner));
  if (waiting) awaiting.add(waiting);
  else for (const [i, slot] of slots.entries()) write(slot, values[i] ?? "");
}

/** Writes only what differs, and not for ever: see `HEAT_LIMIT`. An original put back heats twice as much. */
function write(slot: Slot, value: string): void {
  const original = slot.nodeValue ?? "";
  if (value === original) return;
  const at_ms = performance.now();
  const last = writings.get(slot) ?? { original: "", heat: 0, at_ms };
  const cooled = Math.max(0, last.heat - (at_ms - last.at_ms) / 1000);
  const heat = cooled + (original === last.original ? 2 : 1);
  writings.set(slot, { original, written: value, heat: heat > HEAT_LIMIT ? Infinity : heat, at_ms });
  if (heat <= HEAT_LIMIT) slot.nodeValue = value;
  if (writings.size > WRITINGS_LIMIT) forgetRemoved();
}

function forgetRemoved(): void {
  for (const slot of writings.keys()) {
    if (!(slot instanceof Attr ? slot.ownerElement : slot)?.isConnected) writings.delete(slot);
  }
}
