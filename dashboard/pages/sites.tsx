import type { Pool, Site } from "../../shared/api/inventory.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { displayNumber } from "../../shared/phone-number.ts";
import { useNow } from "../clock.ts";
import { count, NOTHING, time } from "../format.ts";
import { LISTS, useWhole } from "../lists.ts";
import { mayManage } from "../may.ts";
import { type Names, useNames } from "../names.ts";
import { useDo } from "../parts/form/use-do.ts";
import { Status } from "../parts/manage/status.tsx";
import { Page } from "../parts/page.tsx";
import { Blank, Loaded, TableSkeleton } from "../parts/states.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { toast } from "../parts/toast.tsx";
import { useMe } from "../session.ts";
import { useUrl } from "../url-state.ts";
import { hostOf } from "./site/host.ts";
import { ago, pulseOf, sitesSentence } from "./site/sentence.ts";
import { NewSite } from "./site/site-forms.tsx";

const EVERY_S = 15;

/** Every site the viewer may see, when a page of it last asked for a number, and what is not as it could be. */
export default function SitesPage() {
  const me = useMe();
  const url = useUrl();
  const doing = useDo();
  const names = useNames();
  const now = useNow(1_000);
  const { kind } = me.organization;
  const zone = me.network.timezone;
  const sites = useWhole(LISTS.sites, {}, { every_s: EVERY_S });
  const pools = useWhole(kind === "network" ? LISTS.pools : null).data?.data ?? [];
  const may = mayManage(me);
  return (
    <Page
      title="Sites"
      meta={sites.as_of !== null && `as of ${time(sites.as_of, zone)}`}
      tools={
        may &&
        doing.what !== "new" && (
          <button class="btn" type="button" onClick={() => doing.open("new")}>
            Add a site
          </button>
        )
      }
    >
      {sites.data && <p class="lead opening">{sitesSentence(sites.data.data, now)}</p>}
      {may && doing.what === "new" && names.campaigns.length > 0 && (
        <NewSite
          pools={pools}
          names={names}
          leave={doing.close}
          done={(site) => {
            toast(`${hostOf(site)} is added. Now its pages need the tag.`);
            url.go(`/sites/${site.id}`);
          }}
        />
      )}
      <Loaded
        of={sites}
        what="The sites"
        zone={zone}
        skeleton={
          <TableSkeleton caption="Sites" columns={["Site", "Publisher", "Replaces", ">Last page view"]} />
        }
      >
        {({ data }) =>
          data.length === 0 ? (
            <Blank title="No sites.">
              {may ? (
                <a href="/sites?do=new">Add the first one</a>
              ) : (
                "The network has set up no site of yours."
              )}
            </Blank>
          ) : (
            <Table
              caption="Sites"
              columns={columnsOf(kind, names, pools, now)}
              rows={data}
              rowKey={({ id }) => id}
              onOpen={({ id }) => url.go(`/sites/${id}`)}
            />
          )
        }
      </Loaded>
    </Page>
  );
}

const quiet = (text: string) => <span class="quiet">{text}</span>;

function columnsOf(
  kind: OrganizationKind,
  names: Names,
  pools: readonly Pool[],
  now: number,
): Column<Site>[] {
  const poolName = (id: string) => pools.find((pool) => pool.id === id)?.name ?? id;
  const columns: (Column<Site> | false)[] = [
    {
      id: "host",
      label: "Site",
      class: "clip",
      cell: (site) => <a href={`/sites/${site.id}`}>{hostOf(site)}</a>,
    },
    kind === "network" && {
      id: "publisher",
      label: "Publisher",
      fold: 2,
      class: "clip",
      cell: ({ publisher_id }) =>
        publisher_id ? (
          <a href={`/publishers/${publisher_id}`}>{names.of(publisher_id)}</a>
        ) : (
          quiet("own pages")
        ),
    },
    kind === "network" && {
      id: "pool",
      label: "Draws from",
      fold: 3,
      words: null,
      class: "clip",
      cell: ({ pool_id }) => <a href={`/pools/${pool_id}`}>{poolName(pool_id)}</a>,
    },
    {
      id: "swaps",
      label: "Replaces",
      fold: 2,
      words: null,
      class: "soft clip",
      cell: ({ swap_numbers }) => swap_numbers.map(displayNumber).join(", "),
    },
    {
      id: "warnings",
      label: "Worth a look",
      numeric: true,
      fold: 1,
      words: ({ warnings }) => (warnings.length > 0 ? `${count(warnings.length)} worth a look` : null),
      cell: ({ warnings }) => (warnings.length > 0 ? count(warnings.length) : quiet(NOTHING)),
    },
    {
      id: "seen",
      label: "Last page view",
      numeric: true,
      cell: (site) => {
        if (site.last_page_view_at === null) return <Status glyph="open">never</Status>;
        const said = ago(site.last_page_view_at, now);
        return pulseOf(site, now) === "silent" ? <b class="ko">{said}</b> : said;
      },
    },
  ];
  return columns.filter((column) => column !== false);
}
