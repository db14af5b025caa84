import { settings } from "./config.ts";
import { guard } from "./guard.ts";
import { awaitInterest } from "./lazy.ts";
import { currentLease, pause, report, setConsent, setData, tick } from "./lease.ts";
import { look } from "./observe.ts";
import { LABELS, LAZY } from "./options.ts";
import { roots, write } from "./page.ts";
import { CARRIERS, page, rewriteAttribute, TEL_LINKS } from "./swap.ts";

export type { RingtrailApi } from "./ringtrail.d.ts";

declare global {
  /** Not yet in TypeScript's DOM library. */
  interface Document {
    readonly prerendering?: boolean;
  }
  interface Navigator {
    readonly globalPrivacyControl?: boolean;
  }
}

/** Prepares what the site has switched on: all of it is compiled out where it is off. */
export const useOptions = (): void => {
  if (LABELS) CARRIERS.push(...(settings.labels ?? []));
  if (LAZY) {
    awaitInterest(tick);
    write((settings.find ?? []).map((find) => ({ find, replace: find })));
  }
};

/** Makes `window.ringtrail` (contract §2). */
export const publish = (): void => {
  window.ringtrail = {
    swap: guard((root = page) => {
      look(root);
      roots.add(root);
      pause(false);
    }),
    get: currentLease,
    reset: () => pause(true),
    consent: setConsent,
    set: setData,
  };
};

/** A tel: link is followed: it gets the leased number now if that had to wait, and the Worker hears of it. */
export const onClick = (event: Event): void => {
  const link = event.composedPath().find((target) => (target as Element).matches?.(TEL_LINKS)) as Element;
  if (link && rewriteAttribute(link, "href", true)) report("tel_click");
};
