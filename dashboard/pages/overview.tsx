import { METHODS, type Method } from "../../shared/api/calls.ts";
import { ask, client } from "../api.ts";
import { count, dayRange, time, zoneName } from "../format.ts";
import lazy from "../parts/fetched.tsx";
import { FilterBar } from "../parts/filters.tsx";
import { Live } from "../parts/live.tsx";
import { NothingFound } from "../parts/nothing-found.tsx";
import { Page, Section } from "../parts/page.tsx";
import { RangePicker } from "../parts/range-picker.tsx";
import { Fault, Skeleton } from "../parts/states.tsx";
import { Funnel } from "../plots/funnel.tsx";
import { MethodBar } from "../plots/method-bar.tsx";
import { useResource } from "../query.ts";
import type { Range } from "../range.ts";
import { loadReport, metric, type ReportQuery, useReport } from "../report.ts";
import { useMe } from "../session.ts";
import { Groups } from "./overview/groups.tsx";
import { leadSentence } from "./overview/lead.ts";
import { NeedsYou } from "./overview/needs-you.tsx";
import { PlottedFigures } from "./overview/plotted.tsx";
import { stagesOf } from "./overview/stages.ts";
import { useView, type View } from "./overview/view.ts";

const FirstSteps = lazy(() => import("./first-steps.tsx"));

const RINGING_EVERY_S = 5;
const RINGING_MAX = 50;

/**
 * What happens and what it is worth: the page every sign-in begins with. A network that never had a call is led
 * by its first steps instead; only where the period shows none is that asked.
 */
export default function Overview() {
  const view = useView();
  const isNew = useIsNew(view);
  if (isNew === true) return <FirstSteps />;
  const { kind, fields, zone, now, range, before, compares } = view;
  const days = range.first === null ? range.label : dayRange(range.first, range.last);
  return (
    <Page
      title="Overview"
      meta={`${days}, ${zoneName(zone)}`}
      tools={
        <>
          <Ringing zone={zone} />
          <RangePicker range={range} now={now} before={before} compares={compares} />
        </>
      }
    >
      {isNew === false && (
        <>
          <Lead view={view} />
          <FilterBar fields={fields} />
          {kind === "network" && <NeedsYou />}
          <Body view={view} />
        </>
      )}
    </Page>
  );
}

/** Whether this network never had a call; null until that is known. Others are never new. */
function useIsNew({ kind, figures }: View): boolean | null {
  const me = useMe();
  const none = figures.data !== null && metric(figures.data.report.totals, "calls") === 0;
  const asks = kind === "network" && none;
  const ever = useResource(asks ? `ever a call ${me.organization.id}` : null, (signal) =>
    ask(client.calls.$get, { query: { limit: 1 } }, signal),
  );
  if (!asks || ever.problem) return false;
  return ever.data && ever.data.data.length === 0;
}

function Body({ view }: { view: View }) {
  const { kind, names, fields, filters, zone, now, range, query, figures } = view;
  const { data } = figures;
  if (data === null) return figures.slow ? <FiguresSkeleton /> : null;
  const { report } = data;
  if (metric(report.totals, "calls") === 0 && Object.keys(filters).length > 0) {
    const count = (rest: Record<string, string>) => countCalls(rest, range, zone);
    return <NothingFound what="call" fields={fields} filters={filters} count={count} />;
  }
  return (
    <>
      <Section id="figures" title="Figures of the period" hidden>
        <PlottedFigures {...data} kind={kind} now={now} currency={report.currency} />
      </Section>
      <Section id="flow" title="The trail, all of it" aside="The line is as wide as the count.">
        <Funnel stages={stagesOf(kind, report.totals)} />
      </Section>
      <Groups kind={kind} query={query} names={names} currency={report.currency} zone={zone} />
      <Methods query={query} />
    </>
  );
}

async function countCalls(filters: Record<string, string>, range: Range, timezone: string): Promise<number> {
  const query = { metrics: "calls", ...filters, from: range.from, to: range.to, timezone };
  return metric((await loadReport(query)).totals, "calls");
}

function Lead({ view: { kind, zone, figures } }: { view: View }) {
  const { data } = figures;
  const compared =
    data?.before && data.earlier
      ? { calls: metric(data.earlier.totals, "calls"), label: data.before.label }
      : null;
  return (
    <>
      <Fault what="The figures" of={figures} zone={zone} />
      {data ? (
        <p class="lead opening">{leadSentence(kind, data.report.totals, data.report.currency, compared)}</p>
      ) : (
        figures.slow && (
          <p class="lead opening">
            <Skeleton width="36rem" />
          </p>
        )
      )}
    </>
  );
}

/** How many phones ring now, asked every five seconds while the page is looked at. */
function Ringing({ zone }: { zone: string }) {
  const ringing = useResource(
    "ringing",
    (signal) => ask(client.calls.$get, { query: { status: "ringing", limit: RINGING_MAX } }, signal),
    { every_s: RINGING_EVERY_S },
  );
  if (!ringing.data || ringing.as_of === null) return null;
  const number = ringing.data.data.length;
  const said = number === 0 ? "None" : number < RINGING_MAX ? count(number) : `${RINGING_MAX} or more`;
  return (
    <Live beat={number} href="/calls?status=ringing">
      {said} ringing, as of {time(ringing.as_of, zone)}
    </Live>
  );
}

function Methods({ query }: { query: ReportQuery }) {
  const report = useReport({ ...query, metrics: "calls", group_by: "attribution" });
  if (!report.data) return null;
  const calls: Record<Method, number> = { lease: 0, late_lease: 0, static_number: 0, none: 0 };
  for (const row of report.data.data) {
    const method = METHODS.find((one) => one === row.attribution);
    if (method) calls[method] += metric(row, "calls");
  }
  return (
    <Section id="methods" title="How calls were attributed" aside="Solid is a fact, outlined is inferred.">
      <MethodBar calls={calls} />
    </Section>
  );
}

/** A week of bars that come to nothing. */
const BARS = ["38%", "64%", "92%", "80%", "71%", "84%", "46%"];

/** The page's own shape while nothing is known yet. */
function FiguresSkeleton() {
  return (
    <section aria-busy="true" aria-label="Loading">
      <ul class="figures">
        {["calls", "connected", "qualified", "revenue", "payout", "margin"].map((id) => (
          <li key={id}>
            <Skeleton width="3rem" />
            <Skeleton width="5rem" height="1.375rem" />
          </li>
        ))}
      </ul>
      <div class="skel-bars">
        {Array.from({ length: 28 }, (_, day) => (
          <Skeleton key={day} height={BARS[day % BARS.length] ?? "50%"} />
        ))}
      </div>
    </section>
  );
}
