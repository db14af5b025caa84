import { displayNumber } from "../../../shared/phone-number.ts";
import { counted, span } from "../../format.ts";
import { LISTS, useWhole } from "../../lists.ts";
import { Section } from "../../parts/page.tsx";
import { hostOf } from "../site/host.ts";

const SHOWN_MAX = 12;

/** What proves a publisher: its own pools, its static numbers, its sites. */
export function Proofs({ publisher_id }: { publisher_id: string }) {
  const pools = useWhole(LISTS.pools).data?.data.filter((pool) => pool.publisher_id === publisher_id) ?? [];
  const sites = useWhole(LISTS.sites, { publisher_id }).data?.data ?? [];
  const numbers = useWhole(LISTS.numbers, { publisher_id }).data?.data ?? [];
  const statics = numbers.filter(({ pool_id }) => pool_id === null);
  const now = Date.now();
  return (
    <Section id="proofs" title="Proven by">
      {pools.length + sites.length + statics.length === 0 && (
        <p class="note">
          Nothing: no call can be proven its own. Give it a static number, a pool of its own, or a site.
        </p>
      )}
      <dl class="facts">
        {pools.length > 0 && (
          <>
            <dt>Own pools</dt>
            <dd>
              {pools.map(({ id, name, numbers: lent }) => (
                <p key={id}>
                  <a href={`/pools/${id}`}>{name}</a>, {counted(lent, "number")}
                </p>
              ))}
            </dd>
          </>
        )}
        {statics.length > 0 && (
          <>
            <dt>Static numbers</dt>
            <dd>
              {statics.slice(0, SHOWN_MAX).map(({ id, e164, label }) => (
                <p key={id}>
                  <a href={`/calls?q=${encodeURIComponent(e164)}`}>{displayNumber(e164)}</a>
                  {label && `, ${label}`}
                </p>
              ))}
              {statics.length > SHOWN_MAX && (
                <p>
                  <a href={`/numbers?publisher_id=${publisher_id}&kind=static`}>All {statics.length}</a>
                </p>
              )}
            </dd>
          </>
        )}
        {sites.length > 0 && (
          <>
            <dt>Sites</dt>
            <dd>
              {sites.map((site) => (
                <p key={site.id}>
                  <a href={`/sites/${site.id}`}>{hostOf(site)}</a>,{" "}
                  {site.last_page_view_at === null
                    ? "never seen"
                    : `seen ${span(now - site.last_page_view_at)} ago`}
                </p>
              ))}
            </dd>
          </>
        )}
      </dl>
    </Section>
  );
}
