import type { Campaign } from "../../../shared/api/campaigns.ts";
import { count, counted, money } from "../../format.ts";
import { Section } from "../../parts/page.tsx";
import { Loaded, TableSkeleton } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import type { Range } from "../../range.ts";
import { type ReportQuery, useReport } from "../../report.ts";
import { type Unpaid, unpaidOf } from "./unpaid.ts";

/**
 * Why calls were not paid, the most common reason first, and what they would have earned at today's rate.
 * @param props.filters which publisher's calls, empty for the viewer's own
 */
export function UnpaidSection(props: {
  campaigns: readonly Campaign[];
  range: Range;
  filters: ReportQuery;
  rate: string;
}) {
  const { campaigns, range, filters, rate } = props;
  const report = useReport({
    metrics: "calls",
    group_by: "reject_reason,campaign_id",
    timezone: range.zone,
    from: range.from,
    to: range.to,
    ...filters,
  });
  const unpaid = unpaidOf(report.data?.data ?? [], campaigns);
  const calls = unpaid.reduce((sum, one) => sum + one.calls, 0);
  const currencies = new Set(campaigns.map(({ currency }) => currency));
  const [currency] = currencies;
  const unit = currencies.size === 1 ? `${currency}, ` : "";
  return (
    <Section
      id="unpaid"
      title={calls === 0 ? "Calls not paid" : `Why ${counted(calls, "call")} were not paid`}
    >
      <Loaded
        of={report}
        what="The reasons"
        zone={range.zone}
        skeleton={<TableSkeleton caption="Reasons" columns={["Reason", ">Calls"]} rows={4} />}
      >
        {() =>
          unpaid.length === 0 ? (
            <p class="note">Every call of this range that is judged earns something, or there was none.</p>
          ) : (
            <Table
              caption="Calls not paid, by reason"
              columns={columnsOf(unpaid, calls, `${unit}${rate}`)}
              rows={unpaid}
              rowKey={({ reason }) => reason}
              keys={false}
              tall
            />
          )
        }
      </Loaded>
    </Section>
  );
}

function columnsOf(unpaid: readonly Unpaid[], calls: number, unit: string): Column<Unpaid>[] {
  const most = Math.max(1, ...unpaid.map((one) => one.calls));
  const worth = unpaid.reduce((sum, one) => sum + one.worth_micros, 0);
  return [
    {
      id: "reason",
      label: "Reason",
      class: "reason",
      cell: ({ words, means }) => (
        <>
          {words}
          {means && <small>{means}</small>}
        </>
      ),
      share: (one) => one.calls / most,
      total: "All",
    },
    { id: "calls", label: "Calls", numeric: true, cell: (one) => count(one.calls), total: count(calls) },
    {
      id: "worth",
      label: unit,
      numeric: true,
      cell: (one) => money(one.worth_micros),
      total: money(worth),
    },
  ];
}
