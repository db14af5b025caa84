import { onClick, publish, show } from "./api.ts";
import { readConfig } from "./config.ts";
import { guard } from "./guard.ts";
import { followOtherTab, report, resume, startLease, tick } from "./lease.ts";
import { readVisit } from "./visit.ts";

/** The whole tag: config → visit → lease → swap. A second copy on the page does nothing. */
function start(): void {
  const { site, consent } = readConfig();
  if (!site || window.ringtrail?.swap) return;
  publish();
  document.addEventListener("click", guard(onClick), true);
  document.addEventListener("auxclick", guard(onClick), true);
  document.addEventListener("visibilitychange", guard(tick));
  document.addEventListener("prerenderingchange", guard(tick));
  addEventListener("pageshow", guard(resume));
  addEventListener("storage", guard(followOtherTab));
  addEventListener(
    "pagehide",
    guard(() => report("left")),
  );
  startLease(site, readVisit(), consent, show);
}

guard(start)();
