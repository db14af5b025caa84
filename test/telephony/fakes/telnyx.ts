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

/** Telnyx API v2: numbers, number orders, TeXML applications and the TeXML calls. */
export type TelnyxFake = FakeServer & FakeMemory & { applications: Map<string, Record<string, string>> };

const refusal = (status: number, code: string, title: string, detail: string): FakeAnswer => ({
  status,
  json: {
    errors: [
      { code, title, detail, meta: { url: `https://developers.telnyx.com/docs/overview/errors/${code}` } },
    ],
  },
});
const MISSING = refusal(
  404,
  "10005",
  "Resource not found",
  "The requested resource or URL could not be found.",
);
const PAGE_SIZE_DEFAULT = 20;

export async function fakeTelnyx(account: { sid: string; token: string }): Promise<TelnyxFake> {
  const memory = emptyMemory();
  const applications = new Map<string, Record<string, string>>();
  const server = await serveFake((request) => {
    if (request.authorization !== `Bearer ${account.token}`) {
      return refusal(
        401,
        "10009",
        "Authentication failed",
        "Could not find any usable credentials in the request.",
      );
    }
    const { path } = request;
    if (path === "/v2/available_phone_numbers") return numbersForSale(memory, request);
    if (path === "/v2/number_orders" && request.method === "POST")
      return order(memory, applications, request);
    if (path.startsWith("/v2/phone_numbers")) return ownedNumbers(memory, applications, request);
    if (path.startsWith("/v2/texml_applications")) return texmlApplications(applications, request);
    const phone_number = /^\/v2\/number_lookup\/(\+\d+)$/.exec(path)?.[1];
    if (phone_number !== undefined) {
      memory.looked_up.push(phone_number);
      const carrier = { name: "A carrier", type: memory.kinds.get(phone_number) ?? "unknown" };
      return { status: 200, json: { data: { phone_number, country_code: "US", carrier } } };
    }
    const erased = erase(memory, request, /\/Recordings\/([\w-]+)\.json$/, MISSING);
    if (erased) return erased;
    return calls(memory, `/v2/texml/Accounts/${account.sid}/Calls`, request) ?? MISSING;
  }, MISSING);
  return Object.assign(server, memory, { applications });
}

function numbersForSale({ for_sale }: FakeMemory, { query }: FakeRequest): FakeAnswer {
  const area = query.get("filter[national_destination_code]") ?? "";
  const limit = Number(query.get("filter[limit]") ?? 100);
  const found = for_sale.filter((number) => number.startsWith(`+1${area}`)).slice(0, limit);
  return {
    status: 200,
    json: {
      data: found.map((phone_number) => ({
        record_type: "available_phone_number",
        phone_number,
        best_effort: false,
        quickship: true,
        reservable: true,
        features: [{ name: "voice" }, { name: "sms" }],
        cost_information: { upfront_cost: "1.00", monthly_cost: "1.00", currency: "USD" },
        region_information: [
          { region_type: "country_code", region_name: "US" },
          { region_type: "rate_center", region_name: "SAN FRANCISCO" },
          { region_type: "state", region_name: "CA" },
        ],
      })),
      meta: { total_results: found.length, best_effort_results: 0 },
    },
  };
}

function order(
  memory: FakeMemory,
  applications: TelnyxFake["applications"],
  { json }: FakeRequest,
): FakeAnswer {
  const wanted = ((json.phone_numbers ?? []) as { phone_number: string }[]).map((one) => one.phone_number);
  const missing = wanted.filter((number) => !memory.for_sale.includes(number));
  if (missing.length > 0) {
    return refusal(
      422,
      "10015",
      "Bad Request",
      `The phone number ${missing[0]} is not available for purchase.`,
    );
  }
  const connection_id = String(json.connection_id ?? "");
  for (const number of wanted) {
    memory.for_sale.splice(memory.for_sale.indexOf(number), 1);
    memory.owned.set(number, {
      id: `${1_293_384_261_075_731_000n + BigInt(number.slice(-7))}`,
      phone_number: number,
      status: "active",
      connection_id,
      connection_name: applications.get(connection_id)?.friendly_name ?? "",
    });
  }
  return {
    status: 200,
    json: {
      data: {
        id: "12ade33a-21c0-473b-b055-b3c836e1c292",
        record_type: "number_order",
        status: "pending",
        connection_id,
        phone_numbers_count: wanted.length,
        phone_numbers: wanted.map((phone_number) => ({ phone_number, status: "pending" })),
      },
    },
  };
}

function ownedNumbers(
  memory: FakeMemory,
  applications: TelnyxFake["applications"],
  { method, path, query, json }: FakeRequest,
): FakeAnswer {
  if (path === "/v2/phone_numbers") {
    const wanted = query.get("filter[phone_number]");
    const all = [...memory.owned.values()].filter((one) => wanted === null || one.phone_number === wanted);
    const size = Number(query.get("page[size]") ?? PAGE_SIZE_DEFAULT);
    const number = Number(query.get("page[number]") ?? 1);
    return {
      status: 200,
      json: {
        data: all
          .slice((number - 1) * size, number * size)
          .map((one) => ({ record_type: "phone_number", ...one })),
        meta: {
          total_pages: Math.ceil(all.length / size),
          total_results: all.length,
          page_number: number,
          page_size: size,
        },
      },
    };
  }
  const id = path.split("/")[3];
  const found = [...memory.owned.values()].find((one) => one.id === id);
  if (!found?.phone_number) return MISSING;
  if (method === "DELETE") {
    memory.owned.delete(found.phone_number);
    return { status: 200, json: { data: { ...found, status: "deleted" } } };
  }
  if (method === "PATCH" && typeof json.connection_id === "string") {
    found.connection_id = json.connection_id;
    found.connection_name = applications.get(json.connection_id)?.friendly_name ?? "";
  }
  return { status: 200, json: { data: found } };
}

function texmlApplications(
  applications: TelnyxFake["applications"],
  { method, path, query, json }: FakeRequest,
): FakeAnswer {
  const id = path.split("/")[3];
  if (id === undefined && method === "GET") {
    const part = query.get("filter[friendly_name]") ?? "";
    const found = [...applications.values()].filter((one) => one.friendly_name?.includes(part));
    return { status: 200, json: { data: found, meta: { total_pages: 1, total_results: found.length } } };
  }
  const application = id === undefined ? { id: `14${applications.size}4` } : applications.get(id);
  if (!application?.id) return MISSING;
  if (method === "GET") return { status: 200, json: { data: application } };
  if (json.friendly_name === undefined || json.voice_url === undefined) {
    return refusal(
      422,
      "10004",
      "Missing required parameter",
      "The 'friendly_name' and 'voice_url' are needed.",
    );
  }
  const next = { ...application, ...(json as Record<string, string>) };
  applications.set(application.id, next);
  return { status: id === undefined ? 201 : 200, json: { data: next } };
}

/** developers.telnyx.com/api-reference/texml-rest-commands/request-recording-for-a-call */
function recordings(memory: FakeMemory, root: string, { path, form }: FakeRequest): FakeAnswer {
  const call_sid = path.slice(root.length + 1, -"/Recordings.json".length);
  if (!isUp(memory, call_sid)) return MISSING;
  const channels = form.get("RecordingChannels");
  memory.recordings.push({
    call_id: call_sid,
    callback: form.get("RecordingStatusCallback") ?? "",
    channels,
  });
  return {
    status: 200,
    json: {
      call_sid,
      channels: channels === "dual" ? 2 : 1,
      duration: null,
      error_code: null,
      sid: `e9cea0be-7dbd-4b98-98b1-${String(memory.recordings.length).padStart(12, "0")}`,
      source: "StartCallRecordingAPI",
      track: "both",
      uri: `${path.slice(0, -".json".length)}/1.json`,
    },
  };
}

function calls(memory: FakeMemory, root: string, request: FakeRequest): FakeAnswer | null {
  const { method, path, query } = request;
  if (method === "POST" && path.startsWith(`${root}/`) && path.endsWith("/Recordings.json"))
    return recordings(memory, root, request);
  if (path !== root && path !== `${root}.json`) {
    const leg = memory.legs.find((one) => path === `${root}/${one.id}`);
    return leg ? { status: 200, json: callResource(leg) } : null;
  }
  const after = query.get("StartTime_gt");
  const before = query.get("StartTime_lt");
  const from = query.get("From");
  const to = query.get("To");
  const found = memory.legs
    .filter((leg) => from === null || leg.from === from)
    .filter((leg) => to === null || leg.to === to)
    .filter((leg) => after === null || new Date(leg.started_at).toISOString().slice(0, 10) > after)
    .filter((leg) => before === null || new Date(leg.started_at).toISOString().slice(0, 10) < before)
    .sort((a, b) => b.started_at - a.started_at);
  const size = Number(query.get("PageSize") ?? PAGE_SIZE_DEFAULT);
  const page = Number(query.get("Page") ?? 0);
  const next = new URLSearchParams(query);
  next.set("Page", String(page + 1));
  next.set("PageToken", "MTY4AjgyNDkwNzIxMQ");
  const hasMore = (page + 1) * size < found.length;
  return {
    status: 200,
    json: {
      calls: found.slice(page * size, (page + 1) * size).map(callResource),
      page,
      page_size: size,
      uri: `${root}.json?${query}`,
      ...(hasMore && { next_page_uri: `${root}.json?${next}` }),
    },
  };
}

/** No parent: Telnyx's records do not name one. */
function callResource(leg: FakeLeg) {
  return {
    sid: leg.id,
    direction: leg.direction,
    from: leg.from,
    to: leg.to,
    status: statusOf(leg),
    start_time: rfc2822(leg.started_at),
    end_time: rfc2822(leg.ended_at),
    date_created: rfc2822(leg.started_at),
    duration: String(lengthOf(leg) ?? 0),
  };
}
