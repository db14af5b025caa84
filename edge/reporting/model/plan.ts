import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import {
  DIMENSIONS,
  type Dimension,
  FILTER_ALIASES,
  type Group,
  METRICS,
  type Metric,
  type ReportQuery,
  TIME_GROUPS,
  type TimeGroup,
} from "../../../shared/api/reports.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import { seesDimension, seesMetric } from "./rights.ts";

/**
 * What is counted: calls by when they began, sessions by when their number was given out, clicks on tracking links,
 * refused page views by hour.
 */
export const FACTS = ["calls", "sessions", "clicks", "blocked_sessions"] as const;
export type Fact = (typeof FACTS)[number];

/** `value: null` asks for what has none. */
export type Filter = { dimension: Dimension; value: string | null };

/** What to read for a report, all names checked against the viewer. */
export type Plan = {
  /** In the order they were asked for; the first decides which groups are the greatest. */
  metrics: Metric[];
  /** In the order they were asked for: time and other groups, together and apart. */
  groups: Group[];
  time_groups: TimeGroup[];
  dimensions: Dimension[];
  filters: Filter[];
  /** Only what some metric needs. */
  facts: Fact[];
};

const SESSION_METRICS: ReadonlySet<Metric> = new Set(["sessions", "leases"]);

/** Which facts a metric is made of. */
export function factOf(metric: Metric): Fact {
  if (metric === "blocked_sessions" || metric === "clicks") return metric;
  return SESSION_METRICS.has(metric) ? "sessions" : "calls";
}

/** Of a page view that got no number only where it happened is kept. */
export const BLOCKED_DIMENSIONS = ["campaign_id", "advertiser_id", "publisher_id", "site_id"] as const;
/** A click is known by its link, its own sub ids and where it came from; which site it led to a session tells. */
export const CLICK_DIMENSIONS = [
  "campaign_id",
  "advertiser_id",
  "publisher_id",
  "sub1",
  "sub2",
  "sub3",
  "sub4",
  "sub5",
  "region",
] as const satisfies readonly Dimension[];
/** A session has no outcome: what only a call has is not here. */
export const SESSION_DIMENSIONS = [
  ...BLOCKED_DIMENSIONS,
  "number",
  "label",
  "sub1",
  "sub2",
  "sub3",
  "sub4",
  "sub5",
  "source",
  "medium",
  "campaign",
  "term",
  "content",
  "channel",
  "landing_path",
  "region",
] as const satisfies readonly Dimension[];

const KNOWN_OF: Record<Fact, ReadonlySet<Dimension>> = {
  calls: new Set(DIMENSIONS),
  sessions: new Set(SESSION_DIMENSIONS),
  clicks: new Set(CLICK_DIMENSIONS),
  blocked_sessions: new Set(BLOCKED_DIMENSIONS),
};

/**
 * Plans a report for one side. A metric is left out when this side may not see it, or when its facts do not know
 * one of the groups or filters (sessions have no target: a number there would be wrong, not small). Fails with the
 * groups and filters that this side may not use.
 */
export function planReport(kind: OrganizationKind, query: ReportQuery): Result<Plan, Dimension[]> {
  const groups = query.group_by ?? [];
  const time_groups = groups.filter(isTimeGroup);
  const dimensions = groups.filter((group) => !isTimeGroup(group));
  const filters = filtersOf(query);
  const used = [...new Set([...dimensions, ...filters.map(({ dimension }) => dimension)])];
  const hidden = used.filter((dimension) => !seesDimension(kind, dimension));
  if (hidden.length > 0) return err(hidden);

  const asked = query.metrics?.length ? query.metrics : METRICS;
  const metrics = asked.filter(
    (metric) =>
      seesMetric(kind, metric) && used.every((dimension) => KNOWN_OF[factOf(metric)].has(dimension)),
  );
  const facts = FACTS.filter((fact) => metrics.some((metric) => factOf(metric) === fact));
  return ok({ metrics, groups, time_groups, dimensions, filters, facts });
}

function isTimeGroup(group: Group): group is TimeGroup {
  return (TIME_GROUPS as readonly Group[]).includes(group);
}

function filtersOf(query: ReportQuery): Filter[] {
  const filters: Filter[] = [];
  const add = (dimension: Dimension, value: string | undefined) => {
    if (value !== undefined) filters.push({ dimension, value: value === "" ? null : value });
  };
  for (const dimension of DIMENSIONS) add(dimension, query[dimension]);
  for (const [name, dimension] of Object.entries(FILTER_ALIASES)) {
    add(dimension, query[name as keyof typeof FILTER_ALIASES]);
  }
  return filters;
}
