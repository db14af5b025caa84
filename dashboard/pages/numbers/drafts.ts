import type { NumberMove, NumberPatch, NumbersInput, TrackingNumber } from "../../../shared/api/inventory.ts";
import { err } from "../../../shared/result.ts";
import type { FieldFault } from "../../api.ts";
import { readNumbers } from "../../parts/form/amounts.ts";
import { type Draft, Reading, type Values } from "../../parts/form/reading.ts";

export const SUBS = ["sub1", "sub2", "sub3", "sub4", "sub5"] as const;

/** Where a number serves: `pool_…` values are pools, `static` a campaign's own number, … */
export const STATIC = "static";
/** … `honeypot` one that only programs are shown. */
export const HONEYPOT = "honeypot";

/** Where a number serves, as the form's choice says it. */
export function placeOf({ pool_id, honeypot }: TrackingNumber): string {
  return pool_id ?? (honeypot ? HONEYPOT : STATIC);
}

/** The fields of a place: a pool, or a campaign with its publisher or as its honeypot. */
export function readPlace(read: Reading) {
  const place = read.required("pool_id", "Choose where it serves.");
  if (place !== STATIC && place !== HONEYPOT) return { pool_id: place };
  const campaign_id = read.required("campaign_id", "Choose a campaign.");
  if (place === HONEYPOT) return { campaign_id, honeypot: true };
  return { campaign_id, publisher_id: read.text("publisher_id") || undefined };
}

/** Reads "Add numbers": the numbers, their account, a pool or a campaign (and its publisher), a label and sub ids. */
export function readNumbersInput(values: Values): Draft<NumbersInput> {
  const read = new Reading(values);
  return read.body({
    telephony_account_id: read.required("telephony_account_id", "Choose whose numbers they are."),
    e164: read.value("e164", readNumbers, []),
    ...readPlace(read),
    label: read.text("label") || undefined,
    ...Object.fromEntries(SUBS.map((sub) => [sub, read.text(sub) || undefined])),
  });
}

/** A CSV to import, and where those of its lines go that do not say. */
export type ImportDraft = {
  csv: string;
  telephony_account_id: string;
  pool_id?: string;
  campaign_id?: string;
  publisher_id?: string;
};

export function readImport(values: Values): Draft<ImportDraft> {
  const read = new Reading(values);
  return read.body({
    csv: read.required("csv", "Paste the lines, or choose a file."),
    telephony_account_id: read.required("telephony_account_id", "Choose whose numbers they are."),
    ...readPlace(read),
  });
}

const FAULTS_SHOWN = 5;

/** The faults of an import's lines as one of the field that holds them all: `Line 3, e164: …`. */
export function linesAtFault(faults: readonly FieldFault[]): FieldFault[] {
  const isLine = ({ pointer }: FieldFault) => /^\/\d+(\/|$)/.test(pointer);
  const lines = faults.filter(isLine).map(({ pointer, detail }) => {
    const [, line, column] = pointer.split("/");
    return `Line ${line}${column ? `, ${column}` : ""}: ${detail}.`;
  });
  const more = lines.length > FAULTS_SHOWN ? ` And ${lines.length - FAULTS_SHOWN} more.` : "";
  const said = { pointer: "/csv", detail: lines.slice(0, FAULTS_SHOWN).join(" ") + more };
  return [...faults.filter((fault) => !isLine(fault)), ...(lines.length > 0 ? [said] : [])];
}

/** Reads label and sub ids; an emptied field takes the word away. */
export function readNumberPatch(values: Values): Draft<NumberPatch> {
  const read = new Reading(values);
  const word = (name: string) => read.text(name) || null;
  return read.body({
    label: word("label"),
    ...Object.fromEntries(SUBS.filter((sub) => values[sub] !== undefined).map((sub) => [sub, word(sub)])),
  });
}

/** Reads where a number moves to; where it is already is no move. */
export function readNumberMove(values: Values, now: TrackingNumber): Draft<NumberMove> {
  const read = new Reading(values);
  const place = readPlace(read);
  const stays =
    values.pool_id === placeOf(now) &&
    (now.pool_id !== null ||
      (now.campaign_id === place.campaign_id && (now.publisher_id ?? undefined) === place.publisher_id));
  // A number that rests on its way to somewhere else may be kept where it is.
  if (stays && !now.resting) return err([{ pointer: "/pool_id", detail: "It serves there already." }]);
  return read.body(place);
}

/** The move that brings a number back to where it was; null for one that was nowhere. */
export function moveBack({
  pool_id,
  campaign_id,
  publisher_id,
  honeypot,
}: TrackingNumber): NumberMove | null {
  if (pool_id !== null) return { pool_id };
  if (campaign_id === null) return null;
  return { campaign_id, ...(publisher_id && { publisher_id }), ...(honeypot && { honeypot }) };
}

/** A number's sub ids by name. */
export function subsOf(number: TrackingNumber): Record<string, string | null> {
  return Object.fromEntries(SUBS.map((sub) => [sub, number[sub] ?? null]));
}

/** The words that a label's form replaced, to put them back. */
export function wordsOf(number: TrackingNumber): NumberPatch {
  return { label: number.label ?? null, ...subsOf(number) };
}
