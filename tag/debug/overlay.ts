import { guard } from "../guard.ts";
import type { RingtrailSwap } from "../ringtrail.d.ts";
import { page } from "../swap.ts";
import { type Finding, findingsIn } from "./findings.ts";
import { stateNow } from "./state.ts";
import { STYLE } from "./style.ts";

/*
 * The diagnostics that a page opened with `?ringtrail-debug` shows: the lease, what was found, what was swapped and
 * why not. Built of nodes and styles set by script, so that it works under a strict content security policy.
 */

const UPDATE_MS = 1000;

/** The swaps seen last: after a reset the page's own numbers are looked for all the same. */
let seen: readonly RingtrailSwap[] = [];
/** What the box says, so that it is made anew only when that is something else: a button keeps its focus. */
let said = "";
let timer: ReturnType<typeof setInterval> | undefined;

const host = document.createElement("ringtrail-debug");
host.setAttribute("data-ringtrail-skip", "");
const box = document.createElement("section");
box.setAttribute("aria-label", "Ringtrail diagnostics");
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
const shadow = host.attachShadow({ mode: "closed" });
shadow.adoptedStyleSheets = [sheet];
shadow.append(box);

function element(name: string, ...children: (string | Node)[]): HTMLElement {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

function button(label: string, act: () => void): HTMLElement {
  const made = element("button", label);
  made.addEventListener("click", act);
  return made;
}

function row({ element: at, place, text, is_swapped, verdict }: Finding): HTMLElement {
  const judgement = element("b", verdict);
  if (is_swapped) judgement.className = "swapped";
  const what = element("span", element("code", place), ` ${text} `);
  return element(
    "li",
    what,
    judgement,
    button("Show", () => at.scrollIntoView({ block: "center" })),
  );
}

const render = guard(() => {
  const { sentence, is_leased, swaps } = stateNow(seen);
  seen = swaps;
  const findings = findingsIn(page, swaps, is_leased);
  const now_said = JSON.stringify([sentence, findings.map(({ element: _, ...told }) => told)]);
  if (now_said === said) return;
  said = now_said;
  const swapped = findings.filter(({ is_swapped }) => is_swapped).length;
  const none = swaps.length ? "None of its numbers is on this page." : "So what to look for is not known.";
  const count = findings.length ? `${swapped} of ${findings.length} places are swapped.` : none;
  // First what is not as it might be expected.
  findings.sort((one, other) => Number(one.is_swapped) - Number(other.is_swapped));
  const close = button("Close", () => {
    clearInterval(timer);
    host.remove();
  });
  box.replaceChildren(
    element("header", element("h2", "Ringtrail"), element("p", sentence), element("p", count), close),
    element("ol", ...findings.map(row)),
  );
});

guard(() => {
  page.append(host);
  document.addEventListener("ringtrail:swap", ({ detail }) => {
    if (detail.swaps.length) seen = detail.swaps;
  });
  render();
  timer = setInterval(render, UPDATE_MS);
})();
