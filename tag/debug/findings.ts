import { awaitsHydration } from "../hydration.ts";
import { compile } from "../match.ts";
import type { RingtrailSwap } from "../ringtrail.d.ts";
import { CARRIERS, SKIPPED } from "../swap.ts";

/** One place of the page where a number of a swap stands: where, as written, and what became of it. */
export type Finding = { element: Element; place: string; text: string; verdict: string };

const SWAPPED = "swapped";
/** It is kept, so the leased number has to support it. */
const EXTENSION = /\d\W*(;ext=|ext\b\.?|x)\s*\d/i;
const SHOW_TEXT = 4;

/** Every place under `root` that holds the digits of one of the swaps' numbers, with what became of it and why. */
export function findingsIn(root: Element, swaps: readonly RingtrailSwap[]): Finding[] {
  return swaps.flatMap((swap) => [...textsWith(root, swap), ...attributesWith(root, swap)]);
}

function textsWith(root: Element, swap: RingtrailSwap): Finding[] {
  const found: Finding[] = [];
  const walker = document.createTreeWalker(root, SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement: element } = walker.currentNode as Text;
    if (!element) continue;
    const verdict = verdictOn(data, element, swap);
    if (verdict) found.push({ element, place: `<${element.localName}>`, text: data.trim(), verdict });
  }
  return found;
}

function attributesWith(root: Element, swap: RingtrailSwap): Finding[] {
  return [...root.querySelectorAll("*")].flatMap((element) =>
    [...element.attributes].flatMap(({ name, value }): Finding[] => {
      const isWritten = CARRIERS.includes(name);
      const verdict = verdictOn(value, element, swap, isWritten ? null : `left: ${name} is never rewritten`);
      return verdict ? [{ element, place: `<${element.localName} ${name}>`, text: value, verdict }] : [];
    }),
  );
}

/** Null when neither of the swap's numbers is there; `left` says why the page's own stays, if that is known. */
function verdictOn(
  text: string,
  element: Element,
  swap: RingtrailSwap,
  left: string | null = null,
): string | null {
  const [ours] = compile({ find: swap.replace, replace: swap.find });
  const [own, exchange] = compile(swap);
  if (RegExp(ours).test(text)) return EXTENSION.test(text) ? `${SWAPPED}: mind the extension` : SWAPPED;
  if (!RegExp(own).test(text)) return null;
  if (left) return left;
  if ((element as HTMLElement).isContentEditable) return "left: the visitor may edit it";
  const skipped = element.closest(SKIPPED);
  if (skipped) return `left: inside <${skipped.localName}>`;
  if (element.matches("input,option") && !element.matches("[type=button],[type=submit],[type=reset]")) {
    return "left: the visitor's own entry";
  }
  if (awaitsHydration(element)) return "waits for its framework";
  if (exchange(text, true) === text) return "left: part of a longer number, an id, a URL or an amount";
  return "left: another script keeps putting it back, or nothing is leased";
}
