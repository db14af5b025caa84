import { embeddedIn } from "./embedded.ts";
import { guard } from "./guard.ts";
import { EMBEDDED } from "./options.ts";
import { blockOf, CARRIERS, page, type Root, scan } from "./swap.ts";

/** Above this many changed places one look at the whole page costs less than one at each. */
const BULK_LIMIT = 100;
/** By how much a block may be ahead of what `scan` lets it cost: 20 rounds. One that wants more is fought over. */
const LONGEST_FIGHT_MS = 10_000;

/** When each block that was rewritten has atoned for that: the theoretical arrival time of a leaky bucket. */
let fights: WeakMap<Element, number>;

/** Scans the blocks that have changed. What we wrote ourselves is as it should be, so that ends by itself. */
const observer = new MutationObserver(
  guard((records: MutationRecord[]) => {
    // What has gone since is in no block.
    const blocks = new Set(
      records.flatMap(({ target }) => (target.isConnected ? (blockOf(target) ?? page) : [])),
    );
    for (const block of blocks.size > BULK_LIMIT ? [page] : blocks) {
      const now_ms = performance.now();
      const atoned_ms = Math.max(fights.get(block) ?? 0, now_ms);
      if (atoned_ms < now_ms + LONGEST_FIGHT_MS) fights.set(block, atoned_ms + look(block));
    }
  }),
);

const WATCHED = { childList: true, characterData: true, subtree: true, attributeFilter: CARRIERS };

/** Keeps what the page brings later swapped, from now on. Calling it again only forgets the fights. */
export const observe = (): void => {
  fights = new WeakMap();
  observer.observe(document, WATCHED);
};

/** The names of custom elements whose code has not come yet. */
const awaited: Record<string, Promise<unknown>> = {};

/** Something has changed of which nothing in the document tells: a frame has loaded, an element has got its code. */
const lookAgain = guard(() => {
  look(page);
});

const lookInside = (root: Root): number => {
  const cost_ms = scan(root);
  for (const { localName } of root.querySelectorAll(":not(:defined)")) {
    // A name that is none (`is` on an element of HTML) is refused.
    awaited[localName] ??= customElements.whenDefined(localName).then(lookAgain, lookAgain);
  }
  for (const embedded of embeddedIn(root, lookAgain)) {
    observer.observe(embedded.getRootNode(), WATCHED);
    lookInside(embedded);
  }
  return cost_ms;
};

/** Scans under `root`, and what is embedded there. Returns what `scan` does. */
export const look = EMBEDDED ? lookInside : scan;
