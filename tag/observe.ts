import { embeddedIn } from "./embedded.ts";
import { guard } from "./guard.ts";
import { EMBEDDED } from "./options.ts";
import { blockOf, CARRIERS, type Root, scan } from "./swap.ts";

/** Above this many changed places one look at the whole page costs less than one at each. */
const BULK_LIMIT = 100;
/** A block that we rewrite this often, each time within so short a time, is fought over: we leave it alone. */
const ROUNDS_LIMIT = 20;
const ROUND_MS = 500;

let fights: WeakMap<Element, [at_ms: number, rounds: number]>;

/** Scans the blocks that have changed. What we wrote ourselves is as it should be, so that ends by itself. */
const observer = new MutationObserver(
  guard((records: MutationRecord[]) => {
    const blocks = new Set(records.map(({ target }) => blockOf(target) ?? document.body));
    for (const block of blocks.size > BULK_LIMIT ? [document.body] : blocks) lookUnlessFought(block);
  }),
);

function lookUnlessFought(block: Element): void {
  const at_ms = performance.now();
  const [last_ms = 0, count = 0] = fights.get(block) ?? [];
  const rounds = at_ms < last_ms + ROUND_MS ? count + 1 : 0;
  if (rounds > ROUNDS_LIMIT || look(block)) fights.set(block, [at_ms, rounds]);
}

/** Scans under `root`, and what is embedded there. True when that changed anything. */
export const look = EMBEDDED ? lookInside : scan;

function lookInside(root: Root): boolean {
  const hasChanged = scan(root);
  for (const { inside, root: embedded } of embeddedIn(root)) {
    follow(inside);
    lookInside(embedded);
  }
  return hasChanged;
}

/** Keeps what the page brings later swapped, from now on. Calling it again only forgets the fights. */
export function observe(): void {
  fights = new WeakMap();
  follow(document);
}

function follow(node: Node): void {
  observer.observe(node, { subtree: true, childList: true, characterData: true, attributeFilter: CARRIERS });
}
