import type { E164 } from "../../../shared/phone-number.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import { providerId } from "../fields.ts";
import { isFinal } from "../port.ts";
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
import { e164Of, instantOf, isoTime, type Json, objectsOf, secondsOf, statusOf, textOf } from "./values.ts";

const PAGE_SIZE = "500";
/** More legs than any call of ours dials. */
const LEGS_MAX = "50";
/** "Phone number is not available" (twilio.com/docs/api/errors/21422). */
const NOT_AVAILABLE = "21422";

/**
 * Twilio's REST API of 2010-04-01 and SignalWire's copy of it (Compatibility API): form bodies, JSON answers, legs as
 * calls of their own with a `parent_call_sid`. `root` is the account's address, such as
 * `/2010-04-01/Accounts/AC…`; `retries` is what is written behind the status callback's address. Sources: twilio.com/docs/voice/api/call-resource,
 * twilio.com/docs/phone-numbers/api/incomingphonenumber-resource.
 */
export function lamlApi(client: Client, root: string, retries: string): CommonApi {
  const get = (path: string, query: Record<string, string> = {}) =>
    client({ method: "GET", path: `${root}${path}`, query, repeatable: true });
  const api: CommonApi = {
    searchNumbers: async ({ country, area_code, limit }) => {
      const area = area_code === null ? {} : { AreaCode: area_code };
      const path = `/AvailablePhoneNumbers/${encodeURIComponent(country)}/Local.json`;
      const found = read(await get(path, { ...area, VoiceEnabled: "true", PageSize: String(limit) }));
      if (!found.ok) return found;
      return ok(objectsOf(found.value, "available_phone_numbers").flatMap(availableNumber).slice(0, limit));
    },
    listNumbers: async (cursor) =>
      page(
        root,
        read(await turnPage(client, root, cursor, "/IncomingPhoneNumbers.json", { PageSize: PAGE_SIZE })),
        (body) => objectsOf(body, "incoming_phone_numbers").flatMap((json) => ownedNumber(json) ?? []),
      ),
    findNumber: async (e164) => {
      const found = read(await get("/IncomingPhoneNumbers.json", { PhoneNumber: e164 }));
      if (!found.ok) return found;
      const owned = objectsOf(found.value, "incoming_phone_numbers").flatMap(
        (json) => ownedNumber(json) ?? [],
      );
      return ok(owned.find((number) => number.e164 === e164) ?? null);
    },
    buyNumber: (e164, hooks) => buy(client, root, api, e164, formOf(hooks, retries), hooks),
    configureNumber: async ({ provider_number_id }, hooks) => {
      const path = `${root}/IncomingPhoneNumbers/${encodeURIComponent(provider_number_id)}.json`;
      // The same settings twice are the same settings.
      return numberOf(await client({ method: "POST", path, form: formOf(hooks, retries), repeatable: true }));
    },
    releaseNumber: async ({ provider_number_id }) => {
      const path = `${root}/IncomingPhoneNumbers/${encodeURIComponent(provider_number_id)}.json`;
      const released = read(await client({ method: "DELETE", path, repeatable: true }));
      return released.ok || released.error.kind === "not_found" ? ok(null) : released;
    },
    readCall: async (id) => {
      const call = read(await get(`/Calls/${encodeURIComponent(id)}.json`));
      if (!call.ok) return call.error.kind === "not_found" ? ok(null) : call;
      const listed = listedCall(call.value);
      if (!listed) return err({ kind: "refused", detail: "the call's record is not complete" });
      const legs = read(await get("/Calls.json", { ParentCallSid: id, PageSize: LEGS_MAX }));
      if (!legs.ok) return legs;
      return ok<ReadCall>({ ...listed, legs: objectsOf(legs.value, "calls").flatMap(readLeg) });
    },
    listCalls: async ({ since, until }, cursor) =>
      page(
        root,
        read(
          await turnPage(client, root, cursor, "/Calls.json", {
            "StartTime>": isoTime(since),
            "StartTime<": isoTime(until),
            PageSize: PAGE_SIZE,
          }),
        ),
        (body) =>
          objectsOf(body, "calls")
            .filter(isCallers)
            .flatMap((json) => listedCall(json) ?? []),
      ),
    ...recordingsOf(client, root, retries),
  };
  return api;
}

function recordingsOf(
  client: Client,
  root: string,
  retries: string,
): Pick<CommonApi, "startRecording" | "eraseRecording"> {
  return {
    startRecording: async (id, callback_url) => {
      const path = `${root}/Calls/${encodeURIComponent(id)}/Recordings.json`;
      const form = recordingForm(callback_url + retries);
      const begun = read(await client({ method: "POST", path, form, repeatable: false }));
      return begun.ok ? ok(null) : begun;
    },
    eraseRecording: async (id) => {
      const path = `${root}/Recordings/${encodeURIComponent(id)}.json`;
      const erased = read(await client({ method: "DELETE", path, repeatable: true }));
      return erased.ok || erased.error.kind === "not_found" ? ok(null) : erased;
    },
  };
}

/**
 * A purchase whose answer is lost is not repeated but looked for: a number is bought once. `not_available` may mean
 * that an earlier try of ours has it.
 */
async function buy(
  client: Client,
  root: string,
  api: CommonApi,
  e164: E164,
  settings: Record<string, string>,
  hooks: NumberHooks,
): Answered<OwnedNumber> {
  const form = { PhoneNumber: e164, ...settings };
  const bought = numberOf(
    await client({ method: "POST", path: `${root}/IncomingPhoneNumbers.json`, form, repeatable: false }),
  );
  if (bought.ok || !["unreachable", "not_available"].includes(bought.error.kind)) return bought;
  const owned = await api.findNumber(e164);
  if (!owned.ok || owned.value === null) return bought;
  return api.configureNumber(owned.value, hooks);
}

/** Each side on a channel of its own; Telnyx's TeXML has the same. */
export function recordingForm(callback_url: string): Record<string, string> {
  return {
    RecordingChannels: "dual",
    RecordingStatusCallback: callback_url,
    RecordingStatusCallbackMethod: "POST",
  };
}

function formOf(
  { voice_url, status_url, fallback_url }: NumberHooks,
  retries: string,
): Record<string, string> {
  return {
    VoiceUrl: voice_url,
    VoiceMethod: "POST",
    StatusCallback: `${status_url}${retries}`,
    StatusCallbackMethod: "POST",
    // Empty clears what was set before.
    VoiceFallbackUrl: fallback_url ?? "",
    // Where a file is all that answers, POST is refused.
    VoiceFallbackMethod: "GET",
  };
}

type Got = Result<Answer, ApiFailure>;

/** The body of a 2xx; a refusal has a `code` and a `message`. */
export function read(got: Got): Result<Json, ApiFailure> {
  if (!got.ok) return got;
  const { status, body } = got.value;
  if (status >= 200 && status < 300) return ok(body);
  const code = textOf(body, "code") ?? "";
  const detail = textOf(body, "message") ?? `answered ${status}`;
  if (code === NOT_AVAILABLE) return err({ kind: "not_available", detail });
  return err(refusalOf(status, code === "" ? detail : `${code}: ${detail}`));
}

function numberOf(got: Got): Result<OwnedNumber, ApiFailure> {
  const answer = read(got);
  if (!answer.ok) return answer;
  const number = ownedNumber(answer.value);
  return number ? ok(number) : err({ kind: "unreachable", detail: "the answer names no number" });
}

/**
 * The first page, or the one that the last answer's `next_page_uri` named. A cursor may come back from anybody: the
 * account's token is sent to no address but one below the account's own.
 */
async function turnPage(
  client: Client,
  root: string,
  cursor: string | null,
  path: string,
  query: Record<string, string>,
): Promise<Got> {
  if (cursor === null) return client({ method: "GET", path: `${root}${path}`, query, repeatable: true });
  if (!cursor.startsWith(`${root}/`)) return err({ kind: "refused", detail: "there is no such page" });
  return client({ method: "GET", path: cursor, repeatable: true });
}

/** Only an address below the account's own is followed. */
function page<T>(
  root: string,
  body: Result<Json, ApiFailure>,
  items: (body: Json) => T[],
): Result<Page<T>, ApiFailure> {
  if (!body.ok) return body;
  const next = textOf(body.value, "next_page_uri");
  return ok({ items: items(body.value), next: next?.startsWith(`${root}/`) ? next : null });
}

function availableNumber(json: Json): AvailableNumber[] {
  const e164 = e164Of(textOf(json, "phone_number"));
  return e164 ? [{ e164, region: textOf(json, "region"), locality: textOf(json, "locality") }] : [];
}

function ownedNumber(json: Json): OwnedNumber | null {
  const e164 = e164Of(textOf(json, "phone_number"));
  const provider_number_id = textOf(json, "sid");
  return e164 && provider_number_id
    ? { provider_number_id, e164, voice_url: textOf(json, "voice_url") }
    : null;
}

/** A caller's call: it came in and no other call made it. */
function isCallers(json: Json): boolean {
  return textOf(json, "direction") === "inbound" && textOf(json, "parent_call_sid") === null;
}

/** A call resource; Telnyx's TeXML has the same. */
export function listedCall(json: Json): ListedCall | null {
  const provider_call_id = providerId(textOf(json, "sid") ?? undefined);
  const status = statusOf(json, "status");
  const to = textOf(json, "to");
  const started_at = instantOf(json, "start_time") ?? instantOf(json, "date_created");
  if (provider_call_id === null || status === null || to === null || started_at === null) return null;
  const ended = isFinal(status);
  return {
    provider_call_id,
    from: textOf(json, "from") ?? "",
    to,
    status,
    started_at,
    ended_at: ended ? instantOf(json, "end_time") : null,
    duration_s: ended ? secondsOf(json, "duration") : null,
  };
}

/** A leg that nobody answered was connected for 0 s, whatever its ringing lasted. */
export function readLeg(json: Json): ReadLeg[] {
  const call = listedCall(json);
  if (!call) return [];
  const { provider_call_id: leg_id, to: target, status, ended_at, duration_s } = call;
  const connected_s = status === "completed" ? duration_s : isFinal(status) ? 0 : null;
  return [{ leg_id, target, status, connected_s, ended_at }];
}
