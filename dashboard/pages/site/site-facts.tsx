import type { Site } from "../../../shared/api/inventory.ts";
import { displayNumber } from "../../../shared/phone-number.ts";
import { ask, client } from "../../api.ts";
import type { Names } from "../../names.ts";
import { dayAndMinute } from "../../parts/manage/when.ts";
import { Section } from "../../parts/page.tsx";
import { useResource } from "../../query.ts";
import { useMe } from "../../session.ts";

/** What a site is set to. */
export function SiteFacts({ site, names, zone }: { site: Site; names: Names; zone: string }) {
  const me = useMe();
  const isNetwork = me.organization.kind === "network";
  const pool = useResource(isNetwork ? `pool ${site.pool_id}` : null, (signal) =>
    ask(client.pools[":id"].$get, { param: { id: site.pool_id } }, signal),
  );
  return (
    <Section id="set" title="Set to">
      <dl class="facts">
        <dt>Addresses</dt>
        <dd>
          {site.origins.map((origin) => (
            <p key={origin}>{origin}</p>
          ))}
        </dd>
        <dt>Replaces</dt>
        <dd>{site.swap_numbers.map(displayNumber).join(", ")}</dd>
        {isNetwork && (
          <>
            <dt>Draws from</dt>
            <dd>
              <a href={`/pools/${site.pool_id}`}>{pool.data?.name ?? "its pool"}</a>
            </dd>
            <dt>Publisher</dt>
            <dd>
              {site.publisher_id ? (
                <a href={`/publishers/${site.publisher_id}`}>{names.of(site.publisher_id)}</a>
              ) : (
                "none: the advertiser's own pages"
              )}
            </dd>
          </>
        )}
        <dt>Privacy Control</dt>
        <dd>
          {site.gpc === "cookieless" ? "a number is lent, nobody remembered" : "a static number is shown"}
        </dd>
        <dt>Key</dt>
        <dd class="mono">{site.key}</dd>
        <dt>Added</dt>
        <dd>{dayAndMinute(site.created_at, zone)}</dd>
      </dl>
    </Section>
  );
}
