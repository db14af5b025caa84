import { api, useOptions } from "./api.ts";
import { settings } from "./config.ts";
import { guard } from "./guard.ts";
import { report, setConsent, tick, visit } from "./lease.ts";
import { rewriteAttribute } from "./swap.ts";

/** How often an open page looks at the clock, and at frameworks: timers sleep with the machine, leases do not. */
const HEARTBEAT_MS = 500;
/** What may change what is to be shown, what the visitor does with it, and the end of the visit. */
const EVENTS = "visibilitychange pageshow click auxclick pagehide";

/** Whether the page is being left for another one of this site, on which the visit goes on. */
let goesOn: boolean;
/** Of the mouse: what it does to a link is no more than to open its menu. */
const SECOND_BUTTON = 2;

const onEvent = guard((event: Event) => {
  tick();
  // A tel: link is followed: it gets the leased number now if that had to wait, and the Worker hears of it.
  const path = event.composedPath() as HTMLAnchorElement[];
  const isCall = path.some((target) => rewriteAttribute(target, "href", true));
  if (isCall && (event as MouseEvent).button < SECOND_BUTTON) report("tel_click");
  if (event.type === "pagehide" && !goesOn) report("left");
  // The next page of a held lease asks for nothing, so it could not say that the visit goes on after all. A browser that
  // tells of no navigation tells of the link that was pressed.
  // Whatever else happens first shows that the page stayed (a download), or has come back.
  const { destination } = event as Partial<NavigateEvent>;
  const address = window.navigation?.currentEntry
    ? !destination?.sameDocument && destination?.url
    : path.find(({ href }) => href);
  goesOn = `${address}`.startsWith(`${location.origin}/`);
});

/** The whole tag: settings → lease → swap. A second copy on the page does nothing. */
guard(() => {
  if (window.ringtrail?.swap) return;
  window.ringtrail = api;
  for (const type of EVENTS.split(" ")) {
    // Before the page does: capturing on the window also hears what is sent to the document.
    addEventListener(type, onEvent, true);
  }
  useOptions();
  setConsent(settings.consent);
  setInterval(tick, HEARTBEAT_MS);
  // A module, because a script element's address is not ours to set under Trusted Types.
  // A policy may forbid it, of which the browser tells enough.
  if (visit.url.includes("ringtrail-debug")) import(`${settings.host}/tag/overlay.js`).catch(() => {});
  // At the end, as it throws where a browser has none, or the page something else of that name.
  window.navigation.addEventListener("navigate", onEvent);
})();
