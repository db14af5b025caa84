import type { Pool, Site } from "../../../shared/api/inventory.ts";
import type { Whole } from "../../lists.ts";
import type { Names } from "../../names.ts";
import { writeDuration } from "../../parts/form/amounts.ts";
import { dayAndMinute } from "../../parts/manage/when.ts";
import { Section } from "../../parts/page.tsx";
import { Loaded, TableSkeleton } from "../../parts/states.tsx";
import { TableFrame } from "../../parts/table-frame.tsx";
import type { Resource } from "../../query.ts";
import { useMe } from "../../session.ts";
import { hostOf } from "../site/host.ts";

/** What a pool is set to, and which sites draw from it. */
export function Around(props: {
  pool: Pool;
  sites: Resource<Whole<Site>>;
  own: readonly Site[] | null;
  names: Names;
  zone: string;
}) {
  const { pool, sites, own, names, zone } = props;
  const me = useMe();
  return (
    <div class="two sec">
      <Section id="sites" title="Sites that draw from it">
        <Loaded
          of={sites}
          what="The sites"
          zone={zone}
          skeleton={<TableSkeleton caption="Sites" columns={["Site", ">Last page view"]} rows={2} />}
        >
          {() =>
            own === null || own.length === 0 ? (
              <p class="note">
                None. <a href="/sites?do=new">Add a site</a> that draws its numbers from this pool.
              </p>
            ) : (
              <SiteRows sites={own} names={names} zone={zone} />
            )
          }
        </Loaded>
      </Section>
      <Section id="set" title="Set to">
        <dl class="facts">
          <dt>Lease</dt>
          <dd>{writeDuration(pool.lease_ttl_s)}, renewed while the page is open, 4 h at most</dd>
          <dt>Cool-down</dt>
          <dd>{writeDuration(pool.cooldown_s)} before somebody else gets the number</dd>
          <dt>Late calls</dt>
          <dd>joined up to {writeDuration(pool.late_window_s)} after the lease</dd>
          {me.organization.kind === "network" && (
            <>
              <dt>Proves</dt>
              <dd>
                {pool.publisher_id ? (
                  <a href={`/publishers/${pool.publisher_id}`}>{names.of(pool.publisher_id)}</a>
                ) : (
                  "nobody: a call is attributed by its page view"
                )}
              </dd>
            </>
          )}
          <dt>Made</dt>
          <dd>{dayAndMinute(pool.created_at, zone)}</dd>
        </dl>
      </Section>
    </div>
  );
}

function SiteRows({ sites, names, zone }: { sites: readonly Site[]; names: Names; zone: string }) {
  return (
    <TableFrame>
      <table>
        <caption class="vh">Sites of this pool</caption>
        <thead>
          <tr>
            <th scope="col">Site</th>
            <th scope="col" class="c1">
              Publisher
            </th>
            <th scope="col" class="num">
              Last page view
            </th>
          </tr>
        </thead>
        <tbody>
          {sites.map((site) => (
            <tr key={site.id}>
              <th scope="row">
                <a href={`/sites/${site.id}`}>{hostOf(site)}</a>
              </th>
              <td class="c1 soft">{site.publisher_id ? names.of(site.publisher_id) : "own traffic"}</td>
              <td class="num">
                {site.last_page_view_at === null ? (
                  <span class="quiet">never</span>
                ) : (
                  dayAndMinute(site.last_page_view_at, zone)
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
