import { guard } from "./guard.ts";
import { ATTRIBUTES, awaiting, blockOf, isInline, scan, swapAttributes, swapText } from "./swap.ts";

/** Above this many changed places one look at the whole page is cheaper than one at each. */
const BULK_LIMIT = 100;
const HYDRATION_POLL_MS = 50;

const observer = new MutationObserver(guard(handle));
let retryPlanned = false;

/** Keeps the page's late content swapped from now on. Calling it again changes nothing. */
export function observe(): void {
  observer.observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: ATTRIBUTES,
  });
}

/** Does our own writing: what the page changed before is seen to first, what we change is not reported to us. */
export function writeUnobserved(write: () => void): void {
  handle(observer.takeRecords());
  write();
  observer.takeRecords();
  if (!awaiting.size || retryPlanned) return;
  retryPlanned = true;
  setTimeout(guard(retryAwaiting), HYDRATION_POLL_MS);
}

function retryAwaiting(): void {
  retryPlanned = false;
  const elements = [...awaiting];
  awaiting.clear();
  writeUnobserved(() => {
    for (const element of elements) scan(element);
  });
}

function handle(records: MutationRecord[]): void {
  if (!records.length) return;
  const subtrees = new Set<Node>();
  const blocks = new Set<Node>();
  const labelled = new Set<Element>();
  for (const { type, target, addedNodes } of records) {
    if (type === "attributes") labelled.add(target as Element);
    for (const node of type === "characterData" ? [target] : addedNodes) {
      if (node instanceof Element) subtrees.add(node);
      if (!(node instanceof Element) || isInline(node)) blocks.add(blockOf(node));
    }
  }
  writeUnobserved(() => {
    if (subtrees.size > BULK_LIMIT && document.readyState !== "loading") return scan(document);
    for (const subtree of subtrees) {
      if (!hasAncestorIn(subtree, subtrees)) scan(subtree);
    }
    for (const block of blocks) swapText(block);
    for (const element of labelled) swapAttributes(element);
  });
}

function hasAncestorIn(node: Node, nodes: Set<Node>): boolean {
  for (let parent = node.parentNode; parent; parent = parent.parentNode) {
    if (nodes.has(parent)) return true;
  }
  return false;
}
