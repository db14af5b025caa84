import { guard } from "./guard.ts";
import { awaiting, blockOf, CARRIERS, isElement, scan } from "./swap.ts";

/** Above this many changed places one look at the whole page costs less than one at each. */
const BULK_LIMIT = 100;
const HYDRATION_POLL_MS = 50;

const observer = new MutationObserver(guard(handle));
let retryPlanned = false;

/** Keeps what the page brings later swapped, from now on. Calling it again changes nothing. */
export function observe(): void {
  observer.observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: Object.keys(CARRIERS),
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
  scanAll(elements);
}

function handle(records: MutationRecord[]): void {
  const places = new Set<Element>();
  const seen = new Set<Node | null>();
  for (const { type, target, addedNodes } of records) {
    for (const node of type === "childList" ? addedNodes : [target]) {
      const place = blockOf(node);
      if (isElement(place) && !seen.has(place.parentNode)) places.add(place);
      seen.add(place);
    }
  }
  if (places.size > BULK_LIMIT && document.readyState !== "loading") scanAll([document.body]);
  else if (places.size) scanAll(places);
}

function scanAll(places: Iterable<Element>): void {
  writeUnobserved(() => {
    for (const place of places) scan(place);
  });
}
