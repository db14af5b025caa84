import type { Swap } from "../../../shared/api/leases.ts";
import { build, NUMBERINGS, PageMaker } from "../../tag/reference/pages.ts";
import { expectedValues } from "../../tag/reference/slow.ts";
import { findAndReplace } from "./find-and-replace.ts";
import { regexWalker, type Swapper } from "./rivals.ts";

/*
 * What runs in the benchmark's pages: the contestants, one bare pass to compare with, and the judge of what they did.
 */

export type Contestant = "ringtrail" | "findandreplacedomtext" | "regex walker" | "bare pass";
export type Row = readonly [name: string, html: string, expected: string];
/** How many pieces came out as expected, untouched, or otherwise; and how many have other nodes than before. */
export type Verdict = { right: number; left: number; wrong: number; rebuilt: number };

/** As long as the field's measurements had them. */
const TEXT = "We are your plumbers in town, day and night";

/** An element with so many paragraphs of one text each, one of them with the number if wanted. Not in the page. */
function makeTexts(texts: number, hit: boolean): Element {
  const root = document.createElement("div");
  for (let i = 0; i < texts; i++) {
    const p = document.createElement("p");
    p.textContent = hit && i === texts >> 1 ? "Call us at (415) 555-0132, day and night!!" : TEXT;
    root.appendChild(p);
  }
  return root;
}

function barePass(root: Element, last4: string): number {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let hits = 0;
  while (walker.nextNode()) if (walker.currentNode.nodeValue?.includes(last4)) hits += 1;
  return hits;
}

function swapperOf(contestant: Contestant, swaps: readonly Swap[]): Swapper {
  if (contestant === "findandreplacedomtext") return findAndReplace(swaps);
  if (contestant === "regex walker") return regexWalker(swaps);
  if (contestant === "ringtrail") return (root) => window.ringtrail?.swap(root);
  return (root) => void barePass(root, "0132");
}

/** Milliseconds of one pass over texts that nobody has walked yet. Throws when the number was not exchanged. */
function timePass(contestant: Contestant, swaps: readonly Swap[], texts: number, hit: boolean): number {
  const root = makeTexts(texts, hit);
  const swapper = swapperOf(contestant, swaps);
  const began = performance.now();
  swapper(root);
  const took_ms = performance.now() - began;
  if (hit && contestant !== "bare pass" && !root.textContent?.includes("(628) 555-0101")) {
    throw new Error(`${contestant} has exchanged nothing`);
  }
  return took_ms;
}

/** The longest time that nothing else could run, in ms, from now until the number under `root` is exchanged. */
async function longestTask(root: Element): Promise<number> {
  const { port1, port2 } = new MessageChannel();
  let longest_ms = 0;
  let last = performance.now();
  await new Promise<void>((done) => {
    port1.onmessage = () => {
      const now = performance.now();
      longest_ms = Math.max(longest_ms, now - last);
      last = now;
      if (root.textContent?.includes("(628) 555-0101")) done();
      else port2.postMessage(0);
      last = performance.now();
    };
    port2.postMessage(0);
  });
  return longest_ms;
}

const presses: number[] = [];

const frames = async (count: number): Promise<void> => {
  for (let frame = 0; frame < count; frame++) await new Promise(requestAnimationFrame);
};

/** Once the page is painted, notes how long presses of it wait for the frame that follows them. */
async function watchPresses(): Promise<void> {
  await frames(5);
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) presses.push(duration);
  });
  observer.observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
}

/** The longest of them in ms, 0 when none was long enough to be told of; some frames later, when all are. */
async function longestPress(): Promise<number> {
  await frames(5);
  await new Promise((told) => setTimeout(told, 50));
  return Math.max(0, ...presses);
}

/** Lets a contestant loose on each row in turn, alone in the body. */
function judgeRows(contestant: Contestant, swaps: readonly Swap[], rows: readonly Row[]): Verdict {
  const verdict: Verdict = { right: 0, left: 0, wrong: 0, rebuilt: 0 };
  const swapper = swapperOf(contestant, swaps);
  const inert = document.implementation.createHTMLDocument().body;
  for (const [, html, wanted] of rows) {
    inert.innerHTML = wanted;
    const root = document.createElement("div");
    root.innerHTML = html;
    document.body.replaceChildren(root);
    const before = { html: root.innerHTML, nodes: nodesOf(root) };
    swapper(root);
    const after = root.innerHTML;
    const nodes = nodesOf(root);
    if (after === inert.innerHTML) verdict.right += 1;
    else if (after === before.html) verdict.left += 1;
    else verdict.wrong += 1;
    if (nodes.length !== before.nodes.length || nodes.some((node, i) => node !== before.nodes[i])) {
      verdict.rebuilt += 1;
    }
  }
  document.body.replaceChildren();
  return verdict;
}

/** The same on generated pages, judged by the slow reference. `wrong` are those that it leaves as they are. */
function judgePages(contestant: Contestant, swaps: readonly Swap[], seed: number, pages: number): Verdict {
  const verdict: Verdict = { right: 0, left: 0, wrong: 0, rebuilt: 0 };
  const numbering = NUMBERINGS[0] as (typeof NUMBERINGS)[0];
  for (let page = 0; page < pages; page++) {
    const shop = document.implementation.createHTMLDocument().body;
    build(shop, new PageMaker(seed + page, numbering).page());
    const html = shop.innerHTML;
    // Neighbouring texts become one as in a page that was parsed.
    shop.innerHTML = html;
    for (const [slot, value] of expectedValues(shop, numbering)) slot.nodeValue = value;
    const one = judgeRows(contestant, swaps, [["", html, shop.innerHTML]]);
    if (one.right) verdict.right += 1;
    else if (one.wrong && shop.innerHTML === html) verdict.wrong += 1;
    else verdict.left += 1;
    verdict.rebuilt += one.rebuilt;
  }
  return verdict;
}

function nodesOf(root: Node): Node[] {
  return [root, ...[...root.childNodes].flatMap(nodesOf)];
}

const bench = { makeTexts, timePass, longestTask, watchPresses, longestPress, judgeRows, judgePages };

declare global {
  interface Window {
    bench: typeof bench;
  }
}
window.bench = bench;
