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
  serveFake,
} from "./server.ts";

/** Plivo's API v1: numbers for sale and rented, applications, records of calls that have ended. */
export type PlivoFake = FakeServer & FakeMemory & { applications: Map<string, Record<string, string>> };

const API_ID = "5a9fcb68-582d-11e1-86da-6ff39efcb949";
const LIMIT_MAX = 20;
const MISSING: FakeAnswer = { status: 404, json: { api_id: API_ID, error: "not found" } };

export async function fakePlivo(account: { sid: string; token: string }): Promise<PlivoFake> {
  const memory = emptyMemory();
  const applications = new Map<string, Record<string, string>>();
  const root = `/v1/Account/${account.sid}`;
  const expected = `Basic ${Buffer.from(`${account.sid}:${account.token}`).toString("base64")}`;
  const server = await serveFake((request) => {
    if (request.authorization !== expected) {
      return { status: 401, json: { api_id: API_ID, error: "authentication failed" } };
    }
    if (!request.path.startsWith(`${root}/`)) return MISSING;
    const path = request.path.slice(root.length);
    return (
      numbersForSale(memory, root, path, request) ??
      rented(memory, root, path, request) ??
      applicationsOf(applications, path, request) ??
      recordings(memory, path, request) ??
      liveCalls(memory, path, request) ??
      erase(memory, request, /\/Recording\/([\w-]+)\/$/, MISSING) ??
      calls(memory, root, path, request) ??
      MISSING
    );
  }, MISSING);
  return Object.assign(server, memory, { applications });
}

function page(objects: unknown[], query: URLSearchParams): FakeAnswer {
  const limit = Math.min(LIMIT_MAX, Number(query.get("limit") ?? LIMIT_MAX));
  const offset = Number(query.get("offset") ?? 0);
  const hasMore = offset + limit < objects.length;
  return {
    status: 200,
    json: {
      api_id: API_ID,
      meta: {
        limit,
        offset,
        next: hasMore ? `/v1/Account/…/?limit=${limit}&offset=${offset + limit}` : null,
        previous: null,
        total_count: objects.length,
      },
      objects: objects.slice(offset, offset + limit),
    },
  };
}

function numbersForSale(
  memory: FakeMemory,
  root: string,
  path: string,
  request: FakeRequest,
): FakeAnswer | null {
  if (path === "/PhoneNumber/") {
    const pattern = request.query.get("pattern") ?? "";
    const found = memory.for_sale.filter((number) => number.slice(2).startsWith(pattern));
    const objects = found.map((number) => ({
      number: number.slice(1),
      type: "fixed",
      country: "UNITED STATES",
      region: "California, UNITED STATES",
      city: "SAN FRANCISCO",
      rate_center: "SNFC CNTRL",
      voice_enabled: true,
      monthly_rental_rate: "0.80000",
      setup_rate: "0.00000",
      resource_uri: `${root}/PhoneNumber/${number.slice(1)}/`,
    }));
    return page(objects, request.query);
  }
  const digits = /^\/PhoneNumber\/(\d+)\/$/.exec(path)?.[1];
  if (digits === undefined || request.method !== "POST") return null;
  const at = memory.for_sale.indexOf(`+${digits}`);
  if (at < 0) return { status: 404, json: { api_id: API_ID, error: "number not found" } };
  memory.for_sale.splice(at, 1);
  memory.owned.set(`+${digits}`, { number: digits, app_id: String(request.json.app_id ?? "") });
  return {
    status: 201,
    json: {
      api_id: API_ID,
      message: "created",
      numbers: [{ number: digits, status: "Success" }],
      status: "fulfilled",
    },
  };
}

function rented(memory: FakeMemory, root: string, path: string, request: FakeRequest): FakeAnswer | null {
  const view = (one: Record<string, string>) => ({
    number: one.number,
    alias: null,
    application: one.app_id === "" ? null : `${root}/Application/${one.app_id}/`,
    number_type: "local",
    region: "California, UNITED STATES",
    voice_enabled: true,
    resource_uri: `${root}/Number/${one.number}/`,
  });
  if (path === "/Number/") return page([...memory.owned.values()].map(view), request.query);
  const digits = /^\/Number\/(\d+)\/$/.exec(path)?.[1];
  if (digits === undefined) return null;
  const number = memory.owned.get(`+${digits}`);
  if (!number) return MISSING;
  if (request.method === "DELETE") {
    memory.owned.delete(`+${digits}`);
    return { status: 204 };
  }
  if (request.method === "GET") return { status: 200, json: { api_id: API_ID, ...view(number) } };
  number.app_id = String(request.json.app_id ?? number.app_id);
  return { status: 202, json: { api_id: API_ID, message: "changed" } };
}

function applicationsOf(
  applications: PlivoFake["applications"],
  path: string,
  { method, json, query }: FakeRequest,
): FakeAnswer | null {
  if (path === "/Application/" && method === "GET") {
    const name = query.get("app_name");
    return page(
      [...applications.values()].filter((one) => name === null || one.app_name === name),
      query,
    );
  }
  if (path === "/Application/") {
    if (!/^[\w-]{1,100}$/.test(String(json.app_name))) {
      return {
        status: 400,
        json: { api_id: API_ID, error: "app_name may hold letters, digits, - and _ only" },
      };
    }
    const app_id = String(20_372_631_212_782_780n + BigInt(applications.size));
    applications.set(app_id, { ...(json as Record<string, string>), app_id });
    return { status: 201, json: { api_id: API_ID, message: "created", app_id } };
  }
  const app_id = /^\/Application\/(\d+)\/$/.exec(path)?.[1];
  if (app_id === undefined) return null;
  const known = applications.get(app_id);
  if (!known) return MISSING;
  if (method === "GET") return { status: 200, json: { api_id: API_ID, ...known } };
  applications.set(app_id, { ...known, ...(json as Record<string, string>), app_id });
  return { status: 202, json: { api_id: API_ID, message: "changed" } };
}

/** plivo.com/docs/voice/api/record: `time_limit` is 60 s unless told. */
function recordings(memory: FakeMemory, path: string, { method, json }: FakeRequest): FakeAnswer | null {
  const call_id = /^\/Call\/([\w-]+)\/Record\/$/.exec(path)?.[1];
  if (call_id === undefined || method !== "POST") return null;
  if (!isUp(memory, call_id)) return { status: 404, json: { api_id: API_ID, error: "call not found" } };
  if (Number(json.time_limit ?? 60) < 3_600) {
    return { status: 400, json: { api_id: API_ID, error: "this would cut a long call short" } };
  }
  const recording_id = `2e2b7fc8-7d3a-11f0-b7a0-${String(memory.recordings.length).padStart(12, "0")}`;
  memory.recordings.push({ call_id, callback: String(json.callback_url ?? ""), channels: null });
  return {
    status: 202,
    json: {
      api_id: API_ID,
      message: "call recording started",
      recording_id,
      url: `https://media.plivo.com/v1/Account/MA/Recording/${recording_id}.mp3`,
    },
  };
}

/** plivo.com/docs/voice/api/call: a call is made, its two legs are given other documents, a request is cancelled. */
function liveCalls(memory: FakeMemory, path: string, { method, json }: FakeRequest): FakeAnswer | null {
  const request_id = /^\/Request\/([\w-]+)\/$/.exec(path)?.[1];
  if (request_id !== undefined && method === "DELETE") {
    memory.stopped.push(request_id);
    return { status: 204 };
  }
  if (method !== "POST") return null;
  const text = (name: string) => String(json[name] ?? "");
  if (path === "/Call/") {
    if (/^\+/.test(text("to"))) return { status: 400, json: { api_id: API_ID, error: "to is not valid" } };
    const ring_id = `9834029e-58b6-11e1-b8b7-${String(memory.rung.length).padStart(12, "0")}`;
    const hooks = { answer_url: text("answer_url"), status_url: text("hangup_url") };
    const timeout_s = Number(json.ring_timeout ?? 120);
    memory.rung.push({ ring_id, from: `+${text("from")}`, to: `+${text("to")}`, timeout_s, ...hooks });
    return { status: 201, json: { api_id: API_ID, message: "call fired", request_uuid: ring_id } };
  }
  const call_id = /^\/Call\/([\w-]+)\/$/.exec(path)?.[1];
  if (call_id === undefined) return null;
  if (json.legs !== "both") return { status: 400, json: { api_id: API_ID, error: "one leg would be lost" } };
  memory.moved.push(
    { call_id, url: text("aleg_url") },
    { call_id: `b of ${call_id}`, url: text("bleg_url") },
  );
  return { status: 202, json: { api_id: API_ID, message: "call transferred" } };
}

function calls(memory: FakeMemory, root: string, path: string, { query }: FakeRequest): FakeAnswer | null {
  // Records are written when a call ends.
  const ended = memory.legs.filter((leg) => leg.ended_at !== null);
  if (path === "/Call/") {
    const parent = query.get("parent_call_uuid");
    const direction = query.get("call_direction");
    const utc = (text: string | null, otherwise: number) =>
      text === null ? otherwise : Date.parse(`${text.replace(" ", "T")}Z`);
    const since = utc(query.get("end_time__gte"), 0);
    const until = utc(query.get("end_time__lt"), Number.POSITIVE_INFINITY);
    const found = ended
      .filter((leg) => parent === null || leg.parent_id === parent)
      .filter((leg) => direction === null || leg.direction === direction)
      .filter((leg) => (leg.ended_at ?? 0) >= since && (leg.ended_at ?? 0) < until)
      .sort((a, b) => (b.ended_at ?? 0) - (a.ended_at ?? 0));
    return page(
      found.map((leg) => record(leg, root)),
      query,
    );
  }
  const id = /^\/Call\/([\w-]+)\/$/.exec(path)?.[1];
  if (id === undefined) return null;
  const leg = ended.find((one) => one.id === id);
  return leg ? { status: 200, json: { api_id: API_ID, ...record(leg, root) } } : MISSING;
}

const CAUSES = {
  busy: "Busy Line",
  "no-answer": "No Answer",
  failed: "Network Error",
  canceled: "Cancelled",
};

function record(leg: FakeLeg, root: string) {
  return {
    call_uuid: leg.id,
    parent_call_uuid: leg.parent_id,
    call_direction: leg.direction,
    from_number: leg.from.replace("+", ""),
    to_number: leg.to.replace("+", ""),
    initiation_time: stamp(leg.started_at),
    answer_time: stamp(leg.answered_at),
    end_time: stamp(leg.ended_at),
    call_duration: lengthOf(leg),
    bill_duration: lengthOf(leg),
    billed_duration: Math.ceil((lengthOf(leg) ?? 0) / 60) * 60,
    hangup_cause_code: leg.answered_at === null ? 3000 : 4000,
    hangup_cause_name: leg.answered_at === null ? CAUSES[leg.unanswered ?? "no-answer"] : "Normal Hangup",
    hangup_source: "Callee",
    total_amount: "0.00000",
    total_rate: "0.00850",
    resource_uri: `${root}/Call/${leg.id}/`,
  };
}

/** `2026-11-21 17:30:00+05:30`: Plivo writes moments in the time zone of the account. */
function stamp(at: number | null): string | null {
  if (at === null) return null;
  const local = new Date(at + 5.5 * 3_600_000).toISOString();
  return `${local.slice(0, 19).replace("T", " ")}+05:30`;
}
