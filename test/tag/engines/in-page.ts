import { DECOYS } from "../groups/decoys.ts";
import { ABROAD, SWAPPED_FORMS, UNEQUAL_FORMS } from "../groups/form-rows.ts";
import { ATTRIBUTE_FORMS } from "../groups/link-rows.ts";
import { type Trial, tryPieces } from "../groups/try-pieces.ts";
import "../reference/trial.ts";
import { type Found, STEPS, type Step } from "./steps.ts";

/*
 * What a browser does that nobody drives: it goes from page to page, tries on each what its path says, and reports what
 * it found. So any browser that opens an address can be tried.
 */

type Row = readonly [name: string, html: string, expected: string];

const complaints: string[] = [];
addEventListener("error", (event: ErrorEvent) => complaints.push(String(event.message)));
addEventListener("unhandledrejection", (event: PromiseRejectionEvent) =>
  complaints.push(String(event.reason)),
);
for (const level of ["log", "info", "warn", "error"] as const) {
  console[level] = (...words: unknown[]) => complaints.push(words.join(" "));
}

const leased = (): Promise<void> =>
  new Promise((done) => {
    const look = () => (window.ringtrail?.get() ? done() : setTimeout(look, 20));
    look();
  });

/** The names of the rows that came out otherwise than expected, with what came out. */
async function faultsOf(rows: readonly Row[]): Promise<string[]> {
  const trials = await tryPieces(rows.map(([, html, expected]) => [html, expected] as const));
  return trials.flatMap((trial, i) => faultOf(trial).map((fault) => `${rows[i]?.[0]}: ${fault}`));
}

function faultOf({ before, after, again, restored, same_nodes, expected }: Trial): string[] {
  if (after !== expected) return [`${after} instead of ${expected}`];
  if (again !== after) return [`${again} when swapped again`];
  if (restored !== before) return [`${restored} when reset`];
  return same_nodes ? [] : ["other nodes"];
}

/** What a visitor sees on one page and the next, and what becomes of a press of the link. */
async function visit(): Promise<string[]> {
  const link = document.querySelector<HTMLAnchorElement>("#link");
  document.addEventListener("click", (event) => event.preventDefault(), { once: true });
  link?.click();
  return [document.querySelector("#number")?.textContent ?? "", link?.href ?? "", link?.textContent ?? ""];
}

async function generated(of: number): Promise<string[]> {
  const { numbers, failure } = await window.tryPages(of, STEPS.seed, STEPS.pages);
  return failure ? [JSON.stringify(failure)] : [`${numbers > STEPS.pages / 4}`];
}

const ACTIONS: Record<Step, () => Promise<string[]>> = {
  visit,
  again: visit,
  forms: () => faultsOf([...SWAPPED_FORMS, ...ABROAD]),
  links: () => faultsOf(ATTRIBUTE_FORMS),
  decoys: () => faultsOf(DECOYS.map(([name, html]) => [name, html, html] as const)),
  longer: () => faultsOf(UNEQUAL_FORMS),
  generated: () => generated(0),
  british: () => generated(1),
};

async function run(): Promise<void> {
  const step = location.pathname.slice(1) as Step;
  await leased();
  const found: Found = { step, said: await ACTIONS[step](), complaints };
  await fetch("/found", { method: "POST", body: JSON.stringify(found) });
  // As a visitor does, over a link; to another site at last, so that the visit ends.
  const next = STEPS.names[STEPS.names.indexOf(step) + 1];
  const link = document.createElement("a");
  link.href = next ? `/${next}` : (document.querySelector<HTMLLinkElement>("link[rel=next]")?.href ?? "");
  document.body.appendChild(link);
  link.click();
}

void run();
