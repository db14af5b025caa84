import { count } from "../../format.ts";
import { Section } from "../../parts/page.tsx";
import { useResource } from "../../query.ts";
import { ROUTES } from "../../routes.ts";
import { loadNeeds } from "./needs.ts";

const EVERY_S = 60;

/** True where the dashboard has a page for this address. */
function leads(href: string): boolean {
  return ROUTES.some(
    ({ path }) => path === href || (path.endsWith("/:id") && href.startsWith(path.slice(0, -3))),
  );
}

/** What waits for a person, on top of the overview; nothing at all when nothing does. */
export function NeedsYou() {
  const found = useResource("needs", (signal) => loadNeeds(signal, Date.now()), { every_s: EVERY_S });
  if (!found.data || found.data.needs.length === 0) return null;
  const { needs, checks } = found.data;
  return (
    <Section id="needs" title="Needs you" aside={`${count(needs.length)} of ${count(checks)} checks`}>
      <ul class="needs">
        {needs.map((need) => (
          <li key={need.id}>
            <span class="when now">Now</span>
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
