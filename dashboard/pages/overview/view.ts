import { METHODS, VERDICT_STATUSES } from "../../../shared/api/calls.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { useNow } from "../../clock.ts";
import { choicesOf, type Names, useNames } from "../../names.ts";
import { type FilterField, type Filters, readFilters } from "../../parts/filters.tsx";
import { METHOD_WORDS, VERDICT_WORDS } from "../../parts/glyph.tsx";
import type { Option } from "../../parts/picker.tsx";
import { type Resource, useResource } from "../../query.ts";
import { type Before, periodBefore, type Range, readRange } from "../../range.ts";
import { loadReport, type Report, type ReportQuery } from "../../report.ts";
import { useMe } from "../../session.ts";
import { useUrl } from "../../url-state.ts";
import { METRICS } from "./measures.ts";

const NOW_STEP_MS = 300_000;
const EVERY_S = 60;

/** The figures that are shown, with what they were asked for: while others load, these stay true. */
export type Shown = { range: Range; before: Before | null; report: Report; earlier: Report | null };

/** What the URL asks the overview for, and what there is of it. */
export type View = {
  kind: OrganizationKind;
  names: Names;
  fields: readonly Field[];
  filters: Filters<keyof ReportQuery>;
  zone: string;
  now: number;
  range: Range;
  /** What the range could be compared with, null for all time. */
  before: Before | null;
  compares: boolean;
  /** Metrics, filters, range and zone, for further reports of the same. */
  query: ReportQuery;
  figures: Resource<Shown>;
};

const words = <T extends string>(list: readonly T[], said: Record<T, string>): Option[] =>
  list.map((value) => ({ value, label: said[value] }));

type Field = FilterField<keyof ReportQuery>;

/** What each kind may filter by; one currency needs no filter. */
function fieldsOf(kind: OrganizationKind, names: Names): Field[] {
  const publishers: Field = {
    name: "publisher_id",
    label: "publisher",
    options: choicesOf(names.publishers),
  };
  const target: Field = { name: "target", label: "target" };
  const codes = names.currencies.map((value) => ({ value, label: value }));
  const currency: Field = { name: "currency", label: "currency", options: codes };
  const payouts: Field = {
    name: "payout_status",
    label: "payout",
    options: words(VERDICT_STATUSES, VERDICT_WORDS),
  };
  return [
    { name: "campaign_id", label: "campaign", options: choicesOf(names.campaigns) },
    ...(kind === "network" ? [publishers] : []),
    { name: "source", label: "source" },
    { name: "landing_path", label: "landing page" },
    { name: "attribution", label: "attribution", options: words(METHODS, METHOD_WORDS) },
    ...(kind === "publisher" ? [] : [target]),
    ...(codes.length > 1 ? [currency] : []),
    ...(kind === "advertiser" ? [] : [payouts]),
  ];
}

/** Money's zone: the campaign's if the page shows one campaign, else the network's. */
function zoneOf(names: Names, campaign_id: string | undefined, network: string): string {
  return names.campaigns.find(({ id }) => id === campaign_id)?.timezone ?? network;
}

/** Reads the overview's URL and loads its figures together with those of the period before. */
export function useView(): View {
  const me = useMe();
  const { kind } = me.organization;
  const url = useUrl();
  const now = useNow(NOW_STEP_MS);
  const names = useNames();
  const fields = fieldsOf(kind, names);
  const filters = readFilters(url.params, fields);
  const zone = zoneOf(names, filters.campaign_id, me.network.timezone);
  const range = readRange(url.params, now, zone);
  const before = periodBefore(range, now);
  const compares = before !== null && url.params.get("compare") !== "none";

  const common: ReportQuery = { metrics: METRICS[kind].join(","), timezone: zone, ...filters };
  const query: ReportQuery = { ...common, from: range.from, to: range.to };
  const then: ReportQuery | null = compares ? { ...common, from: before.from, to: before.to } : null;
  const figures = useResource(
    `overview ${JSON.stringify([query, then])}`,
    async (signal): Promise<Shown> => {
      const read = (asked: ReportQuery) => loadReport({ ...asked, group_by: range.unit }, signal);
      const [report, earlier] = await Promise.all([read(query), then && read(then)]);
      return { range, before: then && before, report, earlier };
    },
    { keep: true, every_s: EVERY_S },
  );
  return { kind, names, fields, filters, zone, now, range, before, compares, query, figures };
}
