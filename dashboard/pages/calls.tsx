import type { ComponentChildren } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { Call } from "../../shared/api/calls.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { count, counted, time, zoneName } from "../format.ts";
import { mayReport } from "../may.ts";
import { CallDrawer } from "../parts/call/call-drawer.tsx";
import { rememberOrder } from "../parts/call/call-order.ts";
import { type Directory, useDirectory } from "../parts/call/directory.ts";
import { useNow } from "../parts/call/use-now.ts";
import { phaseOf } from "../parts/call/verdict.ts";
import { CsvLink } from "../parts/csv.tsx";
import { FilterBar } from "../parts/filters.tsx";
import { Live } from "../parts/live.tsx";
import { Page } from "../parts/page.tsx";
import { RangePicker } from "../parts/range-picker.tsx";
import { Fault, TableSkeleton } from "../parts/states.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { type Range, readRange } from "../range.ts";
import { metric } from "../report.ts";
import { useMe } from "../session.ts";
import { type UrlState, useUrl } from "../url-state.ts";
import type { Cells } from "./calls-cells.tsx";
import { callColumns, columnChoices } from "./calls-columns.tsx";
import { ColumnsMenu, useChosenColumns } from "./calls-columns-menu.tsx";
import { csvColumnsOf } from "./calls-csv.ts";
import { NoCalls } from "./calls-empty.tsx";
import { type CallList, useCallList } from "./calls-list.ts";
import { type ActiveFilter, activeFilters, type CallsQuery, callFilters, callQuery } from "./calls-query.ts";
import { type CallTotals, totalsFor, useCallTotals } from "./calls-totals.ts";

/** What a search finds: callers' numbers are stored sealed, so only a whole one can be compared, by who may see it. */
const SEARCHES: Readonly<Record<OrganizationKind, string>> = {
  network: "Whole number or call id",
  advertiser: "Whole number or call id",
  publisher: "Number called or call id",
};

/** What the URL asks the log for. */
type Asked = { query: CallsQuery; range: Range; active: ActiveFilter[]; zone: string };

function useAsked(
  url: UrlState,
  names: Directory,
  kind: OrganizationKind,
): Asked & { fields: ReturnType<typeof callFilters> } {
  const fields = callFilters(kind, names);
  const zone = names.zoneOf(url.params.get("campaign_id"));
  const range = readRange(url.params, Date.now(), zone, "7d");
  const asked = callQuery(url.params, range, fields);
  // The range's end moves only by day, so the text is as stable as the address.
  const key = JSON.stringify(asked);
  const query = useMemo<CallsQuery>(() => JSON.parse(key), [key]);
  return { fields, query, range, zone, active: activeFilters(url.params, fields) };
}

/** The call log: every call the viewer may see, newest first, filtered by the URL, with one of them in the drawer. */
export default function CallsPage() {
  const url = useUrl();
  const me = useMe();
  const { organization } = me;
  const names = useDirectory();
  const { fields, query, range, zone, active } = useAsked(url, names, organization.kind);
  const now = useNow(false);
  const list = useCallList(query, range.to > now);
  const totals = useCallTotals(query);
  const columns = useChosenColumns(organization.kind);
  const selected = url.params.get("call");
  const cells = cellsOf(list.rows, { kind: organization.kind, names, zone, now, url });
  const shown = callColumns(cells, columns.chosen);

  const ids = list.rows.map(({ id }) => id).join(" ");
  // While the next page is fetched this one still stands, at the other's address, which has none of our filters.
  const isHere = url.path === "/calls";
  useEffect(() => {
    if (isHere) rememberOrder(ids.split(" ").filter(Boolean));
  }, [ids, isHere]);
  useEffect(() => {
    if (selected !== null && selected === list.rows.at(-1)?.id && list.hasMore) list.more();
  }, [selected, ids]);

  return (
    <Page
      title="Calls"
      fluid
      meta={metaWords(totals, range)}
      tools={
        <>
          <RangePicker range={range} now={now} />
          {mayReport(me) && (
            <a class="btn" href="/calls/import">
              Import outcomes
            </a>
          )}
          <CsvLink path="/calls" query={{ ...query, columns: csvColumnsOf(organization.kind, shown) }} />
        </>
      }
      drawer={selected && <CallDrawer id={selected} rows={list.rows} names={names} url={url} />}
    >
      <FilterBar fields={fields} search={{ name: "q", placeholder: SEARCHES[organization.kind] }} />
      <Fault what="The calls" of={list.first} zone={zone} />
      <LogTable
        list={list}
        columns={withTotals(shown, totals)}
        selected={selected}
        onOpen={(call) => url.set({ call: call.id })}
        empty={<NoCalls query={query} filters={active} range={range} />}
      />
      {list.rows.length > 0 && (
        <div class="pager">
          <LogFoot list={list} totals={totals} kind={organization.kind} zone={zone} />
          <div class="tools">
            <ColumnsMenu choices={columnChoices(cells)} columns={columns} />
            {list.hasMore && (
              <button class="btn" type="button" disabled={list.loadingMore} onClick={list.more}>
                {list.loadingMore ? "Loading…" : "Show more"}
              </button>
            )}
          </div>
        </div>
      )}
    </Page>
  );
}

function cellsOf(
  rows: readonly Call[],
  given: { kind: OrganizationKind; names: Directory; zone: string; now: number; url: UrlState },
): Cells {
  const { kind, names, zone, now, url } = given;
  const currencies = new Set(rows.flatMap(({ currency }) => currency ?? []));
  const [only = null] = currencies;
  return {
    kind,
    names,
    zone,
    now,
    currency: currencies.size === 1 ? only : null,
    hrefOf: (call) => url.href({ call: call.id }),
  };
}

function metaWords(totals: CallTotals | null, range: Range): string {
  const calls = totals === null ? "" : `${counted(metric(totals, "calls"), "call")} · `;
  return `${calls}${range.label}, ${zoneName(range.zone)}`;
}

function withTotals(columns: readonly Column<Call>[], totals: CallTotals | null): Column<Call>[] {
  if (totals === null) return [...columns];
  return columns.map((column) => {
    const total = totalsFor(column.id, totals);
    return total === null ? column : { ...column, total };
  });
}

function LogTable(props: {
  list: CallList;
  columns: readonly Column<Call>[];
  selected: string | null;
  onOpen: (call: Call) => void;
  empty: ComponentChildren;
}) {
  const { list, columns, selected, onOpen, empty } = props;
  const { first, rows } = list;
  if (first.data === null) {
    const heads = columns.map(({ label, numeric }) => (numeric ? `>${label}` : label));
    return first.slow ? (
      <div class="log">
        <TableSkeleton columns={heads} rows={12} caption="Calls" />
      </div>
    ) : null;
  }
  if (rows.length === 0) return <>{empty}</>;
  return (
    <div class="log">
      <Table
        caption="Calls, newest first"
        columns={columns}
        rows={rows}
        rowKey={(call) => call.id}
        sort={{ by: "started", descending: true }}
        selected={selected}
        onOpen={onOpen}
        keys={selected === null}
        tall
        dense
        busy={first.loading && first.data === null}
      />
    </div>
  );
}

/** Which calls are listed and count in no figure. */
const UNCOUNTED: Readonly<Record<OrganizationKind, string>> = {
  network: "test calls count in no figure",
  advertiser: "test calls count in no figure",
  publisher: "test calls and calls not booked to you count in no figure",
};

/** How many of the calls are shown: of those that count, unless more are listed than do. */
function shownWords(rows: number, totals: CallTotals | null, kind: OrganizationKind): string {
  if (totals === null) return counted(rows, "call");
  const counting = metric(totals, "calls");
  if (rows <= counting) return `1–${count(rows)} of ${count(counting)}`;
  return `1–${count(rows)}, of which ${count(counting)} count: ${UNCOUNTED[kind]}`;
}

/** How many rows are shown, from when they are, and how many phones ring now. */
function LogFoot(props: { list: CallList; totals: CallTotals | null; kind: OrganizationKind; zone: string }) {
  const { list, totals, kind, zone } = props;
  const { first, rows, moreProblem } = list;
  const busy = rows.filter((call) => phaseOf(call) !== "over").length;
  return (
    <>
      <span class="meta">
        {shownWords(rows.length, totals, kind)}
        {first.as_of !== null && `, as of ${time(first.as_of, zone)}`}
      </span>
      {busy > 0 && <Live beat={busy}>{counted(busy, "call")} in progress</Live>}
      {moreProblem && (
        <span class="wrong" role="alert">
          {moreProblem.message}
        </span>
      )}
    </>
  );
}
