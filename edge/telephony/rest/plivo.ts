import type { Instant } from "../../../shared/instant.ts";
import type { E164 } from "../../../shared/phone-number.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import { providerId } from "../fields.ts";
import type { ReportedStatus } from "../port.ts";
import { type Answer, type Client, refusalOf } from "./client.ts";
import type {
  Answered,
  ApiFailure,
  AvailableNumber,
  CommonApi,
  ListedCall,
  NumberHooks,
  OwnedNumber,
  Page,
  ReadCall,
  ReadLeg,
} from "./port.ts";
import { e164Of, instantOf, isoTime, type Json, objectOf, objectsOf, secondsOf, textOf } from "./values.ts";

/** Plivo answers no more than this many at once. */
const PAGE_SIZE = 20;
/** As long as Plivo keeps up a call. */
const RECORD_MAX_S = 86_400;

type Got = Result<Answer, ApiFailure>;
type Get = (path: string, query?: Record<string, string>) => Promise<Got>;

/**
 * Plivo: JSON, numbers without a plus, and an application that says where a number's calls go. Its records hold only
 * calls that have ended, and name the parent of a leg (`parent_call_uuid`). Sources: plivo.com/docs/voice/api/call,
 * plivo.com/docs/voice/api/record, plivo.com/docs/numbers/api, plivo.com/docs/account/api/application.
 */
export function plivoApi(client: Client, auth_id: string): CommonApi {
  const root = `/v1/Account/${encodeURIComponent(auth_id)}`;
  const get: Get = (path, query = {}) =>
    client({ method: "GET", path: `${root}${path}`, query, repeatable: true });
  const api: CommonApi = {
    searchNumbers: async ({ country, area_code, limit }) => {
      const area = area_code === null ? {} : { pattern: area_code };
      const query = { country_iso: country, type: "local", services: "voice", ...area };
      const found = read(await get("/PhoneNumber/", { ...query, limit: String(Math.min(limit, PAGE_SIZE)) }));
      return found.ok
        ? ok(objectsOf(found.value, "objects").flatMap(availableNumber).slice(0, limit))
        : found;
    },
    listNumbers: async (cursor) =>
      pageOf(read(await get("/Number/", pageQuery(cursor))), cursor, (json) => ownedNumber(json) ?? []),
    findNumber: async (e164) => {
      const found = read(await get(`/Number/${digitsOf(e164)}/`));
      if (!found.ok) return found.error.kind === "not_found" ? ok(null) : found;
      return ok(ownedNumber(found.value));
    },
    buyNumber: (e164, hooks) => buy(client, root, api, e164, hooks),
    configureNumber: async (number, hooks) => {
      const app_id = await applicationFor(client, root, hooks);
      if (!app_id.ok) return app_id;
      const path = `${root}/Number/${digitsOf(number.e164)}/`;
      const changed = read(
        await client({ method: "POST", path, json: { app_id: app_id.value }, repeatable: true }),
      );
      return changed.ok ? ok({ ...number, voice_url: hooks.voice_url }) : changed;
    },
    releaseNumber: async ({ e164 }) => {
      const path = `${root}/Number/${digitsOf(e164)}/`;
      const released = read(await client({ method: "DELETE", path, repeatable: true }));
      return released.ok || released.error.kind === "not_found" ? ok(null) : released;
    },
    readCall: async (id) => {
      const call = read(await get(`/Call/${encodeURIComponent(id)}/`));
      if (!call.ok) return call.error.kind === "not_found" ? ok(null) : call;
      const listed = listedCall(call.value);
      if (!listed) return err({ kind: "refused", detail: "the call's record is not complete" });
      const legs = read(await get("/Call/", { parent_call_uuid: id, limit: String(PAGE_SIZE) }));
      return legs.ok
        ? ok<ReadCall>({ ...listed, legs: objectsOf(legs.value, "objects").flatMap(readLeg) })
        : legs;
    },
    listCalls: async ({ since, until }, cursor) => {
      const ended = { end_time__gte: plivoTime(since), end_time__lt: plivoTime(until) };
      const query = { call_direction: "inbound", ...ended, ...pageQuery(cursor) };
      return pageOf(read(await get("/Call/", query)), cursor, (json) => listedCall(json) ?? []);
    },
    startRecording: async (id, callback_url) => {
      const path = `${root}/Call/${encodeURIComponent(id)}/Record/`;
      // Without a limit it would end after a minute.
      const json = { time_limit: RECORD_MAX_S, callback_url, callback_method: "POST" };
      const begun = read(await client({ method: "POST", path, json, repeatable: false }));
      return begun.ok ? ok(null) : begun;
    },
    eraseRecording: async (id) => {
      const path = `${root}/Recording/${encodeURIComponent(id)}/`;
      const erased = read(await client({ method: "DELETE", path, repeatable: true }));
      return erased.ok || erased.error.kind === "not_found" ? ok(null) : erased;
    },
  };
  return api;
}

/** See `buy` of laml.ts for lost answers. */
async function buy(
  client: Client,
  root: string,
  api: CommonApi,
  e164: E164,
  hooks: NumberHooks,
): Answered<OwnedNumber> {
  const app_id = await applicationFor(client, root, hooks);
  if (!app_id.ok) return app_id;
  const path = `${root}/PhoneNumber/${digitsOf(e164)}/`;
  const bought = read(
    await client({ method: "POST", path, json: { app_id: app_id.value }, repeatable: false }),
  );
  const [number] = bought.ok ? objectsOf(bought.value, "numbers") : [];
  if (bought.ok && number && textOf(number, "status")?.toLowerCase() === "success") {
    return ok({ provider_number_id: digitsOf(e164), e164, voice_url: hooks.voice_url });
  }
  const refusal: Result<never, ApiFailure> = bought.ok
    ? err({ kind: "not_available", detail: "the number was not bought" })
    : bought;
  // Somebody who asks for another's number is told that there is none, or that the request is bad.
  if (!["unreachable", "not_available", "not_found", "refused"].includes(refusal.error.kind)) return refusal;
  const owned = await api.findNumber(e164);
  if (owned.ok && owned.value) return api.configureNumber(owned.value, hooks);
  return refusal.error.kind === "not_found"
    ? err({ kind: "not_available", detail: "no such number" })
    : refusal;
}

/** Plivo's names for applications are letters, digits, hyphens and underscores, so the account's id stands in it. */
function applicationName({ voice_url }: NumberHooks): string {
  const account_id = /\/v1\/telephony\/([A-Za-z0-9_]+)\//.exec(voice_url)?.[1] ?? "calls";
  return `ringtrail-${account_id}`;
}

/** The application with these hooks, made or brought up to date. */
async function applicationFor(client: Client, root: string, hooks: NumberHooks): Answered<string> {
  const app_name = applicationName(hooks);
  const settings = {
    app_name,
    answer_url: hooks.voice_url,
    answer_method: "POST",
    hangup_url: hooks.status_url,
    hangup_method: "POST",
    fallback_answer_url: hooks.fallback_url ?? "",
    // Where a file is all that answers, POST is refused.
    fallback_method: "GET",
  };
  const path = `${root}/Application/`;
  const found = read(
    await client({ method: "GET", path, query: { app_name, limit: String(PAGE_SIZE) }, repeatable: true }),
  );
  if (!found.ok) return found;
  const known = objectsOf(found.value, "objects").find((json) => textOf(json, "app_name") === app_name);
  const known_id = known && textOf(known, "app_id");
  if (known_id) {
    const changed = read(
      await client({ method: "POST", path: `${path}${known_id}/`, json: settings, repeatable: true }),
    );
    return changed.ok ? ok(known_id) : changed;
  }
  const made = read(await client({ method: "POST", path, json: settings, repeatable: false }));
  if (!made.ok) return made;
  const made_id = textOf(made.value, "app_id");
  return made_id ? ok(made_id) : err({ kind: "unreachable", detail: "the answer names no application" });
}

/** The body of a 2xx; a refusal has an `error`, a text or an object with one. */
export function read(got: Got): Result<Json, ApiFailure> {
  if (!got.ok) return got;
  const { status, body } = got.value;
  if (status >= 200 && status < 300) return ok(body);
  const detail = textOf(body, "error") ?? textOf(objectOf(body, "error"), "error") ?? `answered ${status}`;
  return err(refusalOf(status, detail));
}

function pageQuery(cursor: string | null): Record<string, string> {
  return { limit: String(PAGE_SIZE), offset: String(offsetOf(cursor)) };
}

function offsetOf(cursor: string | null): number {
  return Number(/^\d{1,9}$/.exec(cursor ?? "0")?.[0] ?? "0");
}

/** `meta.next` is null or false on the last page. */
function pageOf<T>(
  body: Result<Json, ApiFailure>,
  cursor: string | null,
  item: (json: Json) => T | T[],
): Result<Page<T>, ApiFailure> {
  if (!body.ok) return body;
  const { next } = objectOf(body.value, "meta");
  const offset = offsetOf(cursor) + PAGE_SIZE;
  const items = objectsOf(body.value, "objects").flatMap(item);
  return ok({ items, next: next ? String(offset) : null });
}

function availableNumber(json: Json): AvailableNumber[] {
  const e164 = e164Of(textOf(json, "number"));
  return e164
    ? [
        {
          e164,
          region: textOf(json, "region"),
          locality: textOf(json, "city") ?? textOf(json, "rate_center"),
        },
      ]
    : [];
}

/** The number is its own id. It names its application, not that one's addresses. */
function ownedNumber(json: Json): OwnedNumber | null {
  const number = textOf(json, "number");
  const e164 = e164Of(number);
  return e164 ? { provider_number_id: digitsOf(e164), e164, voice_url: null } : null;
}

/** A record of a call that has ended. Only an answered one has an `answer_time`. */
function listedCall(json: Json): ListedCall | null {
  const provider_call_id = providerId(textOf(json, "call_uuid") ?? undefined);
  const to = textOf(json, "to_number");
  const started_at = instantOf(json, "initiation_time");
  const ended_at = instantOf(json, "end_time");
  if (provider_call_id === null || to === null || started_at === null || ended_at === null) return null;
  const from = textOf(json, "from_number") ?? "";
  return {
    provider_call_id,
    from: e164Of(from) ?? from,
    to: e164Of(to) ?? to,
    status: statusOf(json),
    started_at,
    ended_at,
    duration_s: secondsOf(json, "call_duration"),
  };
}

/** How it ended, by `hangup_cause_name` (plivo.com/docs/voice/troubleshooting/hangup-causes). */
function statusOf(json: Json): ReportedStatus {
  if (instantOf(json, "answer_time") !== null) return "completed";
  const cause = (textOf(json, "hangup_cause_name") ?? "").toLowerCase();
  if (cause.includes("busy")) return "busy";
  if (cause.includes("no answer") || cause.includes("ring timeout")) return "no_answer";
  return cause.includes("cancel") ? "canceled" : "failed";
}

function readLeg(json: Json): ReadLeg[] {
  const call = listedCall(json);
  if (!call) return [];
  const { provider_call_id: leg_id, to: target, status, ended_at, duration_s } = call;
  return [{ leg_id, target, status, connected_s: status === "completed" ? duration_s : 0, ended_at }];
}

function digitsOf(e164: E164): string {
  return e164.slice(1);
}

/** `YYYY-MM-DD HH:MM:SS`, read by Plivo as UTC. */
function plivoTime(at: Instant): string {
  return isoTime(at).slice(0, 19).replace("T", " ");
}
