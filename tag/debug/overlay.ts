import { guard } from "../guard.ts";
import type { RingtrailSwapDetail } from "../ringtrail.d.ts";
import { type Finding, findingsIn } from "./findings.ts";

/*
 * The diagnostics that a page opened with `?ringtrail-debug` shows: the lease, what was found, what was swapped and
 * why not. Built of nodes and styles set by script, so that it works under a strict content security policy.
 */

const BOX: Partial<CSSStyleDeclaration> = {
  position: "fixed",
  inset: "auto 1rem 1rem auto",
  zIndex: "2147483647",
  maxWidth: "28rem",
  maxHeight: "60vh",
  overflow: "auto",
  padding: "1rem",
  font: "13px/1.5 system-ui, sans-serif",
  color: "#1c1b19",
  background: "#fffdf8",
  border: "1px solid #b9b2a3",
  borderRadius: "8px",
  boxShadow: "0 8px 32px #0003",
};
const UPDATE_MS = 1000;

/** The swaps seen last: after a reset the page's own numbers are looked for all the same. */
let swaps: RingtrailSwapDetail["swaps"] = window.ringtrail?.get()?.swaps ?? [];

const host = document.createElement("ringtrail-debug");
host.setAttribute("data-ringtrail-skip", "");
const box = document.createElement("section");
box.setAttribute("aria-label", "Ringtrail diagnostics");
Object.assign(box.style, BOX);
host.attachShadow({ mode: "closed" }).append(box);

function element(name: string, ...children: (string | Node)[]): HTMLElement {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

function row({ element: at, place, text, verdict }: Finding): HTMLElement {
  const button = element("button", "show");
  button.addEventListener("click", () => at.scrollIntoView({ block: "center" }));
  return element(
    "li",
    element("code", place),
    ` ${text.slice(0, 80)} `,
    element("strong", verdict),
    " ",
    button,
  );
}

function render(): void {
  const lease = window.ringtrail?.get();
  const findings = findingsIn(document.body, swaps);
  const numbers = swaps.map(({ find, replace }) => `${find} → ${replace}`).join(", ");
  const state = lease ? `Lease ${lease.lease.slice(0, 12)}…, ${numbers}` : "No lease is held.";
  const none = "None of the site's numbers is on this page, or none was leased yet.";
  box.replaceChildren(
    element("h2", "Ringtrail"),
    element("p", state),
    findings.length ? element("ol", ...findings.map(row)) : element("p", none),
  );
}

guard(() => {
  document.documentElement.append(host);
  document.addEventListener("ringtrail:swap", ({ detail }) => {
    if (detail.swaps.length) swaps = detail.swaps;
  });
  render();
  setInterval(guard(render), UPDATE_MS);
})();
