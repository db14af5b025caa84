import { useState } from "preact/hooks";
import type { Pool, Site, TrackingNumber } from "../../shared/api/inventory.ts";
import type { PoolHealth } from "../../shared/api/pool-health.ts";
import { ask, client } from "../api.ts";
import { useNow } from "../clock.ts";
import { LISTS, useWhole, type Whole } from "../lists.ts";
import { mayManage } from "../may.ts";
import { type Names, useNames } from "../names.ts";
import { type Doing, useDo } from "../parts/form/use-do.ts";
import { RetireLink } from "../parts/manage/retire-link.tsx";
import { Status } from "../parts/manage/status.tsx";
import { Page, Section } from "../parts/page.tsx";
import { Fault, Loaded, TableSkeleton } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { type Resource, useResource } from "../query.ts";
import type { PageProps } from "../routes.ts";
import { useMe } from "../session.ts";
import { useUrl } from "../url-state.ts";
import { AddNumbers } from "./numbers/add-numbers.tsx";
import { ChangeNumber, type NumberChange } from "./numbers/change-number.tsx";
import { useNumberCalls } from "./numbers/use-number-calls.ts";
import { Around } from "./pool/around.tsx";
import { LanesPlot } from "./pool/lanes-plot.tsx";
import { OccupancyPlot } from "./pool/occupancy-plot.tsx";
import { Opening } from "./pool/opening.tsx";
import { PoolFigures } from "./pool/pool-figures.tsx";
import { PoolSettings } from "./pool/pool-forms.tsx";
import { pooledColumns } from "./pool/pooled-columns.tsx";
import { Rack } from "./pool/rack-view.tsx";
import { RetirePool } from "./pool/retire-pool.tsx";
import { PoolSizes } from "./pool/sizes-plot.tsx";

const EVERY_S = 5;
const MEASURED_EVERY_S = 60;

/** Everything a pool's page asks for. */
type Loads = {
  pool: Resource<Pool>;
  health: Resource<PoolHealth>;
  /** The same with what was measured of its last days, which changes slowly. */
  measured: Resource<PoolHealth>;
  numbers: Resource<Whole<TrackingNumber>>;
  sites: Resource<Whole<Site>>;
  names: Names;
};

function useLoads(id: string): Loads {
  return {
    pool: useResource(`pool ${id}`, (signal) => ask(client.pools[":id"].$get, { param: { id } }, signal)),
    health: useResource(
      `health ${id}`,
      (signal) => ask(client.pools[":id"].health.$get, { param: { id }, query: { part: "now" } }, signal),
      { every_s: EVERY_S },
    ),
    measured: useResource(
      `measured ${id}`,
      (signal) => ask(client.pools[":id"].health.$get, { param: { id }, query: {} }, signal),
      { every_s: MEASURED_EVERY_S },
    ),
    numbers: useWhole(LISTS.numbers, { pool_id: id }),
    sites: useWhole(LISTS.sites),
    names: useNames(),
  };
}

/** One pool: whether the next visitor gets a number, who holds which and until when, and what it is used for. */
export default function PoolPage({ params }: PageProps) {
  const id = params.id ?? "";
  const me = useMe();
  const url = useUrl();
  const doing = useDo();
  const loads = useLoads(id);
  const { pool, health, names } = loads;
  const zone =
    names.campaigns.find((one) => one.id === pool.data?.campaign_id)?.timezone ?? me.network.timezone;
  const may = mayManage(me) && pool.data?.retired_at === null;
  const gone = pool.problem?.status === 404;
  const again = () => {
    pool.retry();
    health.retry();
    loads.measured.retry();
    loads.numbers.retry();
  };
  return (
    <Page
      title={pool.data?.name ?? (gone ? "No such pool" : "Pool")}
      crumb={<Crumb pool={pool.data} names={names} />}
      meta={pool.data && <Standing pool={pool.data} health={health.data} />}
      tools={may && <Tools doing={doing} />}
    >
      {gone ? (
        <p class="note">
          It does not exist, or it belongs to somebody else. Go to <a href="/pools">all pools</a>.
        </p>
      ) : (
        <Fault what="The pool" of={pool} zone={zone} />
      )}
      <Fault what="The occupancy" of={health} zone={zone} />
      {pool.data && (
        <>
          <Opening
            pool={pool.data}
            health={health.data}
            measured={loads.measured.data}
            zone={zone}
            may={may}
            doing={doing}
          />
          {doing.what === "settings" && may && (
            <PoolSettings
              pool={pool.data}
              leave={doing.close}
              done={() => {
                doing.close();
                again();
              }}
            />
          )}
          {doing.what === "retire" && may && (
            <RetirePool pool={pool.data} leave={doing.close} done={() => url.go("/pools")} />
          )}
          <PoolBody pool={pool.data} loads={loads} zone={zone} may={may} doing={doing} again={again} />
        </>
      )}
    </Page>
  );
}

function Crumb({ pool, names }: { pool: Pool | null; names: Names }) {
  return (
    <>
      <a href="/pools">Pools</a>
      {pool && (
        <>
          {" / "}
          <a href={`/campaigns/${pool.campaign_id}`}>{names.of(pool.campaign_id)}</a>
        </>
      )}
    </>
  );
}

function Tools({ doing }: { doing: Doing }) {
  return (
    <button
      class="btn"
      type="button"
      aria-pressed={doing.what === "settings"}
      onClick={() => doing.open("settings")}
    >
      Settings
    </button>
  );
}

/** Retired, dry, or nothing to say. */
function Standing({ pool, health }: { pool: Pool; health: PoolHealth | null }) {
  if (pool.retired_at !== null) return <Status glyph="open">Retired</Status>;
  if (health?.free === 0) {
    return (
      <b class="ko">
        <Status glyph="rejected">{health.numbers === 0 ? "Empty" : "Dry"}</Status>
      </b>
    );
  }
  return null;
}

/** The pool in figures and plots: as it stands now, and over its last days. */
function Numbers(props: { pool: Pool; health: PoolHealth; loads: Loads; now: number; zone: string }) {
  const { pool, health, loads, now, zone } = props;
  const measured = loads.measured.data?.measured ?? null;
  const campaign = loads.names.campaigns.find(({ id }) => id === pool.campaign_id);
  return (
    <>
      <PoolFigures pool={pool} health={health} measured={measured} zone={zone} />
      {measured && <OccupancyPlot measured={measured} numbers={health.numbers} zone={zone} />}
      {measured && (
        <PoolSizes measured={measured} numbers={health.numbers} currency={campaign?.currency ?? null} />
      )}
      {health.numbers > 0 && <Rack health={health} now={now} />}
      <LanesPlot health={health} now={now} zone={zone} />
    </>
  );
}

type BodyProps = { pool: Pool; loads: Loads; zone: string; may: boolean; doing: Doing; again: () => void };

function PoolBody({ pool, loads, zone, may, doing, again }: BodyProps) {
  const me = useMe();
  const now = useNow(1_000);
  const { health, numbers, sites, names } = loads;
  const [change, setChange] = useState<NumberChange | null>(null);
  const pools = useWhole(may ? LISTS.pools : null).data?.data ?? [pool];
  const calls = useNumberCalls(zone, { campaign_id: pool.campaign_id });
  const own = sites.data?.data.filter(({ pool_id }) => pool_id === pool.id) ?? null;
  // The pool's clock is the server's: between two answers it moves on with the browser's.
  const at = health.data && health.as_of !== null ? health.data.as_of + Math.max(0, now - health.as_of) : now;
  const done = () => {
    setChange(null);
    if (doing.what !== null) doing.close();
    again();
  };
  const states = new Map(health.data?.states.map((state) => [state.number_id, state]));
  const columns = pooledColumns(
    { kind: me.organization.kind, names, pools, zone, calls, change: may ? setChange : null },
    numbers.data?.data ?? [],
    states,
  );
  return (
    <>
      {doing.what === "add" && may && (
        <AddNumbers pools={pools} names={names} place={pool.id} zone={zone} done={done} leave={doing.close} />
      )}
      {health.data && <Numbers pool={pool} health={health.data} loads={loads} now={at} zone={zone} />}
      <Section id="numbers" title="Every number" aside="calls of the last 28 days">
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
        <Loaded
          of={numbers}
          what="The numbers"
          zone={zone}
          skeleton={
            <TableSkeleton caption="Numbers" columns={["Number", "Now", "Label", ">Calls, 28 days"]} />
          }
        >
          {({ data }) =>
            data.length === 0 ? (
              <p class="note">None yet.</p>
            ) : (
              <Table caption="Numbers of this pool" columns={columns} rows={data} rowKey={({ id }) => id} />
            )
          }
        </Loaded>
      </Section>
      <Around pool={pool} sites={sites} own={own} names={names} zone={zone} />
      {may && <RetireLink what="pool" doing={doing} />}
    </>
  );
}
