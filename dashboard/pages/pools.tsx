import type { Pool } from "../../shared/api/inventory.ts";
import type { PoolHealth } from "../../shared/api/pool-health.ts";
import { count, NOTHING, time } from "../format.ts";
import { LISTS, useWhole } from "../lists.ts";
import { mayManage } from "../may.ts";
import { type Names, useNames } from "../names.ts";
import { writeDuration } from "../parts/form/amounts.ts";
import { useDo } from "../parts/form/use-do.ts";
import { Page } from "../parts/page.tsx";
import { Blank, Fault, Loaded, TableSkeleton } from "../parts/states.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { toast } from "../parts/toast.tsx";
import { loadPoolsNow } from "../pools-now.ts";
import { type Resource, useResource } from "../query.ts";
import { useMe } from "../session.ts";
import { useUrl } from "../url-state.ts";
import { OccupancyStrip } from "./pool/occupancy-strip.tsx";
import { NewPool } from "./pool/pool-forms.tsx";
import { poolsSentence } from "./pool/sentence.ts";

const EVERY_S = 15;

type Healths = ReadonlyMap<string, PoolHealth>;

/** Asks every pool how it stands, again every 15 s while somebody looks. */
function useHealths(pools: readonly Pool[]): Resource<Healths> {
  const ids = pools.map(({ id }) => id);
  return useResource(
    ids.length === 0 ? null : `healths ${ids.join(" ")}`,
    (signal) => loadPoolsNow(ids, signal),
    { every_s: EVERY_S },
  );
}

/** Every pool, how much of it is taken now, and whether the next visitor gets a number. */
export default function PoolsPage() {
  const me = useMe();
  const url = useUrl();
  const doing = useDo();
  const names = useNames();
  const zone = me.network.timezone;
  const pools = useWhole(LISTS.pools);
  const rows = pools.data?.data ?? [];
  const healths = useHealths(rows);
  const may = mayManage(me);
  const known = rows.map(({ id }) => healths.data?.get(id) ?? null);
  return (
    <Page
      title="Pools"
      meta={healths.as_of !== null && `as of ${time(healths.as_of, zone)}`}
      tools={
        may &&
        doing.what !== "new" && (
          <button class="btn" type="button" onClick={() => doing.open("new")}>
            Make a pool
          </button>
        )
      }
    >
      {pools.data && <p class="lead opening">{poolsSentence(rows, known)}</p>}
      {may && doing.what === "new" && (
        <NewPool
          names={names}
          leave={doing.close}
          done={(pool) => {
            toast(`Pool “${pool.name}” is made. It needs numbers.`);
            url.go(`/pools/${pool.id}?do=add`);
          }}
        />
      )}
      <Fault what="The occupancy" of={healths} zone={zone} />
      <Loaded
        of={pools}
        what="The pools"
        zone={zone}
        skeleton={
          <TableSkeleton caption="Pools" columns={["Pool", "Campaign", "Taken now", ">Free", ">Numbers"]} />
        }
      >
        {() =>
          rows.length === 0 ? (
            <Blank title="No pools.">
              {may ? (
                <a href="/pools?do=new">Make the first one</a>
              ) : (
                "The network lends you no numbers of your own."
              )}
            </Blank>
          ) : (
            <Table
              caption="Pools"
              columns={columnsOf(me.organization.kind === "network", names, healths.data)}
              rows={rows}
              rowKey={({ id }) => id}
              onOpen={({ id }) => url.go(`/pools/${id}`)}
            />
          )
        }
      </Loaded>
    </Page>
  );
}

const quiet = (text: string) => <span class="quiet">{text}</span>;

function columnsOf(isNetwork: boolean, names: Names, healths: Healths | null): Column<Pool>[] {
  const health = ({ id }: Pool) => healths?.get(id) ?? null;
  const columns: (Column<Pool> | false)[] = [
    { id: "name", label: "Pool", cell: ({ id, name }) => <a href={`/pools/${id}`}>{name}</a> },
    {
      id: "campaign",
      label: "Campaign",
      fold: 2,
      class: "soft clip",
      cell: ({ campaign_id }) => names.of(campaign_id),
    },
    isNetwork && {
      id: "publisher",
      label: "Whose",
      fold: 2,
      words: null,
      class: "clip",
      cell: ({ publisher_id }) =>
        publisher_id ? <a href={`/publishers/${publisher_id}`}>{names.of(publisher_id)}</a> : quiet("shared"),
    },
    {
      id: "taken",
      label: "Taken now",
      fold: 1,
      words: (pool) => {
        const state = health(pool);
        return state ? `${count(state.leased)} leased, ${count(state.cooling)} cooling` : null;
      },
      cell: (pool) => {
        const state = health(pool);
        return state ? <OccupancyStrip health={state} /> : quiet(NOTHING);
      },
    },
    {
      id: "free",
      label: "Free",
      numeric: true,
      cell: (pool) => {
        const state = health(pool);
        if (!state) return quiet(NOTHING);
        return state.free === 0 ? (
          <b class="ko">{state.numbers === 0 ? "none" : "dry"}</b>
        ) : (
          count(state.free)
        );
      },
    },
    { id: "numbers", label: "Numbers", numeric: true, cell: ({ numbers }) => count(numbers) },
    {
      id: "lease",
      label: "Lease",
      numeric: true,
      fold: 3,
      words: null,
      class: "soft",
      cell: ({ lease_ttl_s }) => writeDuration(lease_ttl_s),
    },
    {
      id: "cooldown",
      label: "Cool-down",
      numeric: true,
      fold: 3,
      words: null,
      class: "soft",
      cell: ({ cooldown_s }) => writeDuration(cooldown_s),
    },
  ];
  return columns.filter((column) => column !== false);
}
