import {
  emptyMemory,
  erase,
  type FakeAnswer,
  type FakeLeg,
  type FakeMemory,
  type FakeRequest,
  type FakeServer,
  isUp,
  lengthOf,
  rfc2822,
  serveFake,
  statusOf,
} from "./server.ts";

/** Twilio's API of 2010-04-01, or SignalWire's copy of it under `/api/laml`. */
export type LamlFake = FakeServer & FakeMemory;

const PAGE_SIZE_DEFAULT = 50;

const refusal = (status: number, code: number, message: string): FakeAnswer => ({
  status,
  json: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
});
const MISSING = refusal(404, 20404, "The requested resource was not found");

/** `prefix` is empty for Twilio and `/api/laml` for SignalWire. */
export async function fakeLaml(account: { sid: string; token: string; prefix: string }): Promise<LamlFake> {
  const memory = emptyMemory();
  const root = `${account.prefix}/2010-04-01/Accounts/${account.sid}`;
  const expected = `Basic ${Buffer.from(`${account.sid}:${account.token}`).toString("base64")}`;
  const server = await serveFake((request) => {
    if (request.authorization !== expected) return refusal(401, 20003, "Authenticate");
    const looked_up = lookup(memory, request);
    if (looked_up) return looked_up;
    if (!request.path.startsWith(`${root}/`)) return MISSING;
    const path = request.path.slice(root.length);
    return (
      numbersForSale(memory, path, request) ??
      ownedNumbers(memory, root, path, request) ??
      oneNumber(memory, account.sid, path, request) ??
      recordings(memory, account.sid, path, request) ??
      liveCalls(memory, path, request) ??
      erase(memory, request, /\/Recordings\/([\w-]+)\.json$/, MISSING) ??
      calls(memory, root, path, request) ??
      MISSING
    );
  }, MISSING);
  return Object.assign(server, memory);
}

/** twilio.com/docs/lookup/v2-api/line-type-intelligence, at a host of its own. */
function lookup(memory: FakeMemory, { path, query }: FakeRequest): FakeAnswer | null {
  const phone_number = /^\/v2\/PhoneNumbers\/(\+\d+)$/.exec(path)?.[1];
  if (phone_number === undefined) return null;
  memory.looked_up.push(phone_number);
  const isAsked = query.get("Fields") === "line_type_intelligence";
  const type = memory.kinds.get(phone_number) ?? null;
  return {
    status: 200,
    json: {
      phone_number,
      country_code: "US",
      valid: true,
      line_type_intelligence: isAsked ? { carrier_name: "A carrier", error_code: null, type } : null,
    },
  };
}

function numbersForSale({ for_sale }: FakeMemory, path: string, { query }: FakeRequest): FakeAnswer | null {
  if (!/^\/AvailablePhoneNumbers\/[A-Z]{2}\/Local\.json$/.test(path)) return null;
  const area = query.get("AreaCode") ?? "";
  const found = for_sale.filter((number) => number.startsWith(`+1${area}`));
  const size = Number(query.get("PageSize") ?? PAGE_SIZE_DEFAULT);
  return {
    status: 200,
    json: {
      uri: path,
      available_phone_numbers: found.slice(0, size).map((phone_number) => ({
        friendly_name: phone_number,
        phone_number,
        lata: "722",
        locality: "San Francisco",
        region: "CA",
        postal_code: "94105",
        iso_country: "US",
        address_requirements: "none",
        beta: false,
        capabilities: { voice: true, SMS: true, MMS: true, fax: false },
      })),
    },
  };
}

const SETTINGS = {
  VoiceUrl: "voice_url",
  VoiceMethod: "voice_method",
  VoiceFallbackUrl: "voice_fallback_url",
  VoiceFallbackMethod: "voice_fallback_method",
  StatusCallback: "status_callback",
  StatusCallbackMethod: "status_callback_method",
} as const;

function configure(number: Record<string, string>, form: URLSearchParams): void {
  for (const [parameter, field] of Object.entries(SETTINGS)) {
    const value = form.get(parameter);
    if (value !== null) number[field] = value;
  }
}

function ownedNumbers(
  memory: FakeMemory,
  root: string,
  path: string,
  request: FakeRequest,
): FakeAnswer | null {
  if (path !== "/IncomingPhoneNumbers.json") return null;
  if (request.method === "GET") {
    const wanted = request.query.get("PhoneNumber");
    const all = [...memory.owned.values()].filter(
      (number) => wanted === null || number.phone_number === wanted,
    );
    return { status: 200, json: pageOf(all, "incoming_phone_numbers", root, path, request.query) };
  }
  const wanted = request.form.get("PhoneNumber") ?? "";
  if (!memory.for_sale.includes(wanted)) return refusal(400, 21422, `PhoneNumber ${wanted} is not available`);
  memory.for_sale.splice(memory.for_sale.indexOf(wanted), 1);
  const number: Record<string, string> = {
    sid: `PN${wanted.slice(1).padStart(32, "0")}`,
    phone_number: wanted,
    friendly_name: wanted,
    voice_url: "",
    status: "in-use",
  };
  configure(number, request.form);
  memory.owned.set(wanted, number);
  return { status: 201, json: number };
}

function oneNumber(memory: FakeMemory, sid: string, path: string, request: FakeRequest): FakeAnswer | null {
  const number_sid = /^\/IncomingPhoneNumbers\/(PN\w+)\.json$/.exec(path)?.[1];
  if (number_sid === undefined) return null;
  const number = [...memory.owned.values()].find((one) => one.sid === number_sid);
  if (!number?.phone_number) return MISSING;
  if (request.method === "DELETE") {
    memory.owned.delete(number.phone_number);
    return { status: 204 };
  }
  if (request.method === "POST") configure(number, request.form);
  return { status: 200, json: { ...number, account_sid: sid } };
}

/** twilio.com/docs/voice/api/recording#create-a-recording */
function recordings(
  memory: FakeMemory,
  account_sid: string,
  path: string,
  { method, form }: FakeRequest,
): FakeAnswer | null {
  const call_sid = /^\/Calls\/([\w-]+)\/Recordings\.json$/.exec(path)?.[1];
  if (call_sid === undefined || method !== "POST") return null;
  if (!memory.legs.some((leg) => leg.id === call_sid)) return MISSING;
  if (!isUp(memory, call_sid)) return refusal(400, 21220, "Requested resource is not eligible for recording");
  const channels = form.get("RecordingChannels");
  memory.recordings.push({
    call_id: call_sid,
    callback: form.get("RecordingStatusCallback") ?? "",
    channels,
  });
  return {
    status: 201,
    json: {
      sid: `RE${String(memory.recordings.length).padStart(32, "0")}`,
      account_sid,
      call_sid,
      conference_sid: null,
      status: "in-progress",
      channels: channels === "dual" ? 2 : 1,
      source: "StartCallRecordingAPI",
      duration: null,
      price: null,
      price_unit: "USD",
      error_code: null,
      api_version: "2010-04-01",
      encryption_details: null,
    },
  };
}

/** twilio.com/docs/voice/api/call-resource: a call is made, given another document, or ended. */
function liveCalls(memory: FakeMemory, path: string, { method, form }: FakeRequest): FakeAnswer | null {
  if (method !== "POST") return null;
  const text = (name: string) => form.get(name) ?? "";
  if (path === "/Calls.json") {
    if (!/^https?:/.test(text("Url"))) return refusal(400, 21205, "Url is not a valid URL");
    const ring_id = `CA${String(memory.rung.length + 900).padStart(32, "0")}`;
    const [from, to] = [text("From"), text("To")];
    const hooks = { answer_url: text("Url"), status_url: text("StatusCallback") };
    memory.rung.push({ ring_id, from, to, timeout_s: Number(form.get("Timeout") ?? 60), ...hooks });
    return { status: 201, json: { sid: ring_id, from, to, status: "queued", direction: "outbound-api" } };
  }
  const sid = /^\/Calls\/([\w-]+)\.json$/.exec(path)?.[1];
  if (sid === undefined) return null;
  if (form.get("Status") === "completed") memory.stopped.push(sid);
  else memory.moved.push({ call_id: sid, url: text("Url") });
  return { status: 200, json: { sid, status: "in-progress" } };
}

function calls(memory: FakeMemory, root: string, path: string, { query }: FakeRequest): FakeAnswer | null {
  const sid = /^\/Calls\/([\w-]+)\.json$/.exec(path)?.[1];
  if (sid !== undefined) {
    const leg = memory.legs.find((one) => one.id === sid);
    return leg ? { status: 200, json: callResource(leg) } : MISSING;
  }
  if (path !== "/Calls.json") return null;
  const parent = query.get("ParentCallSid");
  const since = Date.parse(query.get("StartTime>") ?? "1970-01-01");
  const until = Date.parse(query.get("StartTime<") ?? "9999-01-01");
  const found = memory.legs
    .filter((leg) => parent === null || leg.parent_id === parent)
    .filter((leg) => leg.started_at >= since && leg.started_at < until)
    .sort((a, b) => b.started_at - a.started_at);
  return { status: 200, json: pageOf(found.map(callResource), "calls", root, path, query) };
}

function callResource(leg: FakeLeg) {
  return {
    sid: leg.id,
    parent_call_sid: leg.parent_id,
    from: leg.from,
    to: leg.to,
    direction: leg.direction === "inbound" ? "inbound" : "outbound-dial",
    status: statusOf(leg),
    start_time: rfc2822(leg.started_at),
    end_time: rfc2822(leg.ended_at),
    date_created: rfc2822(leg.started_at),
    duration: lengthOf(leg) === null ? null : String(lengthOf(leg)),
    answered_by: null,
    price: null,
    price_unit: "USD",
    api_version: "2010-04-01",
  };
}

/** Pages as Twilio makes them: zero-based, the address of the next one relative to the host. */
function pageOf<T>(all: T[], name: string, root: string, path: string, query: URLSearchParams) {
  const page_size = Number(query.get("PageSize") ?? PAGE_SIZE_DEFAULT);
  const page = Number(query.get("Page") ?? 0);
  const start = page * page_size;
  const hasMore = start + page_size < all.length;
  const next = new URLSearchParams(query);
  next.set("Page", String(page + 1));
  next.set("PageToken", `PA${page + 1}`);
  return {
    [name]: all.slice(start, start + page_size),
    page,
    page_size,
    start,
    end: Math.min(all.length, start + page_size) - 1,
    uri: `${root}${path}?${query}`,
    next_page_uri: hasMore ? `${root}${path}?${next}` : null,
    previous_page_uri: null,
  };
}
