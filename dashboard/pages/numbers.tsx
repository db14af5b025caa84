import { useState } from "preact/hooks";
import type { Pool, TrackingNumber } from "../../shared/api/inventory.ts";
import { LISTS, useWhole, type Whole } from "../lists.ts";
import { mayManage } from "../may.ts";
import { choicesOf, type Names, useNames } from "../names.ts";
import { FilterBar, type FilterField, readFilters } from "../parts/filters.tsx";
import { type Doing, useDo } from "../parts/form/use-do.ts";
import { Page } from "../parts/page.tsx";
import { Blank, Loaded, TableSkeleton } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { useMe } from "../session.ts";
import { useUrl } from "../url-state.ts";
import { AddNumbers } from "./numbers/add-numbers.tsx";
import { BuyNumbers } from "./numbers/buy-numbers.tsx";
import { ChangeNumber, type NumberChange } from "./numbers/change-number.tsx";
import { STATIC } from "./numbers/drafts.ts";
import { ImportNumbers } from "./numbers/import-numbers.tsx";
import { numberColumns } from "./numbers/number-columns.tsx";
import { numbersSentence } from "./numbers/sentence.ts";
import { Strays } from "./numbers/strays.tsx";
import { useNumberCalls } from "./numbers/use-number-calls.ts";

const KINDS = [
  { value: "static", label: "static" },
  { value: "pooled", label: "lent in a pool" },
];

function fieldsOf(names: Names, pools: readonly Pool[]): FilterField[] {
  return [
    { name: "kind", label: "number", options: KINDS },
    ...(names.campaigns.length > 1
      ? [{ name: "campaign_id", label: "campaign", options: choicesOf(names.campaigns) }]
      : []),
    ...(pools.length > 0 ? [{ name: "pool_id", label: "pool", options: choicesOf(pools) }] : []),
    ...(names.publishers.length > 0
      ? [{ name: "publisher_id", label: "publisher", options: choicesOf(names.publishers) }]
      : []),
  ];
}

/** True when the number is of the kind that the URL asks for; any kind when it asks for none. */
function isOfKind({ pool_id }: TrackingNumber, kind: string | null): boolean {
  return kind === null || (kind === "static") === (pool_id === null);
}

const SKELETON = (
  <TableSkeleton caption="Numbers" columns={["Number", "Serves", "Proves", "Label", ">Calls, 28 days"]} />
);

/** Every number the viewer may see: where it serves, whom it proves, what it is called, and how often it rang. */
export default function NumbersPage() {
  const me = useMe();
  const url = useUrl();
  const doing = useDo();
  const names = useNames();
  const zone = me.network.timezone;
  const { kind: role } = me.organization;
  const pools = useWhole(role === "advertiser" ? null : LISTS.pools).data?.data ?? [];
  const fields = fieldsOf(names, pools);
  const { kind, ...filters } = readFilters(url.params, fields);
  const numbers = useWhole(LISTS.numbers, filters, { keep: true });
  const calls = useNumberCalls(zone);
  const [change, setChange] = useState<NumberChange | null>(null);
  const may = mayManage(me);
  const done = () => {
    setChange(null);
    if (doing.what !== null) doing.close();
    numbers.retry();
  };
  const shown = numbers.data?.data.filter((number) => isOfKind(number, kind ?? null)) ?? [];
  const isFiltered = fields.some(({ name }) => url.params.get(name) !== null);
  const cells = { kind: role, names, pools, zone, calls, change: may ? setChange : null };
  const columns = numberColumns(cells, shown);
  return (
    <Page title="Numbers" tools={may && <Tools doing={doing} />}>
      {numbers.data && (shown.length > 0 || !isFiltered) && (
        <p class="lead opening">{numbersSentence(shown)}</p>
      )}
      {may && doing.what === "add" && (
        <AddNumbers pools={pools} names={names} place={STATIC} zone={zone} done={done} leave={doing.close} />
      )}
      {may && doing.what === "import" && (
        <ImportNumbers pools={pools} names={names} done={done} leave={doing.close} />
      )}
      {may && doing.what === "buy" && (
        <BuyNumbers pools={pools} names={names} zone={zone} done={done} leave={doing.close} />
      )}
      {change && (
        <ChangeNumber
          key={`${change.what} ${change.number.id}`}
          change={change}
          pools={pools}
          names={names}
          done={done}
          leave={() => setChange(null)}
        />
      )}
      <FilterBar fields={fields} />
      <Loaded of={numbers} what="The numbers" zone={zone} skeleton={SKELETON}>
        {(all) =>
          shown.length === 0 ? (
            <NoNumbers filtered={isFiltered} may={may} />
          ) : (
            <>
              <Table caption="Numbers" columns={columns} rows={shown} rowKey={({ id }) => id} />
              <More of={all} />
            </>
          )
        }
      </Loaded>
      {role === "network" && <Strays names={names} zone={zone} />}
    </Page>
  );
}

/** What there is to do, but for what is being done. */
function Tools({ doing }: { doing: Doing }) {
  return (
    <>
      {doing.what !== "import" && (
        <button class="btn" type="button" onClick={() => doing.open("import")}>
          Import
        </button>
      )}
      {doing.what !== "buy" && (
        <button class="btn" type="button" onClick={() => doing.open("buy")}>
          Buy
        </button>
      )}
      {doing.what !== "add" && (
        <button class="btn main" type="button" onClick={() => doing.open("add")}>
          Add numbers
        </button>
      )}
    </>
  );
}

function NoNumbers({ filtered, may }: { filtered: boolean; may: boolean }) {
  if (filtered) {
    return (
      <Blank title="No number matches.">
        <a href="/numbers">Show all numbers</a>.
      </Blank>
    );
  }
  return (
    <Blank title="No numbers.">
      {may ? (
        <>
          A pool lends numbers to visitors; a static number stands on a printout or proves a publisher.{" "}
          <a href="/numbers?do=add">Add the first ones</a>.
        </>
      ) : (
        "None of the network's numbers are yours or your campaigns'."
      )}
    </Blank>
  );
}

function More({ of }: { of: Whole<TrackingNumber> }) {
  return of.more ? (
    <p class="note foot-note">These are the first 1,000. Filter by pool or publisher to see others.</p>
  ) : null;
}
