import type { Dispute } from "../../shared/api/disputes.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { useNow } from "../clock.ts";
import { counted, money, moneyIn, NOTHING, time, zoneName } from "../format.ts";
import { LISTS, loadWhole, useWhole, type Whole } from "../lists.ts";
import { choicesOf, type Names, useNames } from "../names.ts";
import { disputeWords, mayDispute, reasonWords } from "../parts/call/dispute-words.ts";
import { CsvLink } from "../parts/csv.tsx";
import { FilterBar, type FilterField, readFilters } from "../parts/filters.tsx";
import { NothingFound } from "../parts/nothing-found.tsx";
import { Page } from "../parts/page.tsx";
import { Blank, Loaded, TableSkeleton } from "../parts/states.tsx";
import { type Column, readSort, type Sort, sortRows, Table, writeSort } from "../parts/table.tsx";
import { Tabs } from "../parts/tabs.tsx";
import type { Resource } from "../query.ts";
import { useMe } from "../session.ts";
import { type UrlState, useUrl } from "../url-state.ts";
import { startedWords } from "./calls-time.ts";
import {
  disputesSentence,
  oneCurrency,
  openerName,
  payoutAtStake,
  readState,
  revenueAtStake,
  STATES,
  type State,
  standsWords,
} from "./disputes/words.ts";

const EVERY_S = 60;
const MINUTE_MS = 60_000;
const PANEL = "disputes";
const SORTABLE = ["since", "revenue", "payout"];

type DisputeField = "campaign_id" | "side";

const SIDES = [
  { value: "revenue", label: "what the advertiser owes" },
  { value: "payout", label: "the payout" },
];

function fieldsOf(kind: OrganizationKind, names: Names): FilterField<DisputeField>[] {
  const campaigns = { name: "campaign_id" as const, label: "campaign", options: choicesOf(names.campaigns) };
  // An advertiser knows of no payouts.
  return kind === "advertiser" ? [campaigns] : [campaigns, { name: "side", label: "about", options: SIDES }];
}

/**
 * What is disputed and what was decided of it: for the network all that waits for its decision, oldest first; for
 * each side what concerns its own money. A row leads to its call, where the evidence is and the decision is made.
 */
export default function DisputesPage() {
  const url = useUrl();
  const me = useMe();
  const names = useNames();
  const now = useNow(MINUTE_MS);
  const { kind } = me.organization;
  const zone = me.network.timezone;
  const state = readState(url.params.get("status"));
  const fields = fieldsOf(kind, names);
  const filters = readFilters(url.params, fields);
  const query = { ...(state !== "all" && { status: state }), ...filters };
  const disputes = useWhole(LISTS.disputes, query, { every_s: EVERY_S });
  const decides = kind === "network" && mayDispute(me);
  const list = { disputes, zone, now, names, kind, decides, state };
  return (
    <Page
      title="Disputes"
      meta={zoneName(zone)}
      tools={<CsvLink path="/disputes" query={query} says="Export CSV of these disputes" />}
    >
      {disputes.data && disputes.data.data.length > 0 && (
        <p class="lead opening">{disputesSentence(kind, disputes.data.data, now, disputes.data.more)}</p>
      )}
      <FilterBar fields={fields} />
      <div class="log">
        <Tabs
          tabs={STATES}
          selected={state}
          onSelect={(id) => url.filter({ status: id === "open" ? null : id, sort: null })}
          label="Which disputes"
          controls={PANEL}
        />
      </div>
      <div id={PANEL} role="tabpanel" aria-label={STATES.find(({ id }) => id === state)?.label}>
        <Loaded
          of={disputes}
          what="The disputes"
          zone={zone}
          skeleton={
            <TableSkeleton caption="Disputes" columns={["Call", "Dispute", "Stands", ">At stake"]} rows={4} />
          }
        >
          {(data) =>
            data.data.length > 0 ? (
              <DisputeList {...list} whole={data} url={url} />
            ) : Object.keys(filters).length > 0 ? (
              <NothingFound
                what="dispute"
                fields={fields}
                filters={filters}
                count={(rest) => countDisputes(rest, state)}
              />
            ) : (
              <NoDisputes state={state} kind={kind} url={url} />
            )
          }
        </Loaded>
      </div>
    </Page>
  );
}

/** As many as are read at once. */
async function countDisputes(filters: Record<string, string>, state: State): Promise<number> {
  const query = { ...(state !== "all" && { status: state }), ...filters };
  return (await loadWhole(LISTS.disputes, query, new AbortController().signal)).data.length;
}

const ABOUT: Readonly<Record<OrganizationKind, string>> = {
  network: "Either side, or you, can dispute a call at the end of its page;",
  advertiser: "You can dispute what you owe for a call at the end of its page;",
  publisher: "You can claim the payout of a call that was yours at the end of its page;",
};

function NoDisputes({ state, kind, url }: { state: State; kind: OrganizationKind; url: UrlState }) {
  const titles = {
    open: kind === "network" ? "No dispute waits for a decision." : "Nothing of yours is disputed.",
    decided: "No dispute was decided yet.",
    all: "Nothing was ever disputed.",
  };
  return (
    <Blank title={titles[state]}>
      {ABOUT[kind]} find it in the <a href="/calls">call log</a>.{" "}
      {state === "open" && <a href={url.filterHref({ status: "decided" })}>Show those decided</a>}
    </Blank>
  );
}

type Listed = {
  disputes: Resource<Whole<Dispute>>;
  zone: string;
  now: number;
  names: Names;
  kind: OrganizationKind;
  decides: boolean;
  state: State;
};

const valueIn = (dispute: Dispute, by: string): number | null => {
  if (by === "revenue") return revenueAtStake(dispute);
  if (by === "payout") return payoutAtStake(dispute);
  return dispute.decided_at ?? dispute.opened_at;
};

/** The call's page, with the dispute in sight and, for who decides, its form open. */
const hrefOf = ({ call_id, id }: Dispute): string => `/calls/${call_id}?do=${id}`;

function DisputeList(props: Listed & { whole: Whole<Dispute>; url: UrlState }) {
  const { whole, url, disputes, zone, state } = props;
  // What waits longest comes first; of what is decided the newest.
  const usual: Sort = { by: "since", descending: state !== "open" };
  const sort = readSort(url.params.get("sort"), SORTABLE, usual);
  return (
    <>
      <Table
        caption={`Disputes, amounts at stake${unitOf(whole.data)}`}
        columns={columnsOf(props, whole.data)}
        rows={sortRows(whole.data, sort, valueIn)}
        rowKey={({ id }) => id}
        sort={sort}
        onSort={(next) => url.set({ sort: writeSort(next) }, { replace: true })}
        onOpen={(dispute) => url.go(hrefOf(dispute))}
      />
      <div class="pager">
        <span class="meta">
          {whole.more
            ? `The newest ${counted(whole.data.length, "dispute")}; the export has all`
            : counted(whole.data.length, "dispute")}
          {disputes.as_of !== null && `, as of ${time(disputes.as_of, zone)}`}
        </span>
      </div>
    </>
  );
}

function unitOf(disputes: readonly Dispute[]): string {
  const currency = oneCurrency(disputes);
  return currency === null ? "" : ` in ${currency}`;
}

const quiet = (text: string) => <span class="quiet">{text}</span>;

function columnsOf(list: Listed, rows: readonly Dispute[]): Column<Dispute>[] {
  const { kind, names, now, zone, decides } = list;
  const currency = oneCurrency(rows);
  const stands = (dispute: Dispute) => standsWords(dispute, now, zone);
  const campaign = ({ campaign_id }: Dispute) => (campaign_id === null ? null : names.of(campaign_id));
  const amount = (of: (dispute: Dispute) => number | null) => (dispute: Dispute) => {
    const micros = of(dispute);
    if (micros === null) return quiet(NOTHING);
    return currency === null ? moneyIn(micros, dispute.currency) : money(micros);
  };
  const figures = { numeric: true, sortable: true, ...(currency !== null && { unit: currency }) };
  const columns: (Column<Dispute> | false)[] = [
    {
      id: "call",
      label: "Call",
      cell: (dispute) => (
        <a class="nowrap" href={hrefOf(dispute)}>
          {startedWords(dispute.call_started_at, now, zone)}
        </a>
      ),
    },
    {
      id: "dispute",
      label: "Dispute",
      fold: 1,
      cell: (dispute) => <Said dispute={dispute} names={names} />,
    },
    {
      id: "campaign",
      label: "Campaign",
      fold: 3,
      class: "soft",
      cell: (dispute) => campaign(dispute) ?? quiet(NOTHING),
      words: campaign,
    },
    { id: "since", label: "Stands", sortable: true, fold: 2, cell: stands },
    kind !== "publisher" && { ...figures, id: "revenue", label: "Revenue", cell: amount(revenueAtStake) },
    kind !== "advertiser" && { ...figures, id: "payout", label: "Payout", cell: amount(payoutAtStake) },
    decides && {
      id: "act",
      label: "Decide",
      class: "acts-cell",
      fold: 2,
      words: null,
      cell: (dispute) => dispute.status === "open" && <a href={hrefOf(dispute)}>Decide…</a>,
    },
  ];
  return columns.filter((column) => column !== false);
}

/** Who says what, and in whose words. */
function Said({ dispute, names }: { dispute: Dispute; names: Names }) {
  return (
    <span class="stated">
      {disputeWords(dispute, openerName(dispute, names.of))}
      <small title={dispute.detail}>
        {reasonWords(dispute.reason)}: {dispute.detail}
      </small>
    </span>
  );
}
