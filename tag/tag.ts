import { onClick, publish, show, useOptions } from "./api.ts";
import { readSettings } from "./config.ts";
import { guard } from "./guard.ts";
import { report, startLease, tick } from "./lease.ts";

/** What may change what is to be shown, what the visitor does with it, and the end of the visit. */
const EVENTS = "visibilitychange prerenderingchange pageshow storage click auxclick pagehide";

/** The whole tag: settings → lease → swap. A second copy on the page does nothing. */
guard(() => {
  if (window.ringtrail?.swap) return;
  const settings = readSettings();
  publish();
  for (const type of EVENTS.split(" ")) {
    // Before the page does: capturing on the window also hears what is sent to the document.
    addEventListener(type, guard(onEvent), true);
  }
  useOptions(settings);
  startLease(settings, show);
  // A module, because a script element's address is not ours to set under Trusted Types.
  if (location.search.includes("ringtrail-debug")) void import(`${settings.host}/tag/overlay.js`);
})();

function onEvent(event: Event): void {
  tick();
  onClick(event);
  if (event.type === "pagehide") report("left");
}
