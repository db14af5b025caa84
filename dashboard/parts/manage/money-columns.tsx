import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { count, money, NOTHING, share } from "../../format.ts";
import { metric, metricOrNull, type Report, type ReportRow } from "../../report.ts";
import type { Column } from "../table.tsx";

const quiet = (text: string) => <span class="quiet">{text}</span>;

/** The rows of a report by the value of its one group. */
export function rowsBy(report: Report | null, group: string): ReadonlyMap<string, ReportRow> {
  return new Map(report?.data.map((row) => [String(row[group] ?? ""), row]));
}

const earning = (kind: OrganizationKind) => (kind === "publisher" ? "payable_calls" : "billable_calls");

const MONEY: Readonly<Record<OrganizationKind, readonly [id: string, label: string, fold?: 2 | 3][]>> = {
  network: [
    ["revenue_micros", "Revenue", 2],
    ["payout_micros", "Payout"],
    ["margin_micros", "Margin", 3],
  ],
  advertiser: [["revenue_micros", "You pay"]],
  publisher: [["payout_micros", "You earn"]],
};

/** What a list asks a report for. */
export function listMetrics(kind: OrganizationKind): string {
  return ["calls", earning(kind), ...MONEY[kind].map(([id]) => id)].join(",");
}

/**
 * Calls, those that earn, their share, and the money the viewer may see, for a list of campaigns or organizations.
 * @param rowOf a thing's row of the report; null while the report is not there, undefined when it had no call
 */
export function moneyColumns<T>(
  kind: OrganizationKind,
  report: Report | null,
  rowOf: (thing: T) => ReportRow | undefined,
): Column<T>[] {
  const figure = (
    id: string,
    label: string,
    say: (row: ReportRow) => string,
    fold?: 1 | 2 | 3,
  ): Column<T> => ({
    id,
    label,
    numeric: true,
    ...(fold ? { fold, words: null } : {}),
    cell: (thing) => {
      const row = rowOf(thing);
      if (report === null) return quiet(NOTHING);
      const said = say(row ?? {});
      return /^[0.]+%?$|^—$/.test(said) ? quiet(said) : said;
    },
    ...(report === null ? {} : { total: say(report.totals) }),
  });
  const qualified = earning(kind);
  const unit = report?.currency ? `, ${report.currency}` : "";
  return [
    figure("calls", "Calls", (row) => count(metric(row, "calls"))),
    figure(
      qualified,
      kind === "publisher" ? "Earning" : "Qualified",
      (row) => count(metric(row, qualified)),
      1,
    ),
    figure("rate", "Rate", (row) => share(metric(row, qualified), metric(row, "calls")), 2),
    ...MONEY[kind].map(([id, label, fold]) => {
      // In several currencies nothing is added.
      const say = (row: ReportRow) => {
        const micros = metricOrNull(row, id);
        return micros === null ? (Object.keys(row).length === 0 ? money(0) : NOTHING) : money(micros);
      };
      return figure(id, `${label}${unit}`, say, fold);
    }),
  ];
}
