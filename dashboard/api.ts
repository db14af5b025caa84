import { type ClientRequestOptions, type ClientResponse, hc, type InferRequestType } from "hono/client";
import type { ExtractSchema } from "hono/types";
import type { SuccessStatusCode } from "hono/utils/http-status";
import type { AccountApi } from "../edge/http/account.ts";

/** One bad field of a request: an RFC 6901 pointer (or `?name`) and what is wrong with it. */
export type FieldFault = { pointer: string; detail: string };

/**
 * A request that was not answered with what was asked for: an RFC 9457 problem, or no answer at all
 * (`status` 0). `message` is the sentence to show; `request_id` finds the request in the log.
 */
export class ApiProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly request_id: string | null;
  readonly errors: readonly FieldFault[];

  constructor(
    status: number,
    title: string,
    detail: string,
    request_id: string | null,
    errors: FieldFault[],
  ) {
    super(detail);
    this.name = "ApiProblem";
    this.status = status;
    this.title = title;
    this.request_id = request_id;
    this.errors = errors;
  }
}

/** A page of a list, as every `GET` of a collection answers. */
export type List<T> = { data: T[]; next_cursor: string | null };

/** What the sign-in page may offer, and to whom: who is signed in may still belong to no organization. */
export type AuthOptions = { demo: boolean; signed_in_as: string | null; organizations: number };

type QueryValue = string | number | null | undefined;

/** Query parameters; what is null, undefined or "" is left out. */
export type Query = Record<string, QueryValue>;

function written(query: Query): Record<string, string> {
  const text: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") text[name] = String(value);
  }
  return text;
}

/** Writes a query string, `?` included, or "" when nothing is left in it. */
export function queryString(query: Query): string {
  const text = new URLSearchParams(written(query)).toString();
  return text === "" ? "" : `?${text}`;
}

let whenSignedOut: () => void = () => {};

/** Told once by the shell: what to do when the server says that nobody is signed in. */
export function onSignedOut(act: () => void): void {
  whenSignedOut = act;
}

type ProblemBody = { title?: unknown; detail?: unknown; message?: unknown; errors?: unknown };

async function problemOf(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => ({}))) as ProblemBody;
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);
  const errors = Array.isArray(body.errors) ? (body.errors as FieldFault[]) : [];
  const title = text(body.title) ?? `HTTP ${response.status}`;
  // better-auth answers `{ message }` where it does not leave as problem+json.
  const detail = text(body.detail) ?? text(body.message) ?? title;
  const id = response.headers.get("ringtrail-request-id");
  return new ApiProblem(response.status, title, detail, id, errors);
}

/**
 * `fetch` with the session cookie that throws an `ApiProblem` for every answer that is not 2xx and for no
 * answer. An aborted request throws the signal's own `AbortError`. On 401 the shell is told first.
 */
export async function request(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(input, { credentials: "same-origin", ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiProblem(0, "No answer", "The server could not be reached.", null, []);
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.status === 401 && !String(input).includes("/auth/")) whenSignedOut();
  throw problem;
}

const SAFE_METHODS = new Set(["GET", "HEAD"]);

/** A request that changes something carries a key of its own, so that sent twice on the way it is done once. */
function requestOnce(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  if (SAFE_METHODS.has(init.method ?? "GET")) return request(input, init);
  const headers = new Headers(init.headers);
  headers.set("idempotency-key", crypto.randomUUID());
  return request(input, { ...init, headers });
}

/**
 * The one client: the account API by its paths, typed by the Worker's own routes, so that a path or a field that
 * was renamed there does not compile here. A route is called with `ask`.
 */
export const client = hc<AccountApi>("/api/v1", { fetch: requestOnce });

/** The paths of the API as its routes name them: "/calls", "/calls/:id". */
export type ApiPath = keyof ExtractSchema<AccountApi>;

/** A route of the client: `client.calls.$get`. */
type Route<Args, Answered> = (args: Args, options?: ClientRequestOptions) => Promise<Answered>;

/**
 * A route's parameters by name, without `format`: downloads are links. Values may come from the address bar; whether
 * they are allowed, the server says.
 */
type Loose<Parameters> = { [Name in Exclude<keyof Parameters, "format">]?: QueryValue };
/** What `ask` is told for a route: its query by names, its path's parts and its body as they are. */
type Asked<Args> = { [Part in keyof Args]: Part extends "query" ? Loose<Args[Part]> : Args[Part] };

/** What a route answers in JSON where it succeeds; problems are thrown. */
type Answer<Answered> =
  Answered extends ClientResponse<infer Body, infer Status, infer Format>
    ? Status extends SuccessStatusCode
      ? Format extends "text"
        ? never
        : Body
      : never
    : never;

/** The query parameters that a route understands: `QueryOf<typeof client.calls.$get>`. */
export type QueryOf<R> = InferRequestType<R> extends { query: infer Parameters } ? Loose<Parameters> : never;

/**
 * Calls a route: `ask(client.calls.$get, { query: { limit: 50 } }, signal)`. Answers its JSON, null where there is
 * none (204); throws as `request` does. Query values are written as text, parts of the path are encoded.
 */
export async function ask<Args, Answered extends ClientResponse<unknown>>(
  route: Route<Args, Answered>,
  args: Asked<NonNullable<Args>>,
  signal?: AbortSignal,
): Promise<Answer<Answered>> {
  const given: { query?: Query; param?: Record<string, string>; json?: unknown } = args;
  const { query = {}, param = {}, json } = given;
  const path = Object.entries(param).map(([name, value]) => [name, encodeURIComponent(value)]);
  const sent = { query: written(query), param: Object.fromEntries(path), json } as Args;
  const response = await route(sent, signal ? { init: { signal } } : {});
  return (response.status === 204 ? null : await response.json()) as Answer<Answered>;
}

/** People's sign-in lives beside the API: `/auth/sign-in/email` and its like. */
export async function auth(path: string, body: unknown): Promise<void> {
  const headers = { "content-type": "application/json" };
  await request(`/auth${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

export async function loadAuthOptions(signal: AbortSignal): Promise<AuthOptions> {
  const response = await request("/auth/options", { signal });
  return (await response.json()) as AuthOptions;
}
