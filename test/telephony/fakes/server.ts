import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a fake API sees it. `fields` holds the query and, of a form, its body; `json` a JSON body. */
export type FakeRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
  json: Record<string, unknown>;
  authorization: string;
};
export type FakeAnswer = { status: number; json?: unknown; headers?: Record<string, string> };

/** What is wrong with the next request: an answer instead, no answer at all, or the answer lost after the work. */
export type FakeFault = FakeAnswer | "hang_up" | "lose_answer";
/** A fault, and what else happens before it is noticed. */
type SlowFault = { meanwhile(): Promise<void>; then: FakeFault };

export type FakeServer = {
  url: string;
  /** `METHOD /path` of every request that came. */
  asked: string[];
  /** Has the next requests fail, one each: those whose `METHOD /path` matches `on`. */
  fail(faults: (FakeFault | SlowFault)[], on?: RegExp): void;
  close(): Promise<void>;
};

/** A small HTTP server in front of a fake's memory; a path it does not know is `404`, as at the provider. */
export async function serveFake(
  answer: (request: FakeRequest) => FakeAnswer,
  missing: FakeAnswer,
): Promise<FakeServer> {
  const asked: string[] = [];
  const due: { fault: FakeFault | SlowFault; on: RegExp }[] = [];
  const server: Server = createServer(async (incoming, outgoing) => {
    const request = await readRequest(incoming);
    const line = `${request.method} ${request.path}`;
    asked.push(line);
    const at = due.findIndex(({ on }) => on.test(line));
    const found = at < 0 ? undefined : due.splice(at, 1)[0]?.fault;
    const slow = typeof found === "object" && "meanwhile" in found ? found : null;
    const fault = slow ? slow.then : (found as FakeFault | undefined);
    if (fault === "hang_up") return void incoming.socket.destroy();
    const result = fault === undefined || fault === "lose_answer" ? (answer(request) ?? missing) : fault;
    await slow?.meanwhile();
    if (fault === "lose_answer") return void incoming.socket.destroy();
    outgoing.writeHead(result.status, { "content-type": "application/json", ...result.headers });
    outgoing.end(result.json === undefined ? "" : JSON.stringify(result.json));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    fail: (faults, on = /^/) => void due.push(...faults.map((fault) => ({ fault, on }))),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const url = new URL(incoming.url ?? "/", "http://fake");
  const isJson = (incoming.headers["content-type"] ?? "").includes("json");
  return {
    method: incoming.method ?? "GET",
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    form: isJson ? new URLSearchParams() : new URLSearchParams(text),
    json: isJson && text !== "" ? (JSON.parse(text) as Record<string, unknown>) : {},
    authorization: incoming.headers.authorization ?? "",
  };
}

/** A call leg in a fake's records; moments in ms, `answered_at` and `ended_at` null while that has not happened. */
export type FakeLeg = {
  id: string;
  parent_id: string | null;
  direction: "inbound" | "outbound";
  from: string;
  to: string;
  started_at: number;
  answered_at: number | null;
  ended_at: number | null;
  /** How it ended when nobody answered. */
  unanswered?: "busy" | "no-answer" | "failed" | "canceled";
};

/** What every fake remembers. */
export type FakeMemory = {
  for_sale: string[];
  /** By number: what the provider keeps of it. */
  owned: Map<string, Record<string, string>>;
  legs: FakeLeg[];
  /** Recordings that were asked for, of calls that were going on; `callback` is where their end is told. */
  recordings: { call_id: string; callback: string; channels: string | null }[];
  /** Recordings that were deleted. */
  erased: string[];
  /** By number: what kind of line it is, in the provider's word; and which numbers were asked about. */
  kinds: Map<string, string>;
  looked_up: string[];
  /** Phones that the API was asked to ring. */
  rung: {
    ring_id: string;
    from: string;
    to: string;
    timeout_s: number;
    answer_url: string;
    status_url: string;
  }[];
  /** Legs that were given another document, and phones that were told to stop ringing. */
  moved: { call_id: string; url: string }[];
  stopped: string[];
};

export function emptyMemory(): FakeMemory {
  return {
    for_sale: [],
    owned: new Map(),
    legs: [],
    recordings: [],
    erased: [],
    rung: [],
    moved: [],
    stopped: [],
    kinds: new Map(),
    looked_up: [],
  };
}

/** Deletes a recording that the path names; one that is gone is missing. */
export function erase(
  memory: FakeMemory,
  { method, path }: FakeRequest,
  pattern: RegExp,
  missing: FakeAnswer,
): FakeAnswer | null {
  const id = pattern.exec(path)?.[1];
  if (id === undefined || method !== "DELETE") return null;
  if (memory.erased.includes(id)) return missing;
  memory.erased.push(id);
  return { status: 204 };
}

/** Only a call that is up can be recorded. */
export function isUp(memory: FakeMemory, id: string | undefined): boolean {
  return memory.legs.some((leg) => leg.id === id && leg.answered_at !== null && leg.ended_at === null);
}

export function statusOf(leg: FakeLeg): string {
  if (leg.ended_at === null) return leg.answered_at === null ? "ringing" : "in-progress";
  return leg.answered_at === null ? (leg.unanswered ?? "no-answer") : "completed";
}

/** Whole seconds from the answer to the end, 0 without an answer, null while it goes on. */
export function lengthOf(leg: FakeLeg): number | null {
  if (leg.ended_at === null) return null;
  return leg.answered_at === null ? 0 : Math.round((leg.ended_at - leg.answered_at) / 1_000);
}

/** `Fri, 20 Nov 2026 12:00:00 +0000`, as Twilio writes a moment. */
export function rfc2822(at: number | null): string | null {
  return at === null ? null : new Date(at).toUTCString().replace("GMT", "+0000");
}
