import type { Call, RuleResult } from "../../../shared/api/calls.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { Glyph } from "../glyph.tsx";
import { TableFrame } from "../table-frame.tsx";
import { sayMeasure } from "./measure.ts";
import { outcomeOf, type RuleOutcome, type RuleRow, ruleRows, shortReason } from "./rules.ts";
import { judgementsOf, type Side } from "./verdict.ts";

const OUTCOME_WORDS: Readonly<Record<RuleOutcome, string>> = {
  failed: "failed",
  waits: "waits",
  passed: "passed",
};
const OUTCOME_GLYPHS = { failed: "rejected", waits: "pending", passed: "pass" } as const;
const OUTCOME_STYLES: Readonly<Record<RuleOutcome, string>> = {
  failed: "ko",
  waits: "pending",
  passed: "ok",
};
const SIDE_WORDS: Readonly<Record<Side, string>> = { revenue: "Advertiser", payout: "Publisher" };

function Outcome({ result }: { result: RuleResult | undefined }) {
  if (!result) {
    return (
      <>
        <span class="quiet" aria-hidden="true">
          —
        </span>
        <span class="vh">no such rule</span>
      </>
    );
  }
  const outcome = outcomeOf(result);
  return (
    <>
      <Glyph name={OUTCOME_GLYPHS[outcome]} class={OUTCOME_STYLES[outcome]} />
      <span class="vh">{OUTCOME_WORDS[outcome]}</span>
    </>
  );
}

/** What was measured; by side where the sides' terms made it differ. */
function Measured({ row, kind }: { row: RuleRow; kind: OrganizationKind }) {
  // A rule's name alone says little to who earns by it.
  const short = kind === "publisher" && row.outcome === "failed" ? `${shortReason(row.rule)}: ` : "";
  if (row.detail !== null) return <>{`${short}${sayMeasure(row.detail)}`}</>;
  return (
    <>
      {(["revenue", "payout"] as const).map((side) => {
        const result = row.sides[side];
        return result ? (
          <span key={side} class="by-side">
            <span class="quiet">{SIDE_WORDS[side]}:</span> {sayMeasure(result.detail)}
          </span>
        ) : null;
      })}
    </>
  );
}

/**
 * Both judgements, rule by rule, one row a rule and one column a side: the failed first (red bar, measure against
 * limit), then what is awaited, then all that passed. Who sees one side only has one column.
 */
export function RulesTable({ call, kind }: { call: Call; kind: OrganizationKind }) {
  const sides = judgementsOf(call).map(({ side }) => side);
  const rows = ruleRows(call);
  if (rows.length === 0) return null;
  return (
    <TableFrame>
      <table class="rules tall">
        <caption class="vh">Rules, the failed ones first</caption>
        <thead>
          <tr>
            {sides.map((side) => (
              <th key={side} scope="col" class="result">
                {sides.length > 1 ? SIDE_WORDS[side] : <span class="vh">Result</span>}
              </th>
            ))}
            <th scope="col">Rule</th>
            <th scope="col" class="c1">
              Measured
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.rule} class={row.outcome === "failed" ? "no" : undefined}>
              {sides.map((side) => (
                <td key={side} class="result">
                  <Outcome result={row.sides[side]} />
                </td>
              ))}
              <th scope="row" class="mono">
                {row.rule}
                <span class="fold k1">
                  <Measured row={row} kind={kind} />
                </span>
              </th>
              <td class="c1">
                <Measured row={row} kind={kind} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
