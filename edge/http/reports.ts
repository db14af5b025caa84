import { type Context, Hono } from "hono";
import { type Dimension, Report, ReportQuery } from "../../shared/api/reports.ts";
import { freshenSessions } from "../journeys/fresh-sessions.ts";
import type { Failure } from "../platform/problem.ts";
import { planReport } from "../reporting/model/plan.ts";
import { report } from "../reporting/report.ts";
import { groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { ownNetwork } from "./support/references.ts";
import { downloaded, inParts } from "./support/rows.ts";
import { queryOf } from "./support/validate.ts";

const DESCRIPTION = [
  "`metrics` and `group_by` are lists separated by commas; without `metrics` all of them.",
  "A metric that the viewer may not see, or that a group or filter cannot tell (sessions have no target), is absent.",
  "`from` and `to` bound the start of calls, the moment of leases; days begin in `timezone`, else in the network's.",
  "Rows are in order of time, then of the first metric, greatest first; `totals` are of all groups.",
  "With `format=csv` or `ndjson` all groups are written, without totals.",
].join(" ");

/** `/reports`: what happened, counted by whatever it was. */
export const reports = new Hono<HttpEnv>().get(
  "/",
  may("reports.read"),
  described({
    summary: "Count calls, sessions and money",
    description: DESCRIPTION,
    answers: { 200: Report },
  }),
  queryOf(ReportQuery),
  async (c) => {
    const query = c.req.valid("query");
    const { viewer, services } = c.var;
    const plan = planReport(viewer.kind, query);
    if (!plan.ok) return problem(c, hidden(c, plan.error));
    if (plan.value.facts.includes("sessions")) await freshenSessions(services, viewer);
    const network = await ownNetwork(c);
    const { network_id, organization_id, kind } = viewer;
    const { db, now } = groundOf(c);
    const read = await report(db, {
      reader: { network_id, organization_id, kind, sees_publishers: network.shows_publishers },
      plan: plan.value,
      query,
      timezone: query.timezone ?? network.timezone,
      now,
    });
    if (!read.ok) return problem(c, read.error);
    const { format = "json" } = query;
    if (format === "json") return c.json(read.value, 200);
    const columns = [...plan.value.groups, ...plan.value.metrics];
    return downloaded("report", format, columns, inParts(read.value.data));
  },
);

function hidden(c: Context<HttpEnv>, dimensions: readonly Dimension[]): Failure {
  const detail = `The ${c.var.viewer.kind} of a call does not see: ${dimensions.join(", ")}.`;
  return { kind: "forbidden", detail };
}
