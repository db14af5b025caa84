import type { Swap } from "../shared/api/leases.ts";
import { awaitsHydration } from "./hydration.ts";
import { watch } from "./lazy.ts";
import { compile, NODE_BORDER, type Pattern } from "./match.ts";
import { LABELS, LAZY, VANITY } from "./options.ts";

/** What can be scanned: an element, or a shadow root or other fragment. */
export type Root = Element | DocumentFragment;
/** A text or an attribute: what we write to, in place, through `nodeValue`. */
type Slot = Text | Attr;
/** What the page wrote into a slot and what we made of it. */
type Writing = [original: string, written: string];

/** Elements whose text is not for reading, is the visitor's own, or is left alone by the site's wish. */
export const SKIPPED = `${LABELS ? "" : "head,"}script,style,noscript,textarea,select,code,pre,[contenteditable]:not([contenteditable=false]),[data-ringtrail-skip]`;
/** An element at whose edge a number ends: all but these, over which it may be split. */
const BLOCK = `${SKIPPED},:not(a,abbr,b,bdi,bdo,em,i,u,font,mark,small,span,strong,sub,sup,tspan,wbr,[data-ringtrail-join] *)`;
/** The attributes that carry a number to people. */
export const CARRIERS = "href aria-label title alt placeholder value".split(" ");
/** Of the values only those of buttons are for reading. */
const BUTTON = /^INPUT(button|submit|reset)/i;
/** The scheme of a tel: link, and its number without parameters, pauses and extension (RFC 3966 and common use). */
const TEL = VANITY ? /^(\s*tel:\/*(?:%20)*)((?:[^;,pwx?]|[pwx]\D)*)/i : /^(\s*tel:\/*(?:%20)*)([^;,pwx?]*)/i;
/** Of any other text: nothing, and all of it. */
const PROSE = /()(.*)/s;

/** How often a block may be rewritten in the long run, … */
const ROUND_MS = 500;
/** … and how often what is in it, with every frame: a list that is scrolled brings new rows. */
const NEW_ROUND_MS = 16;

/** Of the DOM standard; as constants the build can write them out. */
const TEXT_NODE = 3;
/** Texts, and the CDATA sections of XHTML: all that `textContent` consists of. */
const SHOW_TEXT = 4 | 8;

/** Stands for a nested block among the texts around it: a word and a stop, over which nothing is read as one. */
const EDGE = "edge:";

/** The document's root element: always there, whatever becomes of its body. */
export const page = document.documentElement;

const writings = new WeakMap<Slot, Writing>();
/** Blocks in which a text among others was written: the number may have been split over them. */
const shared = new WeakSet<Root>();
/** By each number that was ever shown, the way back from it: for copies that the page made. */
const backwards: Record<string, Swap> = {};
let patterns: Pattern[] = [];
/** Finds where any of the numbers may be; nothing, at first. */
let finder = /$./g;
/** What the scan under way has cost so far, … */
let cost_ms: number;
/** … and where it began. */
let scanned: Root;
/** Whether something is left to be written when its framework has taken it over. */
export let isWaiting = false;

/**
 * From now on these numbers are the ones to show; nothing is written before the next `scan`. What was shown earlier
 * becomes the page's own again, or the new number. Throws if a number is not E.164.
 */
export const useSwaps = (swaps: readonly Swap[]): void => {
  for (const { find, replace } of swaps) backwards[replace] = { find: replace, replace: find };
  patterns = [...Object.values(backwards), ...swaps].map(compile);
  finder = RegExp(patterns.map(([digits]) => digits).join("|"), VANITY ? "gi" : "g");
  isWaiting = false;
};

/**
 * Shows in all texts and attributes under `root` what is to be shown there. Returns what that cost, as `observe.ts`
 * counts it: nothing when nothing changed, little in blocks inside, which may be new ones, much in `root` itself.
 */
export const scan = (root: Root): number => {
  scanned = root;
  cost_ms = 0;
  const walker = document.createTreeWalker(root, SHOW_TEXT);
  let text: Text;
  let end = 0;
  // One look at the whole text finds also what is split over nodes, and costs less than visiting them.
  const hits = [...(root.textContent as string).matchAll(finder)].map(({ index }) => {
    // As the walker's texts are all of it, there is one.
    for (; end <= index; end += text.length) text = walker.nextNode() as Text;
    if (LAZY) watch(text.parentElement);
    return blockOf(text) ?? root;
  });
  // Of a number that was split, a part may have been changed, or have gone.
  if (shared.has(root)) hits.push(root);
  for (const block of new Set(hits)) rewrite(slotsOf(block));
  for (const element of [root as Element, ...root.querySelectorAll(`[${CARRIERS.join("],[")}]`)]) {
    for (const name of CARRIERS) rewriteAttribute(element, name);
  }
  return cost_ms;
};

/** The nearest element around a node, or the node itself, that a number cannot reach beyond. */
export const blockOf = (node: Node): Element | null | undefined =>
  ((node as Element).closest ? (node as Element) : node.parentElement)?.closest(BLOCK);

/** The texts of one block in their order, and the blocks in it for what they part. */
export const slotsOf = (parent: Node): Slot[] =>
  [...parent.childNodes].flatMap((child) =>
    child.nodeType === TEXT_NODE || (child as Element).matches?.(BLOCK) ? (child as Slot) : slotsOf(child),
  );

/** Rewrites one attribute. `hurried`: without waiting for hydration. True when it has ever held a number of ours. */
export const rewriteAttribute = (element: Element, name: string, hurried?: boolean): boolean => {
  const slot = element.getAttributeNode?.(name) as Attr;
  const isReadable = name !== "value" || BUTTON.test(element.nodeName + (element as HTMLInputElement).type);
  if (isReadable && slot?.value.search(finder) >= 0) {
    rewrite([slot], hurried);
    if (LAZY) watch(element);
  }
  return writings.has(slot);
};

/**
 * Writes what is to be shown into neighbouring slots, all or none: a number is never half swapped. They are alike in
 * whether that is allowed.
 */
const rewrite = (slots: Slot[], hurried?: boolean): void => {
  const first = slots[0];
  const owner = (first as Attr)?.ownerElement ?? first?.parentElement ?? page;
  const isLink = first?.nodeName === "href";
  const originals = slots.map(originalOf);
  const exchangeAll = (_: string, before: string, text: string) => {
    for (const [, exchange] of patterns) text = exchange(text, isLink);
    return before + text;
  };
  const wanted = originals
    .join(NODE_BORDER)
    .replace(isLink ? TEL : PROSE, exchangeAll)
    .split(NODE_BORDER);
  // A script may have written the border's character itself: then nothing is ours to tell apart.
  if (wanted.length !== slots.length || owner.closest(SKIPPED)) return;
  slots.forEach((slot, i) => {
    const written = wanted[i] as string;
    if ((slot.nodeValue ?? EDGE) === written) return;
    if (!hurried && awaitsHydration(owner)) isWaiting = true;
    else {
      writings.set(slot, [originals[i] as string, written]);
      slot.nodeValue = written;
      if (slots[1]) shared.add(blockOf(owner) ?? scanned);
      cost_ms = blockOf(owner) === scanned ? ROUND_MS : cost_ms || NEW_ROUND_MS;
    }
  });
};

/** What the page wrote last into a slot, byte for byte. */
const originalOf = (slot: Slot): string => {
  const value = slot.nodeValue ?? EDGE;
  const writing = writings.get(slot);
  return writing?.[1] === value ? writing[0] : value;
};
