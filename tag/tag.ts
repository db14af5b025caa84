import { onClick, publish, show } from "./api.ts";
import { readConfig } from "./config.ts";
import { guard } from "./guard.ts";
import { report, startLease, tick } from "./lease.ts";
import { readVisit } from "./visit.ts";

/** The whole tag: config → visit → lease → swap. A second copy on the page does nothing. */
function start(): void {
  const { site, consent } = readConfig();
  if (!site || window.ringtrail?.swap) return;
  publish();
  on("click auxclick", onClick);
  on("visibilitychange prerenderingchange pageshow storage", tick);
  on("pagehide", () => report("left"));
  startLease(site, readVisit(), consent, show);
}

/** Listens before the page does: capturing on the window also hears what is sent to the document. */
function on(types: string, listener: (event: Event) => void): void {
  for (const type of types.split(" ")) addEventListener(type, guard(listener), true);
}

guard(start)();
