import type { MiddlewareHandler } from "hono";
import { type DescribeRouteOptions, describeRoute, resolver } from "hono-openapi";
import type * as v from "valibot";

export type RouteDescription = {
  /** One line, imperative: "Create a campaign". */
  summary: string;
  description?: string;
  /** The answers that are no problem: status → schema of the JSON body, null for an answer without one. */
  answers: Record<number, v.GenericSchema | null>;
  /** Problems that others of its kind do not have. */
  problems?: number[];
  /** Its body is a CSV text rather than JSON. */
  csv?: boolean;
  /** What its 200 is, when that is no JSON. */
  media?: readonly string[];
  /** Needs no credentials: `security: []` in the document. */
  public?: boolean;
};

const STATUS_TEXT: Record<number, string> = { 200: "OK", 201: "Created", 202: "Accepted", 204: "Done" };

/**
 * Documents a route in one call. What every route of its kind has too (problems, `Idempotency-Key`, the id in
 * the path) is added for all of them in `edge/http/openapi.ts`, the operation's id by `may`.
 */
export function described(route: RouteDescription): MiddlewareHandler {
  const responses: NonNullable<DescribeRouteOptions["responses"]> = {};
  for (const [status, schema] of Object.entries(route.answers)) {
    const description = STATUS_TEXT[Number(status)] ?? "Answer";
    responses[status] = schema
      ? { description, content: { "application/json": { schema: resolver(schema) } } }
      : { description };
  }
  if (route.media) {
    const content = Object.fromEntries(route.media.map((type) => [type, { schema: {} }]));
    responses[200] = { description: "OK", content };
  }
  for (const status of route.problems ?? []) responses[status] = { description: "Problem" };
  return describeRoute({
    summary: route.summary,
    ...(route.description && { description: route.description }),
    ...(route.public && { security: [] }),
    ...(route.csv && {
      requestBody: { required: true, content: { "text/csv": { schema: { type: "string" } } } },
    }),
    responses,
  });
}
