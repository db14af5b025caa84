import type { ComponentChildren } from "preact";
import type { Site } from "../../../shared/api/inventory.ts";
import { count, counted, dateTime } from "../../format.ts";
import { Glyph } from "../../parts/glyph.tsx";
import { Section } from "../../parts/page.tsx";
import { metric, useReport } from "../../report.ts";
import { last28 } from "../numbers/use-number-calls.ts";
import { policyOf } from "./snippets.ts";

/** What has been seen of the site, one check after the other, and hints while the first one is still open. */
export function LiveChecks({ site, zone }: { site: Site; zone: string }) {
  const report = useReport({
    metrics: "leases,blocked_sessions,calls",
    site_id: site.id,
    ...last28(Date.now(), zone),
  });
  const totals = report.data?.totals;
  const [leases, blocked, calls] = [
    metric(totals, "leases"),
    metric(totals, "blocked_sessions"),
    metric(totals, "calls"),
  ];
  const last = site.last_page_view_at;
  const days = "in the last 28 days";
  return (
    <Section id="checks" title="From page view to call" aside={days}>
      <ul class="checks">
        <Check done={last !== null} meta={last === null ? "not yet" : dateTime(last, zone)}>
          A page asked for a number
        </Check>
        <Check done={leases > 0} meta={leases > 0 ? counted(leases, "lease") : "not yet"}>
          A number was leased and shown
        </Check>
        <Check done={calls > 0} meta={calls > 0 ? counted(calls, "call") : "not yet"}>
          Somebody rang it
        </Check>
        {blocked > 0 && (
          <Check done={false} meta={count(blocked)}>
            Page views that got no number, because the pool was dry or the visitor was a bot
          </Check>
        )}
        {site.warnings.map((warning) => (
          <Check key={warning} done={false} meta="worth a look">
            {warning}
          </Check>
        ))}
      </ul>
      {last === null && <Hints site={site} />}
    </Section>
  );
}

function Check(props: { done: boolean; meta: ComponentChildren; children: ComponentChildren }) {
  const { done, meta, children } = props;
  return (
    <li>
      <Glyph name={done ? "pass" : "open"} class={done ? "ok" : "quiet"} />
      <span>
        <span class="vh">{done ? "Done: " : "Open: "}</span>
        {children}
      </span>
      <span class="meta">{meta}</span>
    </li>
  );
}

/** What usually stands in the way of the first page view, likeliest first. */
function Hints({ site }: { site: Site }) {
  const policy = policyOf(site.snippet);
  return (
    <div class="hints">
      <h3>If nothing comes</h3>
      <ol>
        <li>
          The address in the browser must begin exactly like one of {site.origins.join(", ")}. With{" "}
          <code>www</code> and without is not the same.
        </li>
        <li>One of the numbers to replace must stand on the page, as text or in a link to call.</li>
        {policy && (
          <li>
            A Content-Security-Policy of the page must allow <code>{policy}</code>.
          </li>
        )}
        <li>Ad blockers may stop it: try without one, and with Global Privacy Control off.</li>
      </ol>
    </div>
  );
}
