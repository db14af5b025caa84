import type { Report, ReportRow } from "../shared/api/reports.ts";
import { ask, client, type QueryOf } from "./api.ts";
import { type Resource, useResource } from "./query.ts";

export type { Report, ReportRow };

/** A metric of a row, 0 where it is absent. */
export function metric(row: ReportRow | null | undefined, name: string): number {
  const value = row?.[name];
  return typeof value === "number" ? value : 0;
}

/** A metric of a row; null where it is absent: money in several currencies is never added. */
export function metricOrNull(row: ReportRow | null | undefined, name: string): number | null {
  const value = row?.[name];
  return typeof value === "number" ? value : null;
}

/** What a report can be asked for. */
export type ReportQuery = QueryOf<typeof client.reports.$get>;

/** `GET /reports`. */
export function loadReport(query: ReportQuery, signal?: AbortSignal): Promise<Report> {
  return ask(client.reports.$get, { query }, signal);
}

const EVERY_S = 60;

/** `GET /reports`, kept while another is asked for and asked again every minute; a null query asks nothing. */
export function useReport(query: ReportQuery | null): Resource<Report> {
  const key = query === null ? null : `report ${JSON.stringify(query)}`;
  return useResource(key, (signal) => loadReport(query ?? {}, signal), {
    keep: true,
    every_s: EVERY_S,
  });
}
