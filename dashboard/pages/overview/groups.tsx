import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { count, duration, money, NOTHING, share } from "../../format.ts";
import type { Names } from "../../names.ts";
import { CsvLink } from "../../parts/csv.tsx";
import { FilterValue } from "../../parts/filters.tsx";
import { Section } from "../../parts/page.tsx";
import { Blank, Loaded, TableSkeleton } from "../../parts/states.tsx";
import { type Column, readSort, type Sort, sortRows, Table, writeSort } from "../../parts/table.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import {
  metric,
  metricOrNull,
  type Report,
  type ReportQuery,
  type ReportRow,
  useReport,
} from "../../report.ts";
import { useUrl } from "../../url-state.ts";
import { earningMetric } from "./measures.ts";

/** A way to group calls: the report's group, its words, the filter that a value sets, and who may see it. */
type Grouping = {
  id: string;
  label: string;
  all: string;
  filter: string;
  empty: string;
  kinds: readonly OrganizationKind[];
};

const EVERYONE = ["network", "advertiser", "publisher"] as const;

const GROUPINGS: readonly Grouping[] = [
  {
    id: "campaign_id",
    label: "Campaign",
    all: "All campaigns",
    filter: "campaign_id",
    empty: "no campaign",
    kinds: EVERYONE,
  },
  {
    id: "publisher_id",
    label: "Publisher",
    all: "All publishers",
    filter: "publisher_id",
    empty: "not proven",
    kinds: ["network", "advertiser"],
  },
  {
    id: "source",
    label: "Source",
    all: "All sources",
    filter: "source",
    empty: "(none)",
    kinds: EVERYONE,
  },
  {
    id: "landing_path",
    label: "Landing page",
    all: "All landing pages",
    filter: "landing_path",
    empty: "(none)",
    kinds: EVERYONE,
  },
  {
    id: "target",
    label: "Target",
    all: "All targets",
    filter: "target",
    empty: "(none)",
    kinds: ["network", "advertiser"],
  },
];

const PANEL = "overview-groups";
const SORTABLE = ["name", "calls", "connected", "qualified", "rate", "mean", "revenue", "payout", "margin"];
const BY_CALLS: Sort = { by: "calls", descending: true };
const ROWS_MAX = 50;

/**
 * The period's calls by campaign, publisher, source or landing page (`?by=`). A value filters the page.
 * @param props.query range, zone, filters and metrics of the page
 */
export function Groups(props: {
  kind: OrganizationKind;
  query: ReportQuery;
  names: Names;
  currency: string | null;
  zone: string;
}) {
  const { kind, query, names, currency, zone } = props;
  const url = useUrl();
  const groupings = GROUPINGS.filter((one) => one.kinds.includes(kind));
  const asked = url.params.get("by");
  const grouping = groupings.find(({ id }) => id === asked) ?? groupings[0];
  const grouped: ReportQuery = { ...query, group_by: grouping?.id ?? "", limit: ROWS_MAX };
  const report = useReport(grouped);
  if (!grouping) return null;
  // The answer to the grouping before is kept while the next one loads; it must not stand under the new heading.
  const isCurrent = report.data?.data.every((row) => grouping.id in row) ?? false;
  const shown = isCurrent ? report : { ...report, data: null };
  return (
    <Section id="by" title={`By ${grouping.label.toLowerCase()}`} hidden>
      <div class="tabs-line">
        <Tabs
          tabs={groupings}
          selected={grouping.id}
          onSelect={(id) =>
            url.set({ by: id === groupings[0]?.id ? null : id, sort: null }, { replace: true })
          }
          label="Group by"
          controls={PANEL}
        />
        <CsvLink path="/reports" query={grouped} bare name={`by-${grouping.id.replace("_id", "")}.csv`} />
      </div>
      <div id={PANEL} role="tabpanel" aria-label={grouping.label}>
        <Loaded
          of={shown}
          what="The table"
          zone={zone}
          skeleton={
            <TableSkeleton
              caption={grouping.label}
              columns={[grouping.label, ">Calls", ">Qualified", ">Rate"]}
            />
          }
        >
          {(data) => (
            <GroupTable kind={kind} grouping={grouping} report={data} names={names} currency={currency} />
          )}
        </Loaded>
      </div>
    </Section>
  );
}

type Words = { kind: OrganizationKind; grouping: Grouping; names: Names };

function nameOf({ grouping, names }: Words, row: ReportRow): string {
  const value = row[grouping.id];
  if (value === null || value === undefined || value === "") return grouping.empty;
  return grouping.id.endsWith("_id") ? names.of(String(value)) : String(value);
}

function GroupName({ words, row }: { words: Words; row: ReportRow }) {
  const value = row[words.grouping.id];
  const name = nameOf(words, row);
  if (value === null || value === undefined || value === "") return <span class="quiet">{name}</span>;
  return <FilterValue name={words.grouping.filter} value={String(value)} label={name} />;
}

function GroupTable(props: Words & { report: Report; currency: string | null }) {
  const { kind, grouping, report, currency } = props;
  const url = useUrl();
  if (report.data.length === 0) return <Blank title="No calls in this period." />;
  const sort = readSort(url.params.get("sort"), SORTABLE, BY_CALLS);
  const sorted = sortRows(report.data, sort, (row, by) =>
    by === "name" ? nameOf(props, row) : sortValue(kind, row, by),
  );
  const unit = currency ? `, money in ${currency}` : "";
  return (
    <>
      <Table
        caption={`By ${grouping.label.toLowerCase()}${unit}`}
        columns={columnsOf(props, report, currency)}
        rows={sorted}
        rowKey={(row) => String(row[grouping.id])}
        sort={sort}
        onSort={(next) => url.set({ sort: writeSort(next) }, { replace: true })}
        tall
      />
      {report.group_count > sorted.length && (
        <p class="meta">
          The {count(sorted.length)} with most calls of {count(report.group_count)}; the CSV has them all.
        </p>
      )}
    </>
  );
}

function sortValue(kind: OrganizationKind, row: ReportRow, by: string): number | null {
  const calls = metric(row, "calls");
  const connected = metric(row, "connected_calls");
  const earning = metric(row, earningMetric(kind));
  switch (by) {
    case "connected":
      return connected;
    case "qualified":
      return earning;
    case "rate":
      return calls === 0 ? null : earning / calls;
    case "mean":
      return connected === 0 ? null : metric(row, "connected_s") / connected;
    case "revenue":
    case "payout":
    case "margin":
      return metric(row, `${by}_micros`);
    default:
      return calls;
  }
}

type Cells = (row: ReportRow) => string;

/** A column of figures, its cell the same for rows and totals. */
function figure(
  id: string,
  label: string,
  cell: Cells,
  totals: ReportRow,
  fold?: 0 | 1 | 2 | 3,
): Column<ReportRow> {
  const column: Column<ReportRow> = {
    id,
    label,
    cell,
    numeric: true,
    sortable: true,
    total: cell(totals),
    words: null,
  };
  return fold === undefined ? column : { ...column, fold };
}

function moneyColumns(
  kind: OrganizationKind,
  totals: ReportRow,
  currency: string | null,
): Column<ReportRow>[] {
  const cell = (name: string) => (row: ReportRow) => {
    const value = metricOrNull(row, name);
    return value === null ? NOTHING : money(value);
  };
  const one = (id: string, label: string, fold?: 0 | 1) => ({
    ...figure(id, label, cell(`${id}_micros`), totals, fold),
    ...(currency ? { unit: currency } : {}),
  });
  if (kind === "advertiser") return [one("revenue", "You pay")];
  if (kind === "publisher") return [one("payout", "Earned")];
  return [one("revenue", "Revenue", 0), one("payout", "Payout", 1), one("margin", "Margin")];
}

function columnsOf(words: Words, report: Report, currency: string | null): Column<ReportRow>[] {
  const { kind, grouping, names } = words;
  const { totals } = report;
  const most = Math.max(1, ...report.data.map((row) => metric(row, "calls")));
  const earning = earningMetric(kind);
  const calls: Cells = (row) => count(metric(row, "calls"));
  const rate: Cells = (row) => share(metric(row, earning), metric(row, "calls"));
  const mean: Cells = (row) => {
    const connected = metric(row, "connected_calls");
    return connected === 0 ? NOTHING : duration(metric(row, "connected_s") / connected);
  };
  const advertiser = (row: ReportRow) => {
    const campaign = names.campaigns.find(({ id }) => id === row.campaign_id);
    return campaign ? names.of(campaign.advertiser_id) : "";
  };
  const withAdvertiser = kind === "network" && grouping.id === "campaign_id";
  return [
    {
      id: "name",
      label: grouping.label,
      sortable: true,
      cell: (row) => <GroupName words={words} row={row} />,
      share: (row) => metric(row, "calls") / most,
      total: grouping.all,
    },
    ...(withAdvertiser
      ? [{ id: "advertiser", label: "Advertiser", fold: 2 as const, class: "soft", cell: advertiser }]
      : []),
    figure("calls", "Calls", calls, totals),
    figure("connected", "Connected", (row) => count(metric(row, "connected_calls")), totals, 2),
    figure(
      "qualified",
      kind === "publisher" ? "Earning" : "Qualified",
      (row) => count(metric(row, earning)),
      totals,
      1,
    ),
    figure("rate", "Rate", rate, totals, 1),
    figure("mean", "Connected, mean", mean, totals, 3),
    ...moneyColumns(kind, totals, currency),
  ];
}
