import { guard } from "./guard.ts";

/** How far below the screen a number may be when it is asked for. */
const MARGIN = "50%";

/** Whether a number is wanted on this page by now. */
export let isWanted = false;
let observer: IntersectionObserver;

/** Calls back when a watched number comes near the screen, or the visitor does something: then somebody is there. */
export const awaitInterest = (callback: () => void): void => {
  const want = guard(() => {
    isWanted = true;
    observer.disconnect();
    callback();
  });
  observer = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) want();
    },
    { rootMargin: MARGIN },
  );
  addEventListener("pointerdown", want, true);
  addEventListener("keydown", want, true);
};

/** A number was found in this element. */
export const watch = (element: Element | null): void => {
  if (!isWanted && element) observer.observe(element);
};
