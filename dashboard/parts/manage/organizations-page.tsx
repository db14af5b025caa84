import type { Organization } from "../../../shared/api/organizations.ts";
import { LISTS, useWhole } from "../../lists.ts";
import { mayManage } from "../../may.ts";
import { sidesSentence } from "../../pages/publisher/sentence.ts";
import { metric, type Report, useReport } from "../../report.ts";
import { useMe } from "../../session.ts";
import { useUrl } from "../../url-state.ts";
import { useDo } from "../form/use-do.ts";
import { Page } from "../page.tsx";
import { RangePicker } from "../range-picker.tsx";
import { Blank, Fault, Loaded, TableSkeleton } from "../states.tsx";
import { type Column, Table } from "../table.tsx";
import { toast } from "../toast.tsx";
import { listMetrics, moneyColumns, rowsBy } from "./money-columns.tsx";
import { NewOrganization, type SideKind } from "./organization-forms.tsx";
import { useRange } from "./use-range.ts";

const COLUMNS_AHEAD = ["Name", ">Calls", ">Qualified", ">Payout"];
const TITLES = { advertiser: "Advertisers", publisher: "Publishers" } as const;

/** A network's advertisers or publishers, and what their calls were worth in the range. */
export function OrganizationsPage({ kind }: { kind: SideKind }) {
  const me = useMe();
  const url = useUrl();
  const doing = useDo();
  const zone = me.network.timezone;
  const { range, now, words } = useRange(zone);
  const organizations = useWhole(kind === "advertiser" ? LISTS.advertisers : LISTS.publishers);
  const report = useReport({
    group_by: `${kind}_id`,
    metrics: listMetrics("network"),
    timezone: zone,
    from: range.from,
    to: range.to,
  });
  const may = mayManage(me);
  const unproven = metric(rowsBy(report.data, `${kind}_id`).get(""), "calls");
  return (
    <Page
      title={TITLES[kind]}
      meta={words}
      tools={
        <>
          <RangePicker range={range} now={now} />
          {may && doing.what !== "new" && (
            <button class="btn" type="button" onClick={() => doing.open("new")}>
              Add {kind === "advertiser" ? "an advertiser" : "a publisher"}
            </button>
          )}
        </>
      }
    >
      {organizations.data && (
        <p class="lead opening">
          {sidesSentence(kind, organizations.data.data.length, report.data?.totals ?? null, unproven)}
        </p>
      )}
      {may && doing.what === "new" && (
        <NewOrganization
          kind={kind}
          leave={doing.close}
          done={({ id, name }) => {
            toast(`${name} is added.`);
            url.go(`/${kind}s/${id}`);
          }}
        />
      )}
      <Fault what="The figures" of={report} zone={zone} />
      <Loaded
        of={organizations}
        what={`The ${kind}s`}
        zone={zone}
        skeleton={<TableSkeleton caption={TITLES[kind]} columns={COLUMNS_AHEAD} />}
      >
        {({ data }) =>
          data.length === 0 ? (
            <Nobody kind={kind} may={may} />
          ) : (
            <Table
              caption={`${TITLES[kind]}, ${words}`}
              columns={columnsOf(kind, report.data)}
              rows={withUnproven(data, kind, unproven)}
              rowKey={({ id }) => id}
              onOpen={({ id }) => id !== "" && url.go(`/${kind}s/${id}`)}
            />
          )
        }
      </Loaded>
    </Page>
  );
}

function Nobody({ kind, may }: { kind: SideKind; may: boolean }) {
  return <Blank title={`No ${kind}s.`}>{may && <a href={`/${kind}s?do=new`}>Add the first one</a>}</Blank>;
}

/** What a row shows: an organization, or (with no id) the calls that belong to none. */
type Listed = Pick<Organization, "id" | "name" | "alias">;

/** The calls without a proven publisher are a row too, so that the column adds up to its foot. */
function withUnproven(organizations: readonly Listed[], kind: SideKind, calls: number): Listed[] {
  if (calls === 0) return [...organizations];
  return [...organizations, { id: "", name: kind === "publisher" ? "not proven" : "no campaign", alias: "" }];
}

function columnsOf(kind: SideKind, report: Report | null): Column<Listed>[] {
  const rows = rowsBy(report, `${kind}_id`);
  const columns: (Column<Listed> | false)[] = [
    {
      id: "name",
      label: kind === "publisher" ? "Publisher" : "Advertiser",
      cell: ({ id, name }) =>
        id === "" ? <span class="quiet">{name}</span> : <a href={`/${kind}s/${id}`}>{name}</a>,
      ...(report === null ? {} : { total: "All calls" }),
    },
    kind === "publisher" && {
      id: "alias",
      label: "Alias",
      fold: 2,
      words: null,
      class: "soft",
      cell: ({ alias }) => alias,
    },
    ...moneyColumns<Listed>("network", report, ({ id }) => rows.get(id)),
  ];
  return columns.filter((column) => column !== false);
}
