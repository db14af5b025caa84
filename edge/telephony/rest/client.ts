import { SECOND_MS } from "../../../shared/instant.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import type { Clock } from "../../platform/clock.ts";
import { within } from "../../platform/deadline.ts";
import type { ApiFailure } from "./port.ts";

/** What the client needs of its surroundings; tests hand in their own. */
export type Surroundings = {
  fetch(url: string, init: RequestInit): Promise<Response>;
  sleep(ms: number): Promise<void>;
  /** A fraction in [0, 1). */
  chance(): number;
  clock: Clock;
};

/** One request. `body` is a form or JSON. Without `repeatable` it is sent again only if it surely had no effect. */
export type Ask = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  query?: Readonly<Record<string, string>>;
  form?: Readonly<Record<string, string>>;
  json?: unknown;
  repeatable: boolean;
};

/** An answer below 500 that is no 429: the status, and the JSON object in it (empty when there is none). */
export type Answer = { status: number; body: Readonly<Record<string, unknown>> };

export type Client = (ask: Ask) => Promise<Result<Answer, ApiFailure>>;

const TRIES_MAX = 4;
/** Twilio ends its own requests after 15 s; slower answers are as good as none. */
const TIMEOUT_MS = 10_000;
const BACKOFF_MS = 500;
const BACKOFF_MAX_MS = 8_000;
/** Who asks to be left alone for longer is told so to whoever asked. */
const RETRY_AFTER_MAX_S = 20;
const RETRY_AFTER_DEFAULT_S = 30;
/** Below every provider's limit (Plivo's is the lowest: 300 requests in 5 s for all of an account's programs). */
const GAP_MS = 50;
const BODY_CHARS_MAX = 4_000_000;

/** Answers that say that nothing was done, so that even a purchase may be asked for again. */
const NOTHING_DONE: ReadonlySet<number> = new Set([429, 503]);

/**
 * A client of one account: spaces its requests, gives up on slow ones, and asks again after connection faults, 429 and
 * 5xx with full jitter (exponential, capped), or when `Retry-After` says. A request that is not `repeatable` is sent
 * again only after 429 and 503 with a `Retry-After`. Errors: `rate_limited`, `unreachable`; other statuses are the
 * caller's to read.
 */
export function restClient(
  base: string,
  headers: Readonly<Record<string, string>>,
  surroundings: Surroundings,
): Client {
  let turn: Promise<void> = Promise.resolve();
  const myTurn = (): Promise<void> => {
    const mine = turn;
    turn = mine.then(() => surroundings.sleep(GAP_MS));
    return mine;
  };
  return async (ask) => {
    for (let tries = 1; ; tries++) {
      await myTurn();
      const tried = await attempt(base, headers, surroundings, ask);
      if (tried.kind === "answer") return ok(tried.answer);
      if (tries === TRIES_MAX || !mayRepeat(ask, tried)) return err(failureOf(tried));
      await surroundings.sleep(waitMs(tried, tries, surroundings.chance()));
    }
  };
}

type Trouble = {
  kind: "trouble";
  status: number | null;
  retry_after_s: number | null;
  detail: string;
};

async function attempt(
  base: string,
  headers: Readonly<Record<string, string>>,
  { fetch, clock }: Surroundings,
  ask: Ask,
): Promise<{ kind: "answer"; answer: Answer } | Trouble> {
  const giving_up = new AbortController();
  const asked = async () => {
    const init = { ...initOf(headers, ask), signal: giving_up.signal };
    const response = await fetch(urlOf(base, ask), init);
    return { response, text: (await response.text()).slice(0, BODY_CHARS_MAX) };
  };
  const outcome = await within(TIMEOUT_MS, asked());
  if (outcome.kind !== "done") {
    // An invocation has six connections: one that hangs must not hold up the next request.
    giving_up.abort();
    const detail = outcome.kind === "late" ? "no answer in time" : "the connection failed";
    return { kind: "trouble", status: null, retry_after_s: null, detail };
  }
  const { response, text } = outcome.value;
  const { status } = response;
  if (status === 429 || status >= 500) {
    const retry_after_s = retryAfter(response.headers.get("retry-after"), clock);
    return { kind: "trouble", status, retry_after_s, detail: `answered ${status}` };
  }
  const body = text.trim() === "" ? {} : objectOf(text);
  if (body === null) {
    return { kind: "trouble", status: null, retry_after_s: null, detail: "the answer is no JSON object" };
  }
  return { kind: "answer", answer: { status, body } };
}

function urlOf(base: string, { path, query }: Ask): string {
  const text = new URLSearchParams(query ?? {}).toString();
  return `${base}${path}${text === "" ? "" : `${path.includes("?") ? "&" : "?"}${text}`}`;
}

function initOf(headers: Readonly<Record<string, string>>, { method, form, json }: Ask): RequestInit {
  // A redirect would carry the account's credentials elsewhere.
  const init: RequestInit = {
    method,
    redirect: "manual",
    headers: { accept: "application/json", ...headers },
  };
  if (form) return { ...init, body: new URLSearchParams(form) };
  if (json === undefined) return init;
  return {
    ...init,
    headers: { accept: "application/json", "content-type": "application/json", ...headers },
    body: JSON.stringify(json),
  };
}

/** Seconds, or an HTTP date (RFC 9110 §10.2.3). */
function retryAfter(text: string | null, clock: Clock): number | null {
  if (text === null) return null;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  const wait_ms = Date.parse(text) - clock.now();
  return Number.isFinite(wait_ms) ? Math.max(0, Math.ceil(wait_ms / SECOND_MS)) : null;
}

function mayRepeat({ repeatable }: Ask, { status, retry_after_s }: Trouble): boolean {
  if ((retry_after_s ?? 0) > RETRY_AFTER_MAX_S) return false;
  if (repeatable) return true;
  return status === 429 || (status !== null && NOTHING_DONE.has(status) && retry_after_s !== null);
}

/** Full jitter spreads those who failed together; what the provider asks for is never undercut. */
function waitMs({ retry_after_s }: Trouble, tries: number, chance: number): number {
  const backoff_ms = chance * Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** (tries - 1));
  return retry_after_s === null ? backoff_ms : retry_after_s * SECOND_MS + chance * BACKOFF_MS;
}

function failureOf({ status, retry_after_s, detail }: Trouble): ApiFailure {
  return status === 429
    ? { kind: "rate_limited", retry_after_s: retry_after_s ?? RETRY_AFTER_DEFAULT_S }
    : { kind: "unreachable", detail };
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** What a refusal means, by its status; `detail` is the provider's own word for it. */
export function refusalOf(status: number, detail: string): ApiFailure {
  if (status === 401 || status === 403) return { kind: "unauthorized" };
  if (status === 404) return { kind: "not_found" };
  return { kind: "refused", detail: detail.slice(0, 300) };
}

export function basic(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
