import { settings } from "./config.ts";
import { guard } from "./guard.ts";
import { awaitInterest } from "./lazy.ts";
import { currentLease, data, pause, setConsent, tick } from "./lease.ts";
import { look } from "./observe.ts";
import { LABELS, LAZY } from "./options.ts";
import { roots, write } from "./page.ts";
import type { RingtrailApi } from "./ringtrail.d.ts";
import { CARRIERS, page } from "./swap.ts";

export type { RingtrailApi };

declare global {
  /** Not yet in TypeScript's DOM library. */
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

/** `window.ringtrail` (contract §2). */
export const api: RingtrailApi = {
  swap: guard((root = page) => {
    look(root);
    roots.add(root);
    pause(false);
  }),
  get: currentLease,
  reset: () => pause(true),
  consent: setConsent,
  set: (values) => void Object.assign(data, values),
};
