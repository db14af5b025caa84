import { type Call, RULES, type RuleResult } from "../../../shared/api/calls.ts";
import { judgementsOf, type Side } from "./verdict.ts";

export type RuleOutcome = "failed" | "waits" | "passed";

/** One rule over the sides that judged it. `detail` is shared, or null when the sides measured differently. */
export type RuleRow = {
  rule: string;
  outcome: RuleOutcome;
  sides: Partial<Record<Side, RuleResult>>;
  detail: string | null;
};

export function outcomeOf(result: RuleResult): RuleOutcome {
  if (result.pending) return "waits";
  return result.passed ? "passed" : "failed";
}

const WORST_FIRST: readonly RuleOutcome[] = ["failed", "waits", "passed"];

/** In what order rules that ended alike stand: the contract's, with rules that came later at the end by name. */
function rank(rule: string): number {
  const known = (RULES as readonly string[]).indexOf(rule);
  return known === -1 ? RULES.length : known;
}

/** Which of several failures decides the sentence: what happened on the phone before what follows from it. */
const DECIDES: readonly string[] = [
  "test_caller",
  "honeypot",
  "terms",
  "spam",
  "connected",
  "min_duration",
  "duplicate",
  "caller_type",
  "keypress",
  "source",
  "attribution",
  "enrollment",
  "requires_signal",
  "budget",
  "dispute",
];

/** The failed rule to name first, or null. `revenue` ("the advertiser does not pay") only when nothing else failed. */
export function decidingFailure(rules: readonly RuleResult[]): RuleResult | null {
  const failed = rules.filter((result) => outcomeOf(result) === "failed");
  const order = (result: RuleResult) => {
    if (result.rule === "revenue") return DECIDES.length + 1;
    const known = DECIDES.indexOf(result.rule);
    return known === -1 ? DECIDES.length : known;
  };
  return failed.toSorted((a, b) => order(a) - order(b))[0] ?? null;
}

/** The rule the verdict waits for, or null. */
export function awaitedRule(rules: readonly RuleResult[]): RuleResult | null {
  return rules.find((result) => outcomeOf(result) === "waits") ?? null;
}

/** Every rule of every visible judgement, one row each: failed first, then what is awaited, then all that passed. */
export function ruleRows(call: Call): RuleRow[] {
  const rows = new Map<string, RuleRow>();
  for (const judged of judgementsOf(call)) {
    for (const result of judged.rules) addResult(rows, judged.side, result);
  }
  return [...rows.values()].toSorted(
    (a, b) =>
      WORST_FIRST.indexOf(a.outcome) - WORST_FIRST.indexOf(b.outcome) ||
      rank(a.rule) - rank(b.rule) ||
      (a.rule < b.rule ? -1 : 1),
  );
}

function addResult(rows: Map<string, RuleRow>, side: Side, result: RuleResult): void {
  const outcome = outcomeOf(result);
  const row = rows.get(result.rule);
  if (!row) {
    rows.set(result.rule, { rule: result.rule, outcome, sides: { [side]: result }, detail: result.detail });
    return;
  }
  row.sides[side] = result;
  if (row.detail !== result.detail) row.detail = null;
  if (WORST_FIRST.indexOf(outcome) < WORST_FIRST.indexOf(row.outcome)) row.outcome = outcome;
}

/** "2 of 8 rules failed", "1 of 8 rules waits", "all 8 rules passed"; empty when nothing was judged. */
export function ruleTally(rules: readonly RuleResult[]): string {
  const count = (outcome: RuleOutcome) => rules.filter((result) => outcomeOf(result) === outcome).length;
  const noun = rules.length === 1 ? "rule" : "rules";
  const failed = count("failed");
  const waits = count("waits");
  if (rules.length === 0) return "";
  if (failed > 0) return `${failed} of ${rules.length} ${noun} failed`;
  if (waits > 0) return `${waits} of ${rules.length} ${noun} ${waits === 1 ? "waits" : "wait"}`;
  return rules.length === 1 ? "the one rule passed" : `all ${rules.length} rules passed`;
}

/** Why a call was not paid, short, as a publisher reads it beside the verdict. */
const SHORT_REASONS: Readonly<Record<string, string>> = {
  connected: "Not answered",
  confirmed: "Not confirmed",
  min_duration: "Too short",
  duplicate: "Called before",
  attribution: "Publisher not proven",
  source: "No proven source",
  enrollment: "Not enrolled",
  requires_signal: "No signal",
  keypress: "No key pressed",
  caller_type: "Caller type",
  budget: "Budget used up",
  spam: "Spam",
  dispute: "Disputed",
  test_caller: "Test call",
  honeypot: "Scraped number",
  terms: "No terms",
  revenue: "Advertiser does not pay",
};

/** "Too short", or the rule's own name for one that has no short word yet. */
export function shortReason(rule: string): string {
  return SHORT_REASONS[rule] ?? rule.replaceAll("_", " ");
}
