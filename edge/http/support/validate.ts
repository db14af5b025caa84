import type { Context, MiddlewareHandler } from "hono";
import { resolver, uniqueSymbol } from "hono-openapi";
import * as v from "valibot";
import { err, ok, type Result } from "../../../shared/result.ts";
import type { Failure } from "../../platform/problem.ts";
import { bodyText, parseObject } from "./body.ts";
import { type HttpEnv, problem } from "./context.ts";
import { bodyFaults, queryFaults } from "./faults.ts";

type Schema = v.GenericSchema;
type Target = "json" | "query" | "param";
type Checked<T extends Target, S extends Schema> = MiddlewareHandler<
  HttpEnv,
  string,
  { in: { [K in T]: v.InferInput<S> }; out: { [K in T]: v.InferOutput<S> } }
>;

const JSON_MEDIA_TYPE = /^application\/([\w.-]+\+)?json$/i;

/**
 * A JSON body of this schema; the handler finds it as `c.req.valid("json")`. Answers 415 for another content
 * type, 413 above 64 kB, 400 for what is no JSON object and 422 with every fault's pointer; nothing is stored.
 * With `optional`, no body at all is read as `{}`.
 */
export function jsonBody<const S extends Schema>(schema: S, options: { optional?: boolean } = {}) {
  const read = async (c: Context<HttpEnv>): Promise<Result<v.InferOutput<S>, Failure>> => {
    const mediaType = (c.req.header("content-type") ?? "").split(";")[0]?.trim() ?? "";
    if (!JSON_MEDIA_TYPE.test(mediaType) && !(options.optional && mediaType === "")) {
      await bodyText(c);
      return err({ kind: "unsupported_media_type", expected: "application/json" });
    }
    const text = await bodyText(c);
    if (!text.ok) return text;
    const parsed = text.value === "" && options.optional ? ok({}) : parseObject(text.value);
    if (!parsed.ok) return parsed;
    const body = v.safeParse(schema, parsed.value);
    return body.success ? ok(body.output) : err({ kind: "invalid", faults: bodyFaults(body.issues) });
  };
  return checked("json", schema, read, options);
}

/** The query parameters, `c.req.valid("query")`. Give a `strictObject`: an unknown parameter is a fault too. */
export function queryOf<const S extends Schema>(schema: S) {
  return checked("query", schema, async (c) => {
    const query: Record<string, string | string[]> = {};
    for (const [name, values] of Object.entries(c.req.queries())) {
      query[name] = values.length === 1 ? (values[0] ?? "") : values;
    }
    const read = v.safeParse(schema, query);
    return read.success ? ok(read.output) : err({ kind: "invalid", faults: queryFaults(read.issues) });
  });
}

/** The path's parameters, `c.req.valid("param")`. What has not the shape of an id names nothing: 404. */
export function paramsOf<const S extends Schema>(schema: S, what: string) {
  return checked("param", schema, async (c) => {
    const read = v.safeParse(schema, c.req.param());
    return read.success ? ok(read.output) : err({ kind: "not_found", what });
  });
}

/** A middleware that reads one part of a request and that the OpenAPI document takes its schema from. */
function checked<T extends Target, S extends Schema>(
  target: T,
  schema: S,
  read: (c: Context<HttpEnv>) => Promise<Result<v.InferOutput<S>, Failure>>,
  options: { optional?: boolean } = {},
): Checked<T, S> {
  const middleware: Checked<T, S> = async (c, next) => {
    const value = await read(c as Context<HttpEnv>);
    if (!value.ok) return problem(c as Context<HttpEnv>, value.error);
    c.req.addValidatedData(target, value.value as object);
    await next();
  };
  // The document describes what a client sends, before defaults and transformations.
  const sent = resolver(schema, { options: { typeMode: "input" } });
  // The generator takes every body that a validator reads for a required one.
  const documented = options.optional
    ? { spec: { requestBody: { required: false, content: { "application/json": { schema: sent } } } } }
    : { target, ...sent, options: {} };
  return Object.assign(middleware, { [uniqueSymbol]: documented });
}
