import { embeddedIn } from "../embedded.ts";
import { awaitsHydration } from "../hydration.ts";
import { compile, NODE_BORDER } from "../match.ts";
import type { RingtrailSwap } from "../ringtrail.d.ts";
import { blockOf, CARRIERS, type Root, SKIPPED, slotsOf } from "../swap.ts";

/** One place of the page where a number of a swap stands: where, as written, and what became of it. */
export type Finding = { element: Element; place: string; text: string; is_swapped: boolean; verdict: string };

/** What is to be judged: all texts of a block that are read as one, or an attribute of this name. */
type Place = {
  text: string;
  name?: string;
  is_embedded: boolean;
  /** Which element the text has at a place. */
  elementAt(index: number): Element;
};

/** It is kept, so the leased number has to support it. */
const EXTENSION = /\d\W*(;ext=|ext\b\.?|x)\s*\d/i;
const TEL_LINK = /^\s*tel:/i;
const LETTERS = /[a-z]/i;
/** How much is shown of the text on either side of a number. */
const CONTEXT_LENGTH = 32;
const SHOW_TEXT = 4 | 8;

/**
 * Every place of the page that holds one of the swaps' numbers, in open shadow roots and same-origin frames, too, with
 * what became of it and why. `is_leased`: a number is shown now.
 */
export function findingsIn(root: Root, swaps: readonly RingtrailSwap[], is_leased: boolean): Finding[] {
  const places = placesIn(root, false);
  return swaps.flatMap((swap) => places.flatMap((place) => judge(place, swap, is_leased)));
}

/** What a frame loads is found at the next look. One function, so that no frame gets more than one listener. */
const unheard = (): void => {};

function placesIn(root: Root, is_embedded: boolean): Place[] {
  const inside = embeddedIn(root, unheard).flatMap((embedded) => placesIn(embedded, true));
  return [...textsIn(root, is_embedded), ...attributesIn(root, is_embedded), ...inside];
}

/** The texts of each block, joined where nothing but inline elements parts them. */
function textsIn(root: Root, is_embedded: boolean): Place[] {
  const walker = document.createTreeWalker(root, SHOW_TEXT);
  const blocks = new Set<Node>();
  while (walker.nextNode()) blocks.add(blockOf(walker.currentNode) ?? root);
  return [...blocks].flatMap(runsOf).map((run) => {
    const text = run.map(({ data }) => data).join(NODE_BORDER);
    const elementAt = (index: number): Element => {
      const node = run[text.slice(0, index).split(NODE_BORDER).length - 1];
      // A shadow root's own text stands in no element but its host.
      return node?.parentElement ?? (root as Partial<ShadowRoot>).host ?? document.documentElement;
    };
    return { text, is_embedded, elementAt };
  });
}

function runsOf(block: Node): Text[][] {
  const runs: Text[][] = [[]];
  for (const slot of slotsOf(block)) {
    if (slot.nodeType === Node.ELEMENT_NODE) runs.push([]);
    else runs.at(-1)?.push(slot as Text);
  }
  return runs;
}

function attributesIn(root: Root, is_embedded: boolean): Place[] {
  return [...root.querySelectorAll("*")].flatMap((element) =>
    [...element.attributes].map(({ name, value: text }) => ({
      text,
      name,
      is_embedded,
      elementAt: () => element,
    })),
  );
}

/** What became of a swap's number in one place: nothing when it does not stand there. */
function judge(place: Place, swap: RingtrailSwap, is_leased: boolean): Finding[] {
  const { text, name } = place;
  const [ours] = compile({ find: swap.replace, replace: swap.find });
  const [own] = compile(swap);
  const findings = (digits: string, is_swapped: boolean, judgement: (at: Element, hit: string) => string) =>
    [...text.matchAll(RegExp(digits, "gi"))].map(({ 0: hit, index }): Finding => {
      const element = place.elementAt(index);
      const shown = text.slice(Math.max(0, index - CONTEXT_LENGTH), index + hit.length + CONTEXT_LENGTH);
      return {
        element,
        place: `<${element.localName}${name ? ` ${name}` : ""}>`,
        text: shown.replaceAll(NODE_BORDER, "").trim(),
        is_swapped,
        verdict: judgement(element, hit),
      };
    });
  const swapped = (element: Element): string => {
    const href = element.closest("a[href]")?.getAttribute("href") ?? "";
    if (!name && !TEL_LINK.test(href) && RegExp(own).test(href)) return "swapped: but not its link, no tel:";
    return EXTENSION.test(text) ? "swapped: mind the extension" : "swapped";
  };
  return [
    // What stands where the tag writes nothing is not its work.
    ...findings(ours, true, swapped).filter(({ element }) => !element.closest(SKIPPED)),
    ...findings(own, false, (element, hit) => reasonFor(place, element, swap, hit, is_leased)),
  ];
}

/** Why the page's own number, written as `left`, still stands there. */
function reasonFor(
  { name, text, is_embedded }: Place,
  element: Element,
  swap: RingtrailSwap,
  left: string,
  is_leased: boolean,
): string {
  if (name?.startsWith("data-")) return `left: ${name} is not among the site's \`labels\``;
  if (name && !CARRIERS.includes(name)) return `left: ${name} is never rewritten`;
  if (name === "href" && !TEL_LINK.test(text)) return "left: no tel: link";
  if ((element as HTMLElement).isContentEditable) return "left: the visitor may edit it";
  const skipped = element.closest(SKIPPED);
  if (skipped) return `left: inside ${nameOf(skipped)}`;
  if (name === "value" && !element.matches("[type=button],[type=submit],[type=reset]")) {
    return "left: the visitor's own entry";
  }
  const [, exchange] = compile(swap);
  if (exchange(text, true) === text) return "left: part of a longer number, an id, a URL or an amount";
  if (!is_leased) return "left: no number is leased";
  if (awaitsHydration(element)) return "waits for its framework";
  if (LETTERS.test(left)) return "left: in letters, which the option `vanity` reads";
  if (is_embedded) return "left: in a shadow root or frame, which the option `embedded` opens";
  return "left: another script keeps putting it back";
}

function nameOf(element: Element): string {
  const is_wished = element.hasAttribute("data-ringtrail-skip");
  return `<${element.localName}${is_wished ? " data-ringtrail-skip" : ""}>`;
}
