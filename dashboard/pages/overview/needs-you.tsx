import { count, shortDay } from "../../format.ts";
import { mayManage } from "../../may.ts";
import { Section } from "../../parts/page.tsx";
import { Fault } from "../../parts/states.tsx";
import { useResource } from "../../query.ts";
import { pageAt } from "../../routes.ts";
import { useMe } from "../../session.ts";
import { dayOf } from "../../zone.ts";
import { loadNeeds } from "./needs.ts";

const EVERY_S = 60;

/** True where the dashboard has a page for this address. */
function leads(href: string): boolean {
  return pageAt(href.replace(/\?.*/, "")) !== undefined;
}

/** What waits for a person, on top of the overview; nothing at all when nothing does. Says when it could not look. */
export function NeedsYou() {
  const me = useMe();
  const manages = mayManage(me);
  const zone = me.network.timezone;
  const found = useResource(`needs ${manages}`, (signal) => loadNeeds(signal, Date.now(), manages), {
    every_s: EVERY_S,
  });
  if (found.problem === null && (found.data?.needs.length ?? 0) === 0) return null;
  const { needs, checks } = found.data ?? { needs: [], checks: 0 };
  return (
    <Section
      id="needs"
      title="Needs you"
      aside={found.data && `${count(needs.length)} of ${count(checks)} checks`}
    >
      <Fault what="What needs you" of={found} zone={zone} />
      <ul class="needs">
        {needs.map((need) => (
          <li key={need.id}>
            {need.since === undefined ? (
              <span class="when now">Now</span>
            ) : (
              <span class="when since">{shortDay(dayOf(need.since, zone))}</span>
            )}
            <p>
              <b>{need.what}</b> {need.means}
            </p>
            <span class="effect">{need.effect}</span>
            {leads(need.href) ? <a href={need.href}>{need.act}</a> : <span />}
          </li>
        ))}
      </ul>
    </Section>
  );
}
