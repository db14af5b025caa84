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

/** What the sign-in page may offer. */
export type AuthOptions = { demo: boolean };

/** Query parameters; what is null or undefined is left out. */
export type Query = Record<string, string | number | null | undefined>;

/** Writes a query string, `?` included, or "" when nothing is left in it. */
export function queryString(query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
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

async function send<T>(method: string, path: string, body: unknown): Promise<T> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (path.startsWith("/api/")) headers["idempotency-key"] = crypto.randomUUID();
  const response = await request(path, { method, headers, body: JSON.stringify(body) });
  const text = await response.text();
  return (text === "" ? null : JSON.parse(text)) as T;
}

/**
 * The one client. Paths below `/api/v1` are given without it (`api.get("/calls", { limit: 50 })`). Types are
 * those of `shared/api`, the schemas by which the Worker's routes are described and tested: what `hono/client`
 * infers is lost where a route can also stream CSV, as the largest do. Unsafe methods carry an `Idempotency-Key`.
 */
export const api = {
  async get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    const response = await request(`/api/v1${path}${queryString(query)}`, signal ? { signal } : {});
    return (await response.json()) as T;
  },
  post: <T>(path: string, body: unknown): Promise<T> => send<T>("POST", `/api/v1${path}`, body),
  patch: <T>(path: string, body: unknown): Promise<T> => send<T>("PATCH", `/api/v1${path}`, body),
  delete: <T>(path: string): Promise<T> => send<T>("DELETE", `/api/v1${path}`, {}),
  /** People's sign-in lives beside the API: `/auth/sign-in/email` and its like. */
  auth: <T>(path: string, body: unknown): Promise<T> => send<T>("POST", `/auth${path}`, body),
};

export async function loadAuthOptions(signal: AbortSignal): Promise<AuthOptions> {
  const response = await request("/auth/options", { signal });
  return (await response.json()) as AuthOptions;
}
