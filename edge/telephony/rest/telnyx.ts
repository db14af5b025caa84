import { DAY_MS, MINUTE_MS } from "../../../shared/instant.ts";
import type { E164 } from "../../../shared/phone-number.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import { type Answer, type Client, refusalOf } from "./client.ts";
import { listedCall, readLeg, recordingForm } from "./laml.ts";
import type {
  Answered,
  ApiFailure,
  AvailableNumber,
  CommonApi,
  ListedCall,
  NumberHooks,
  OwnedNumber,
  Page,
  Period,
  ReadCall,
  ReadLeg,
} from "./port.ts";
import { e164Of, isoDay, type Json, objectOf, objectsOf, textOf } from "./values.ts";

const PAGE_SIZE = 250;
const CALLS_PAGE_SIZE = "250";
/** Of the calls and legs with one number since the day before. */
const LEG_PAGES_MAX = 4;
/** A leg's record may begin a little before its caller's. */
const SKEW_MS = MINUTE_MS;

type Got = Result<Answer, ApiFailure>;

/**
 * Telnyx: API v2 for numbers, the TeXML REST commands for calls. What a number's calls ask is said by a TeXML
 * application, of which we keep one for each set of hooks, named after its voice URL; the number is pointed at it by
 * its `connection_id`. Sources: developers.telnyx.com/api (numbers, number orders, TeXML applications and calls).
 */
export function telnyxApi(client: Client, account_sid: string): CommonApi {
  const get = (path: string, query: Record<string, string> = {}) =>
    client({ method: "GET", path, query, repeatable: true });
  const account = `/v2/texml/Accounts/${encodeURIComponent(account_sid)}`;
  const calls = `${account}/Calls`;
  const api: CommonApi = {
    searchNumbers: async ({ country, area_code, limit }) => {
      const area = area_code === null ? {} : { "filter[national_destination_code]": area_code };
      const found = read(
        await get("/v2/available_phone_numbers", {
          "filter[country_code]": country,
          "filter[features]": "voice",
          "filter[limit]": String(limit),
          ...area,
        }),
      );
      return found.ok ? ok(objectsOf(found.value, "data").flatMap(availableNumber).slice(0, limit)) : found;
    },
    listNumbers: async (cursor) => listNumbers(get, cursor),
    findNumber: async (e164) => {
      const found = read(await get("/v2/phone_numbers", { "filter[phone_number]": e164 }));
      if (!found.ok) return found;
      const owned = objectsOf(found.value, "data").flatMap((json) => ownedNumber(json) ?? []);
      return ok(owned.find((number) => number.e164 === e164) ?? null);
    },
    buyNumber: (e164, hooks) => buy(client, api, e164, hooks),
    configureNumber: async (number, hooks) => {
      const connection_id = await applicationFor(client, hooks);
      if (!connection_id.ok) return connection_id;
      const path = `/v2/phone_numbers/${encodeURIComponent(number.provider_number_id)}`;
      const json = { connection_id: connection_id.value };
      const changed = read(await client({ method: "PATCH", path, json, repeatable: true }));
      return changed.ok ? ok({ ...number, voice_url: hooks.voice_url }) : changed;
    },
    releaseNumber: async ({ provider_number_id }) => {
      const path = `/v2/phone_numbers/${encodeURIComponent(provider_number_id)}`;
      const released = read(await client({ method: "DELETE", path, repeatable: true }));
      return released.ok || released.error.kind === "not_found" ? ok(null) : released;
    },
    finds_legs_by_number: true,
    readCall: async (id) => {
      const call = read(await get(`${calls}/${encodeURIComponent(id)}`));
      if (!call.ok) return call.error.kind === "not_found" ? ok(null) : call;
      const listed = listedCall(call.value);
      if (!listed) return err({ kind: "refused", detail: "the call's record is not complete" });
      const legs = await legsOf(get, calls, listed);
      return legs.ok ? ok<ReadCall>({ ...listed, legs: legs.value }) : legs;
    },
    listCalls: async (period, cursor) => {
      // The filters are by day and exclusive.
      const StartTime_gt = isoDay(period.since - DAY_MS);
      const StartTime_lt = isoDay(period.until + DAY_MS);
      const first = { StartTime_gt, StartTime_lt, PageSize: CALLS_PAGE_SIZE };
      return callsPage(calls, read(await (cursor === null ? get(calls, first) : get(cursor))), period);
    },
    startRecording: async (id, callback_url) => {
      const path = `${calls}/${encodeURIComponent(id)}/Recordings.json`;
      const form = recordingForm(callback_url);
      const begun = read(await client({ method: "POST", path, form, repeatable: false }));
      return begun.ok ? ok(null) : begun;
    },
    eraseRecording: async (id) => {
      const path = `${account}/Recordings/${encodeURIComponent(id)}.json`;
      const erased = read(await client({ method: "DELETE", path, repeatable: true }));
      return erased.ok || erased.error.kind === "not_found" ? ok(null) : erased;
    },
  };
  return api;
}

type Get = (path: string, query?: Record<string, string>) => Promise<Got>;

async function listNumbers(get: Get, cursor: string | null): Answered<Page<OwnedNumber>> {
  const number = Number(/^\d{1,6}$/.exec(cursor ?? "1")?.[0] ?? "1");
  const query = { "page[number]": String(number), "page[size]": String(PAGE_SIZE) };
  const body = read(await get("/v2/phone_numbers", query));
  if (!body.ok) return body;
  const pages = Number(textOf(objectOf(body.value, "meta"), "total_pages") ?? "1");
  const items = objectsOf(body.value, "data").flatMap((json) => ownedNumber(json) ?? []);
  return ok({ items, next: number < pages ? String(number + 1) : null });
}

function callsPage(
  calls: string,
  body: Result<Json, ApiFailure>,
  { since, until }: Period,
): Result<Page<ListedCall>, ApiFailure> {
  if (!body.ok) return body;
  const items = objectsOf(body.value, "calls")
    .filter((json) => textOf(json, "direction") === "inbound")
    .flatMap((json) => listedCall(json) ?? [])
    .filter((call) => call.started_at >= since && call.started_at < until);
  return ok({ items, next: nextOf(calls, body.value) });
}

/** Only an address below the account's own is followed. */
function nextOf(calls: string, body: Json): string | null {
  const next = textOf(body, "next_page_uri");
  return next?.startsWith(`${calls}.json?`) || next?.startsWith(`${calls}?`) ? next : null;
}

/**
 * Telnyx's records name no parent: a leg of a call is one that began while the call was up and shows the same caller, or
 * else the number that was called, as a call flow may say and a hidden caller's does. When another call with that number
 * was up at the same time nobody can tell whose a leg is: null.
 */
async function legsOf(get: Get, calls: string, call: ListedCall): Answered<ReadLeg[] | null> {
  const caller = e164Of(call.from);
  if (caller !== null) {
    const shown = await during(get, calls, call, { From: caller });
    if (!shown.ok) return shown;
    if (shown.value === null || shown.value.some(isInbound)) return ok(null);
    if (shown.value.length > 0) return ok(shown.value.flatMap(readLeg));
  }
  const shown = await during(get, calls, call, { From: call.to });
  if (!shown.ok || shown.value === null || shown.value.length === 0)
    return shown.ok ? ok(shown.value && []) : shown;
  const others = await during(get, calls, call, { To: call.to });
  if (!others.ok) return others;
  if (others.value === null || others.value.some(isInbound)) return ok(null);
  return ok(shown.value.flatMap(readLeg));
}

const isInbound = (json: Json): boolean => textOf(json, "direction") === "inbound";

/** What else was up during a call, of the calls and legs with this number; null where these are too many to look at. */
async function during(
  get: Get,
  calls: string,
  call: ListedCall,
  number: { From: string } | { To: string },
): Answered<Json[] | null> {
  const until = call.ended_at ?? Number.POSITIVE_INFINITY;
  const isDuring = (json: Json): boolean => {
    const other = listedCall(json);
    if (!other || other.provider_call_id === call.provider_call_id) return false;
    return other.started_at <= until && (other.ended_at ?? until) >= call.started_at - SKEW_MS;
  };
  const day = { StartTime_gt: isoDay(call.started_at - DAY_MS), PageSize: CALLS_PAGE_SIZE };
  const found: Json[] = [];
  let page = read(await get(calls, { ...number, ...day }));
  for (let pages = 1; page.ok; pages++) {
    found.push(...objectsOf(page.value, "calls").filter(isDuring));
    const next = nextOf(calls, page.value);
    if (next === null) return ok(found);
    if (pages === LEG_PAGES_MAX) return ok(null);
    page = read(await get(next));
  }
  return page;
}

/** The number is ordered and pointed at our application in one request; see `buy` of laml.ts for lost answers. */
async function buy(client: Client, api: CommonApi, e164: E164, hooks: NumberHooks): Answered<OwnedNumber> {
  const connection_id = await applicationFor(client, hooks);
  if (!connection_id.ok) return connection_id;
  const json = { phone_numbers: [{ phone_number: e164 }], connection_id: connection_id.value };
  const ordered = read(await client({ method: "POST", path: "/v2/number_orders", json, repeatable: false }));
  // A refusal may mean that an earlier try of ours, whose answer was lost, has the number.
  if (!ordered.ok && !["unreachable", "refused"].includes(ordered.error.kind)) return ordered;
  if (ordered.ok && textOf(objectOf(ordered.value, "data"), "status") === "failure") {
    return err({ kind: "not_available", detail: "the order failed" });
  }
  const owned = await api.findNumber(e164);
  if (!owned.ok) return owned;
  if (owned.value) return api.configureNumber(owned.value, hooks);
  // An order that is accepted may take a while; the number is configured already when it comes.
  return ordered.ok
    ? err({ kind: "unreachable", detail: "the order is not finished yet; look again later" })
    : ordered;
}

/** The TeXML application with these hooks; made when there is none. Errors: those of the API. */
async function applicationFor(client: Client, hooks: NumberHooks): Answered<string> {
  const settings = {
    friendly_name: `ringtrail ${hooks.voice_url}`,
    voice_url: hooks.voice_url,
    voice_method: "post",
    status_callback: hooks.status_url,
    status_callback_method: "post",
    voice_fallback_url: hooks.fallback_url ?? "",
  };
  const query = { "filter[friendly_name]": settings.friendly_name };
  const found = read(
    await client({ method: "GET", path: "/v2/texml_applications", query, repeatable: true }),
  );
  if (!found.ok) return found;
  const known = objectsOf(found.value, "data").find(
    (json) => textOf(json, "friendly_name") === settings.friendly_name,
  );
  const id = known && textOf(known, "id");
  const made = id
    ? await client({
        method: "PATCH",
        path: `/v2/texml_applications/${encodeURIComponent(id)}`,
        json: settings,
        repeatable: true,
      })
    : await client({ method: "POST", path: "/v2/texml_applications", json: settings, repeatable: false });
  const body = read(made);
  if (!body.ok) return body;
  const made_id = textOf(objectOf(body.value, "data"), "id");
  return made_id ? ok(made_id) : err({ kind: "unreachable", detail: "the answer names no application" });
}

/** The body of a 2xx; a refusal is a list of `{ code, title, detail }`. */
function read(got: Got): Result<Json, ApiFailure> {
  if (!got.ok) return got;
  const { status, body } = got.value;
  if (status >= 200 && status < 300) return ok(body);
  const [first] = objectsOf(body, "errors");
  const code = (first && textOf(first, "code")) ?? "";
  const detail = (first && (textOf(first, "detail") ?? textOf(first, "title"))) ?? `answered ${status}`;
  return err(refusalOf(status, code === "" ? detail : `${code}: ${detail}`));
}

function availableNumber(json: Json): AvailableNumber[] {
  const e164 = e164Of(textOf(json, "phone_number"));
  if (!e164) return [];
  const regions = objectsOf(json, "region_information");
  const named = (type: string) => {
    const region = regions.find((one) => textOf(one, "region_type") === type);
    return region ? textOf(region, "region_name") : null;
  };
  return [{ e164, region: named("state"), locality: named("rate_center") ?? named("location") }];
}

/** A number says by which connection its calls go, not to which address: that is the application's. */
function ownedNumber(json: Json): OwnedNumber | null {
  const e164 = e164Of(textOf(json, "phone_number"));
  const provider_number_id = textOf(json, "id");
  if (!e164 || !provider_number_id || textOf(json, "status") === "deleted") return null;
  const name = textOf(json, "connection_name");
  const voice_url = name?.startsWith("ringtrail ") ? name.slice("ringtrail ".length) : null;
  return { provider_number_id, e164, voice_url };
}
