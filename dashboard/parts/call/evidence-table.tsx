import type { Evidence } from "../../../shared/api/calls.ts";
import { NBSP } from "../../format.ts";
import { TableFrame } from "../table-frame.tsx";
import { sayMeasure } from "./measure.ts";

/** What each kind of evidence is about. */
const KIND_WORDS: Readonly<Record<string, string>> = {
  delay: "Time since the visit",
  hour: "Hour of the day",
  device: "Device",
  publisher: "Publisher",
  tel_click: "Call link pressed",
  press_worth: "Worth of such presses",
  area_code: "Area code",
  own_pool: "Own pool",
  used: "Earlier call of this visit",
  caller: "Caller and visitor",
  household: "Same household",
  redial: "Called again",
  stray_redial: "Called again by chance",
  surge: "Unusual traffic",
  doubt: "Long odds",
  unlearned: "Nothing learned yet",
  static_number: "Static number",
  none: "Something else",
};

/** What a kind of evidence is about, in words: those of a newer Worker by their own name. */
export function sayKind(kind: string): string {
  return KIND_WORDS[kind] ?? kind.replaceAll("_", " ");
}

/** A factor on the odds with two significant digits: `1,200`, `38`, `2.1`, `0.80`. */
export function sayOdds(weight: number): string {
  if (weight >= 100) return Math.round(Number(weight.toPrecision(2))).toLocaleString("en-US");
  if (weight !== 0 && weight < 0.001) return `<${NBSP}0.001`;
  return weight.toPrecision(2);
}

/**
 * Why the call was joined as it was, in plain words. Weights (by how much each reason multiplied the odds against
 * a stray call) have their column only where the reader is sent them.
 */
export function EvidenceTable({ evidence }: { evidence: readonly Evidence[] }) {
  const weighed = evidence.some(({ weight }) => weight !== undefined);
  if (evidence.length === 0) return null;
  return (
    <TableFrame>
      <table class="tall">
        <caption class="vh">Evidence</caption>
        <thead>
          <tr>
            <th scope="col">Evidence</th>
            <th scope="col" class="c1">
              What was seen
            </th>
            {weighed && (
              <th scope="col" class="num">
                Odds ×
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {evidence.map(({ kind, detail, weight }) => (
            <tr key={`${kind} ${detail}`}>
              <th scope="row">
                {sayKind(kind)}
                <span class="fold k1">{sayMeasure(detail)}</span>
              </th>
              <td class="c1">{sayMeasure(detail)}</td>
              {weighed && <td class="num">{weight === undefined ? "" : sayOdds(weight)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
