import type { Numbering } from "./boundaries.ts";
import { build, NUMBERINGS, PageMaker, type Piece, smaller } from "./pages.ts";
import { expectedValues } from "./slow.ts";

/** What is wrong with a page, as small as it could be made. */
export type Failure = { page: number; fault: string; pieces: Piece[]; html: string };
/** How much was tried: slots whose number was exchanged, pages that were left out (see `isSettled`). */
export type Outcome = { numbers: number; unsettled: number; failure: Failure | null };

type Slot = Text | Attr;

/** How a page comes: at once and noticed by the tag, at once and swapped on request, or part by part. */
const WAYS = ["noticed", "asked", "in parts"] as const;
type Way = (typeof WAYS)[number];

/** Tries the tag of this document, which holds a lease for `NUMBERINGS[of]`, on generated pages. */
async function tryPages(of: number, seed: number, pages: number): Promise<Outcome> {
  const numbering = NUMBERINGS[of] as Numbering;
  const outcome: Outcome = { numbers: 0, unsettled: 0, failure: null };
  for (let page = 0; page < pages; page++) {
    const pieces = new PageMaker(seed + page, numbering).page();
    const way = WAYS[page % WAYS.length] as Way;
    const attempt = (some: Piece[]) => tryPage(some, way, numbering);
    const { fault, swapped, unsettled } = await attempt(pieces);
    outcome.numbers += swapped;
    outcome.unsettled += Number(unsettled);
    if (fault) return { ...outcome, failure: { page, ...(await smallest(pieces, attempt)) } };
  }
  return outcome;
}

async function smallest(pieces: Piece[], attempt: (pieces: Piece[]) => ReturnType<typeof tryPage>) {
  let least = pieces;
  for (let found = true; found; ) {
    found = false;
    for (const candidate of smaller(least)) {
      if (!(await attempt(candidate)).fault) continue;
      least = candidate;
      found = true;
      break;
    }
  }
  const { fault } = await attempt(least);
  const inert = document.implementation.createHTMLDocument().body;
  build(inert, least);
  return { fault: fault ?? "none the second time", pieces: least, html: inert.innerHTML };
}

async function tryPage(pieces: Piece[], way: Way, numbering: Numbering) {
  const shop = document.implementation.createHTMLDocument().body;
  // What comes piece by piece comes in blocks, so that a later one cannot change what an earlier one says.
  const asBlock = (piece: Piece) => ({ tag: "section", attributes: {}, children: [piece] });
  build(shop, way === "in parts" ? pieces.map(asBlock) : pieces);
  const expected = expectedValues(shop, numbering);
  const original = new Map([...slotsOf(shop)].map((slot) => [slot, slot.nodeValue ?? ""]));
  const nodes = [...nodesOf(shop)].slice(1);
  if (!isSettled(shop, expected, original, numbering)) return { swapped: 0, unsettled: true };

  await deliver(shop, way);
  const differ = (what: string, wanted: (slot: Slot) => string) => {
    const now = [...nodesOf(document.body)].slice(1);
    if (now.length !== nodes.length || now.some((node, i) => node !== nodes[i]))
      return `${what}: other nodes`;
    const slot = [...original.keys()].find((one) => one.nodeValue !== wanted(one));
    return slot && `${what}: ${JSON.stringify(slot.nodeValue)} instead of ${JSON.stringify(wanted(slot))}`;
  };
  const want = (slot: Slot) => expected.get(slot) ?? original.get(slot) ?? "";
  let fault = differ("swapped", want);
  window.ringtrail?.swap();
  fault ??= differ("swapped again", want);
  window.ringtrail?.reset();
  fault ??= differ("reset", (slot) => original.get(slot) ?? "");
  const swapped = [...original].filter(([slot, value]) => want(slot) !== value).length;
  return { fault, swapped, unsettled: false };
}

/**
 * False for the rare page on which a leased number, once written, reads as the prefix of another that directly
 * follows (`628 555 010 1` and `415 555 0132` without anything between): what a second swap does there is open.
 */
function isSettled(shop: Element, expected: Map<Slot, string>, original: Map<Slot, string>, of: Numbering) {
  for (const [slot, value] of expected) slot.nodeValue = value;
  const again = expectedValues(shop, of);
  for (const [slot, value] of original) slot.nodeValue = value;
  return [...again].every(([slot, value]) => value === expected.get(slot));
}

/** Brings the nodes into the page, and waits until the tag has noticed. */
async function deliver(shop: Element, way: Way): Promise<void> {
  const { body } = document;
  body.textContent = "";
  window.ringtrail?.swap();
  if (way === "in parts") {
    for (const part of [...shop.childNodes]) {
      body.appendChild(part);
      await null;
    }
    return;
  }
  const all = document.createDocumentFragment();
  for (const part of [...shop.childNodes]) all.appendChild(part);
  body.appendChild(all);
  if (way === "asked") window.ringtrail?.swap();
  await null;
}

function* nodesOf(root: Node): Generator<Node> {
  yield root;
  for (const child of root.childNodes) yield* nodesOf(child);
}

function* slotsOf(root: Node): Generator<Slot> {
  for (const node of nodesOf(root)) {
    if (node.nodeType === Node.TEXT_NODE) yield node as Text;
    if (node.nodeType === Node.ELEMENT_NODE) yield* (node as Element).attributes;
  }
}

declare global {
  interface Window {
    tryPages: typeof tryPages;
  }
}
window.tryPages = tryPages;
