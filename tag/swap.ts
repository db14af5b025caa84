import type { Swap } from "../shared/api/leases.ts";
import { guard } from "./guard.ts";
import { awaitsHydration } from "./hydration.ts";
import { watch } from "./lazy.ts";
import { compile, type Exchange, NODE_BORDER } from "./match.ts";
import { LABELS, LAZY, VANITY } from "./options.ts";

/** What can be scanned: an element, or a shadow root or other fragment. */
export type Root = Element | DocumentFragment;
/** A text or an attribute: what we write to, in place, through `nodeValue`. */
type Slot = Text | Attr;
/** What the page wrote into a slot and what we made of it. */
type Writing = [original: string, written: string];

/** Elements whose text is not for reading, is the visitor's own, or is left alone by the site's wish. */
export const SKIPPED = `${LABELS ? "" : "head,"}script,style,noscript,textarea,select,code,pre,[data-ringtrail-skip]`;
/** An element at whose edge a number ends: all but these, over which it may be split. */
const BLOCK = `${SKIPPED},[contenteditable],:not(a,abbr,b,bdi,bdo,del,em,font,i,ins,label,mark,nobr,s,small,span,strong,sub,sup,time,tspan,u,wbr,[data-ringtrail-join] *)`;
/** Links that dial. */
export const TEL_LINKS = '[href^="tel:"i]';
/** The attributes that carry a number to people. */
export const CARRIERS = ["href", "aria-label", "title", "alt", "placeholder", "value"];
/** Of the values only those of buttons are for reading. */
const BUTTON = /^INPUT(button|submit|reset)/i;
/** The scheme of a tel: link, and its number without parameters, pauses and extension (RFC 3966 and common use). */
const TEL = /^(tel:\/*(?:%20)*)([^;,pwx?]*)/i;

const HYDRATION_POLL_MS = 200;
/** Of the DOM standard; as constants the build can write them out. */
const TEXT_NODE = 3;
const SHOW_TEXT = 4;

const writings = new WeakMap<Slot, Writing>();
/** By each number that was ever shown, the way back from it: for copies that the page made. */
const backwards = new Map<string, ReturnType<typeof compile>>();
let exchanges: Exchange[];
/** Finds where any of the numbers may be. */
let finder: RegExp | undefined;
let hasWritten: boolean;
let timer: ReturnType<typeof setTimeout>;

/**
 * From now on these numbers are the ones to show; nothing is written before the next `scan`. What was shown earlier
 * becomes the page's own again, or the new number. A number of the pool that the page itself shows stays.
 * Throws, and changes nothing, if a number is not E.164.
 */
export function useSwaps(swaps: readonly Swap[]): void {
  const page = document.body?.textContent ?? "";
  const forwards = swaps.map(compile);
  for (const { find, replace } of swaps) {
    if (backwards.has(replace)) continue;
    const [digits, exchange] = compile({ find: replace, replace: find });
    backwards.set(replace, [digits, RegExp(digits).test(page) ? (text) => text : exchange]);
  }
  const patterns = [...backwards.values(), ...forwards];
  exchanges = patterns.map(([, exchange]) => exchange);
  finder = RegExp(patterns.map(([digits]) => digits).join("|"), VANITY ? "i" : "");
}

/** Shows in all texts and attributes under `root` what is to be shown there. True when that changed anything. */
export function scan(root: Root): boolean {
  hasWritten = false;
  if (!finder) return false;
  const blocks = new Set<Node>();
  const walker = document.createTreeWalker(root, SHOW_TEXT);
  let end = 0;
  // One look at the whole text finds also what is split over nodes, and costs less than visiting them.
  for (const { index } of (root.textContent as string).matchAll(RegExp(finder, VANITY ? "gi" : "g"))) {
    while (end <= index && walker.nextNode()) end += (walker.currentNode as Text).length;
    blocks.add(blockOf(walker.currentNode) ?? root);
    if (LAZY) watch(walker.currentNode.parentElement);
  }
  for (const block of blocks) rewriteTexts(block);
  for (const element of [
    root as Element,
    ...root.querySelectorAll(CARRIERS.map((name) => `[${name}]`).join()),
  ]) {
    for (const name of CARRIERS) rewriteAttribute(element, name);
  }
  return hasWritten;
}

/** The nearest element around a node, or the node itself, that a number cannot reach beyond. */
export function blockOf(node: Node): Element | null | undefined {
  return ((node as Element).closest ? (node as Element) : node.parentElement)?.closest(BLOCK);
}

/** Rewrites the texts of one block, but not of the blocks in it: each run of inline texts as one. */
function rewriteTexts(block: Node): void {
  let run: Text[] = [];
  const visit = (parent: Node): void => {
    for (const child of parent.childNodes) {
      if (child.nodeType === TEXT_NODE) run.push(child as Text);
      else if (!(child as Element).matches?.(BLOCK)) visit(child);
      else run = rewrite(run);
    }
  };
  visit(block);
  rewrite(run);
}

/** Rewrites one attribute. `hurried`: without waiting for hydration. True when it has ever held a number of ours. */
export function rewriteAttribute(element: Element, name: string, hurried?: boolean): boolean {
  const slot = element.getAttributeNode?.(name) as Attr;
  const isReadable = name !== "value" || BUTTON.test(element.nodeName + (element as HTMLInputElement).type);
  if (isReadable && finder?.test(slot?.value)) {
    rewrite([slot], hurried);
    if (LAZY) watch(element);
  }
  return writings.has(slot);
}

/** Writes what is to be shown into neighbouring slots, all or none: a number is never half swapped. */
function rewrite(slots: Slot[], hurried?: boolean): [] {
  const originals = slots.map(originalOf);
  const text = originals.join(NODE_BORDER);
  const isLink = slots[0]?.nodeName === "href";
  const exchanged = isLink
    ? text.replace(TEL, (_, scheme, number) => scheme + exchangeAll(number, true))
    : exchangeAll(text);
  const wanted = exchanged.split(NODE_BORDER);
  const isDone = (slot: Slot, i: number) => slot.nodeValue === wanted[i];
  // A script may have written the border's character itself: then nothing is ours to tell apart.
  const isClear = wanted.length === slots.length;
  if (isClear && slots.every((slot, i) => isDone(slot, i) || mayWrite(slot, hurried))) {
    for (const [i, slot] of slots.entries()) {
      if (isDone(slot, i)) continue;
      const written = wanted[i] as string;
      writings.set(slot, [originals[i] as string, written]);
      slot.nodeValue = written;
      hasWritten = true;
    }
  }
  return [];
}

function exchangeAll(text: string, isLink?: boolean): string {
  return exchanges.reduce((exchanged, exchange) => exchange(exchanged, isLink), text);
}

/** What the page wrote last into a slot, byte for byte. */
function originalOf(slot: Slot): string {
  const value = slot.nodeValue as string;
  const writing = writings.get(slot);
  return writing?.[1] === value ? writing[0] : value;
}

function mayWrite(slot: Slot, hurried: boolean | undefined): boolean {
  const owner = ((slot as Attr).ownerElement ?? slot.parentElement) as HTMLElement;
  if (owner.isContentEditable || owner.closest(SKIPPED)) return false;
  if (hurried || !awaitsHydration(owner)) return true;
  clearTimeout(timer);
  timer = setTimeout(guard(scan), HYDRATION_POLL_MS, document.body);
  return false;
}
