import type { PayoutTerms, RevenueTerms, TermsInput } from "../../../shared/api/campaigns.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { sumMicros } from "../../../shared/money.ts";
import { count, money, moneyIn, NOTHING } from "../../format.ts";
import { writeHours } from "../../parts/form/hours.ts";
import { lasting } from "./sentence.ts";

/** Terms as a viewer holds them: the other side's price is absent. */
export type SeenTerms = Omit<TermsInput, "revenue_micros" | "payout_micros" | "effective_at"> & {
  revenue_micros?: number | undefined;
  payout_micros?: number | undefined;
};

/** One rule of the terms as it binds each side; null where that side is not seen. */
export type TermsRow = { id: string; label: string; revenue: string | null; payout: string | null };

type Side = "revenue" | "payout";
type OneSide = RevenueTerms & PayoutTerms;

/** The terms as they bind one side: its own fields over the common ones. */
export function sideOf(terms: SeenTerms, side: Side): SeenTerms {
  const own: OneSide = (side === "revenue" ? terms.revenue : terms.payout) ?? {};
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  return { ...terms, ...Object.fromEntries(given) };
}

type Rule = { id: string; label: string; say: (terms: SeenTerms, side: Side) => string; always?: boolean };

const caps = ({ daily_cap, monthly_cap, concurrency_cap }: SeenTerms): string =>
  [
    daily_cap ? `${count(daily_cap)} a day` : "",
    monthly_cap ? `${count(monthly_cap)} a month` : "",
    concurrency_cap ? `${count(concurrency_cap)} at once` : "",
  ]
    .filter(Boolean)
    .join(", ") || NOTHING;

function repeats({ repeat_callers, dedupe_window_s, dedupe_scope }: SeenTerms): string {
  if (repeat_callers === "all") return "every call counts";
  const scope = dedupe_scope === "advertiser" ? ", over all of the advertiser's campaigns" : "";
  return `first call only, within ${lasting(dedupe_window_s)}${scope}`;
}

const RULES: readonly Rule[] = [
  {
    id: "price",
    label: "A call is worth",
    always: true,
    say: (terms, side) => money((side === "revenue" ? terms.revenue_micros : terms.payout_micros) ?? 0),
  },
  {
    id: "min_duration_s",
    label: "Connected at least",
    always: true,
    say: ({ min_duration_s }) => (min_duration_s === 0 ? "at all" : lasting(min_duration_s)),
  },
  { id: "repeats", label: "Repeat callers", always: true, say: repeats },
  {
    id: "hold_s",
    label: "Held",
    always: true,
    say: ({ hold_s }) => (hold_s ? `for ${lasting(hold_s)} after the call` : "not at all"),
  },
  {
    id: "requires_signal",
    label: "Signal",
    say: ({ requires_signal, signal_window_s }) =>
      requires_signal ? `“${requires_signal}” within ${lasting(signal_window_s ?? 0)}` : NOTHING,
  },
  {
    id: "requires_keypress",
    label: "Key pressed",
    say: ({ requires_keypress }) =>
      requires_keypress
        ? `${requires_keypress.keys.join(" or ")} at “${requires_keypress.question}”`
        : NOTHING,
  },
  {
    id: "hours",
    label: "Hours",
    say: ({ hours }) => (hours ? writeHours(hours).replaceAll("\n", "; ") : NOTHING),
  },
  { id: "regions", label: "Regions", say: ({ regions }) => regions?.join(", ") || NOTHING },
  { id: "caps", label: "Caps", say: caps },
];

/** The rules of the terms, each as it binds the sides that the viewer sees; a rule that nobody set is left out. */
export function termsRows(terms: SeenTerms, kind: OrganizationKind): TermsRow[] {
  const [revenue, payout] = [sideOf(terms, "revenue"), sideOf(terms, "payout")];
  return RULES.map(({ id, label, say }) => ({
    id,
    label,
    revenue: kind === "publisher" ? null : say(revenue, "revenue"),
    payout: kind === "advertiser" ? null : say(payout, "payout"),
  })).filter(
    (row, index) =>
      RULES[index]?.always || [row.revenue, row.payout].some((said) => said !== null && said !== NOTHING),
  );
}

/** What stays with the network of a call that both sides' terms count: "You keep 25.00 USD of each call." */
export function marginWords(
  { revenue_micros, payout_micros }: Pick<SeenTerms, "revenue_micros" | "payout_micros">,
  currency: string,
): string | null {
  if (revenue_micros === undefined || payout_micros === undefined) return null;
  const kept = sumMicros([revenue_micros, -payout_micros]);
  if (kept === 0) return "Nothing of a call stays with you.";
  const amount = moneyIn(Math.abs(kept), currency);
  return kept > 0 ? `You keep ${amount} of each call.` : `You lose ${amount} on each call.`;
}

/** What a new version changes, rule by rule and side by side: "Advertiser pays: 70.00 → 75.00". */
export function termsChanges(before: SeenTerms | null, after: SeenTerms): string[] {
  const sides = [
    ["revenue", "Advertiser"],
    ["payout", "Publisher"],
  ] as const;
  const said = (terms: SeenTerms, side: Side) =>
    new Map(RULES.map((rule) => [rule.label, rule.say(sideOf(terms, side), side)]));
  return RULES.flatMap(({ label }) => {
    const changes = sides.flatMap(([side, who]) => {
      const now = said(after, side).get(label) ?? "";
      const then = before === null ? NOTHING : (said(before, side).get(label) ?? "");
      return now === then ? [] : [{ who, words: before === null ? now : `${then} → ${now}` }];
    });
    const [first, second] = changes;
    if (first && second && first.words === second.words) return [`${label}: ${first.words}`];
    return changes.map(({ who, words }) => `${label}, ${who.toLowerCase()}: ${words}`);
  });
}
