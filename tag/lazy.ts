import { guard } from "./guard.ts";

/** How far below the screen a number may be when it is asked for. */
const MARGIN = "50%";
/** What shows that somebody is there. */
const INTERACTIONS = "pointerdown keydown touchstart";

let isWanted = false;
let onWanted: () => void;
let observer: IntersectionObserver;

/** True as soon as a number is wanted on this page. */
export function wanted(): boolean {
  return isWanted;
}

/** Calls back, once, when a watched number comes near the screen or the visitor does something. */
export function awaitInterest(callback: () => void): void {
  onWanted = callback;
  observer = new IntersectionObserver(
    guard((entries: IntersectionObserverEntry[]) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) want();
    }),
    { rootMargin: MARGIN },
  );
  for (const type of INTERACTIONS.split(" "))
    addEventListener(type, guard(want), { capture: true, passive: true });
}

/** A number was found in this element. */
export function watch(element: Element | null): void {
  if (!isWanted && element) observer.observe(element);
}

function want(): void {
  if (isWanted) return;
  isWanted = true;
  observer.disconnect();
  onWanted();
}
