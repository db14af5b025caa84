import { guard } from "./guard.ts";
import { awaiting, blockOf, CARRIERS, isElement, scan } from "./swap.ts";

/** Above this many changed places one look at the whole page costs less than one at each. */
const BULK_LIMIT = 100;
const HYDRATION_POLL_MS = 50;

/** Scans what has changed, each place once: an added element covers what is added into it. */
const handle = guard((records: MutationRecord[]) => {
  if (!records.length) return;
  const places = new Set<Element>();
  const seen = new Set<Node | null>();
  for (const { type, target, addedNodes } of records) {
    for (const node of type === "childList" ? addedNodes : [target]) {
      const place = blockOf(node);
      if (isElement(place) && !seen.has(place.parentNode)) places.add(place);
      seen.add(place);
    }
  }
  scanAll(places.size > BULK_LIMIT && document.readyState !== "loading" ? [document.body] : places);
});

const observer = new MutationObserver(handle);

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
  const elements = [...awaiting];
  awaiting.clear();
  if (elements.length)
    setTimeout(
      guard(() => scanAll(elements)),
      HYDRATION_POLL_MS,
    );
}

function scanAll(places: Iterable<Element>): void {
  writeUnobserved(() => {
    for (const place of places) scan(place);
  });
}
