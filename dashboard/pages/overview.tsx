import lazy from "preact-iso/lazy";
import { METHODS, type Method, VERDICT_STATUSES } from "../../shared/api/calls.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { api, type List, type Query } from "../api.ts";
import { useNow } from "../clock.ts";
import { count, dayRange, share, time, zoneName } from "../format.ts";
import { type Names, useNames } from "../names.ts";
import { FilterBar, type FilterField, readFilters } from "../parts/filters.tsx";
import { METHOD_WORDS, VERDICT_WORDS } from "../parts/glyph.tsx";
import { Live } from "../parts/live.tsx";
import { NothingFound } from "../parts/nothing-found.tsx";
import { Page, Section } from "../parts/page.tsx";
import { RangePicker } from "../parts/range-picker.tsx";
import { Fault, Skeleton } from "../parts/states.tsx";
import { Funnel, type Stage } from "../plots/funnel.tsx";
import { MethodBar } from "../plots/method-bar.tsx";
import { type Resource, useResource } from "../query.ts";
import { periodBefore, type Range, readRange } from "../range.ts";
import { metric, metricOrNull, type Report, type ReportRow, useReport } from "../report.ts";
import { useMe } from "../session.ts";
import { useUrl } from "../url-state.ts";
import { Groups } from "./overview/groups.tsx";
import { leadSentence } from "./overview/lead.ts";
import { earningMetric, METRICS } from "./overview/measures.ts";
import { NeedsYou } from "./overview/needs-you.tsx";
import { PlottedFigures } from "./overview/plotted.tsx";

const FirstSteps = lazy(() => import("./first-steps.tsx"));

const NOW_STEP_MS = 300_000;
const RINGING_EVERY_S = 5;
const RINGING_MAX = 50;

/** What happens and what it is worth: the page every sign-in begins with. A network without a call yet is led by its first steps. */
export default function Overview() {
  const me = useMe();
  const any = useResource(`any call ${me.organization.id}`, (signal) =>
    api.get<List<{ id: string }>>("/calls", { limit: 1 }, signal),
  );
  if (any.data === null && any.problem === null) return <main id="main" tabIndex={-1} aria-busy="true" />;
  const isNew = any.data?.data.length === 0 && me.organization.kind === "network";
  return isNew ? <FirstSteps /> : <Figures />;
}

function fieldsOf(kind: OrganizationKind, names: Names): FilterField[] {
  const named = (list: readonly { id: string; name: string }[]) =>
    list.map(({ id, name }) => ({ value: id, label: name }));
  const words = <T extends string>(list: readonly T[], said: Record<T, string>) =>
    list.map((value) => ({ value, label: said[value] }));
  return [
    { name: "campaign_id", label: "campaign", options: named(names.campaigns) },
    ...(kind === "network"
      ? [{ name: "publisher_id", label: "publisher", options: named(names.publishers) }]
      : []),
    { name: "source", label: "source" },
    { name: "landing_path", label: "landing page" },
    { name: "attribution", label: "attribution", options: words(METHODS, METHOD_WORDS) },
    ...(kind === "publisher" ? [] : [{ name: "target", label: "target" }]),
    ...(names.currencies.length > 1
      ? [
          {
            name: "currency",
            label: "currency",
            options: names.currencies.map((value) => ({ value, label: value })),
          },
        ]
      : []),
    ...(kind === "advertiser"
      ? []
      : [{ name: "payout_status", label: "payout", options: words(VERDICT_STATUSES, VERDICT_WORDS) }]),
  ];
}

/** Money's zone: the campaign's if the page shows one campaign, else the network's. */
function zoneOf(names: Names, campaign_id: string | undefined, network: string): string {
  return names.campaigns.find(({ id }) => id === campaign_id)?.timezone ?? network;
}

function Figures() {
  const me = useMe();
  const { kind } = me.organization;
  const url = useUrl();
  const now = useNow(NOW_STEP_MS);
  const names = useNames();
  const fields = fieldsOf(kind, names);
  const filters = readFilters(url.params, fields);
  const zone = zoneOf(names, filters.campaign_id, me.network.timezone);
  const range = readRange(url.params, now, zone);
  const earlier = periodBefore(range, now);
  const compares = earlier !== null && url.params.get("compare") !== "none";

  const query: Query = { metrics: METRICS[kind].join(","), timezone: zone, ...filters };
  const whole: Query = { ...query, from: range.from, to: range.to };
  const report = useReport({ ...whole, group_by: range.unit });
  const then = useReport(
    compares ? { ...query, from: earlier.from, to: earlier.to, group_by: range.unit } : null,
  );
  const currency = report.data?.currency ?? null;
  const shownThen = compares ? then.data : null;
  const first = range.first ?? range.last;
  return (
    <Page
      title="Overview"
      meta={`${range.first === null ? range.label : dayRange(first, range.last)}, ${zoneName(zone)}`}
      tools={
        <>
          <Ringing zone={zone} />
          <RangePicker range={range} now={now} before={earlier} compares={compares} />
        </>
      }
    >
      <Lead report={report} kind={kind} currency={currency} before={earlier} then={shownThen} zone={zone} />
      <FilterBar fields={fields} />
      {kind === "network" && <NeedsYou />}
      {report.data === null ? (
        report.slow && <FiguresSkeleton />
      ) : metric(report.data.totals, "calls") === 0 && Object.keys(filters).length > 0 ? (
        <NothingFound
          what="call"
          fields={fields}
          filters={filters}
          count={(rest) => countCalls(rest, range, zone)}
        />
      ) : (
        <>
          <Section id="figures" title="Figures of the period" hidden>
            <PlottedFigures
              kind={kind}
              range={range}
              now={now}
              report={report.data}
              currency={currency}
              before={compares ? earlier : null}
              earlier={shownThen}
            />
          </Section>
          <Section id="flow" title="The trail, all of it" aside="The line is as wide as the count.">
            <Funnel stages={stagesOf(kind, report.data.totals)} />
          </Section>
          <Groups kind={kind} query={whole} names={names} currency={currency} zone={zone} />
          <Methods query={whole} />
        </>
      )}
    </Page>
  );
}

async function countCalls(filters: Record<string, string>, range: Range, timezone: string): Promise<number> {
  const query = { metrics: "calls", ...filters, from: range.from, to: range.to, timezone };
  return metric((await api.get<Report>("/reports", query)).totals, "calls");
}

function Lead(props: {
  report: Resource<Report>;
  kind: OrganizationKind;
  currency: string | null;
  before: { label: string } | null;
  then: Report | null;
  zone: string;
}) {
  const { report, kind, currency, before: earlier, then, zone } = props;
  const compared = earlier && then ? { calls: metric(then.totals, "calls"), label: earlier.label } : null;
  return (
    <>
      <Fault what="The figures" of={report} zone={zone} />
      {report.data ? (
        <p class="lead opening">{leadSentence(kind, report.data.totals, currency, compared)}</p>
      ) : (
        report.slow && (
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
    (signal) => api.get<List<{ id: string }>>("/calls", { status: "ringing", limit: RINGING_MAX }, signal),
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

/** The stages that can be told: where a filter is one that only calls have (a target), sessions are not. */
function stagesOf(kind: OrganizationKind, totals: ReportRow): Stage[] {
  const all: [string, string][] = [
    ["sessions", "Sessions"],
    ["leases", "Leases"],
    ["calls", "Calls"],
    ["connected_calls", "Connected"],
    [earningMetric(kind), kind === "publisher" ? "Earning" : "Qualified"],
    ["paid_calls", "Paid"],
  ];
  const told = all.filter(([name]) => metricOrNull(totals, name) !== null);
  return told.map(([name, label], index) => {
    const value = metric(totals, name);
    const before = told[index - 1]?.[0];
    const first = name === "sessions" ? "visits" : "\u00a0";
    return { id: name, label, value, detail: before ? share(value, metric(totals, before)) : first };
  });
}

function Methods({ query }: { query: Query }) {
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
      <div class="plot">
        <Skeleton height="224px" />
      </div>
    </section>
  );
}
