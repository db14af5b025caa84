import { readdir, readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { Call } from "../../shared/api/calls.ts";
import type { LedgerEntry } from "../../shared/api/ledger.ts";
import type { Me, OrganizationKind } from "../../shared/api/organizations.ts";
import { HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { disputesOf } from "./call-disputes.ts";
import * as f from "./call-fixtures.ts";

/** A server of invented calls for one role: the built dashboard from `dist/dashboard` and the JSON its call pages ask for. */

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** The same call at another time, with all that happened in it moved alike. */
function movedBy(call: Call, ms: number, id: string, from: string | null): Call {
  const at = <T extends number | null | undefined>(value: T) =>
    (typeof value === "number" ? value + ms : value) as T;
  return {
    ...call,
    id,
    from,
    started_at: at(call.started_at),
    answered_at: at(call.answered_at),
    ended_at: at(call.ended_at),
    session: call.session && {
      ...call.session,
      leased_at: at(call.session.leased_at ?? 0),
      last_seen_at: at(call.session.last_seen_at ?? 0),
      expires_at: at(call.session.expires_at ?? 0),
    },
    attribution: {
      ...call.attribution,
      candidates: call.attribution.candidates.map((candidate) => ({
        ...candidate,
        leased_at: at(candidate.leased_at ?? 0),
        last_seen_at: at(candidate.last_seen_at ?? 0),
        ended_at: at(candidate.ended_at ?? null),
      })),
    },
    timeline: (call.timeline ?? []).map((step) => ({ ...step, at: step.at + ms })),
  };
}

const ORDER = Object.keys(f.calls);

/** Every kind of call once, newest first, then the same again through the days before. */
export function inventedLog(): Call[] {
  const log: Call[] = [];
  ORDER.forEach((name, n) => {
    const call = f.calls[name];
    if (call)
      log.push(
        movedBy(call, name === "ringing" || name === "talking" ? 0 : -n * 7 * MINUTE_MS, call.id, call.from),
      );
  });
  const over = ORDER.filter((name) => !["ringing", "talking", "noCampaign"].includes(name));
  for (let n = 0; n < 90; n += 1) {
    const call = f.calls[over[n % over.length] ?? ""];
    const from = call?.from && `+1415555${String(100 + (n % 90)).padStart(4, "0")}`;
    if (call)
      log.push(movedBy(call, -(3 + n * 1.7) * HOUR_MS, `cal_${String(n).padStart(26, "0")}`, from ?? null));
  }
  return log.toSorted((a, b) => b.started_at - a.started_at);
}

function entriesOf(call: Call, kind: OrganizationKind): LedgerEntry[] {
  const status = call.revenue?.status;
  const all =
    status === "reversed"
      ? f.reversedEntries(call.id)
      : status === "qualified" || status === "held" || status === "paid"
        ? f.bookedEntries(call.id)
        : [];
  const shift = call.started_at - f.RING;
  const paysNobody = call.payout?.status === "rejected";
  const isBooked = (entry: LedgerEntry) => entry.kind !== "payout" || !paysNobody;
  const own = { network: null, advertiser: "receivable", publisher: "payable" }[kind];
  return all
    .filter((entry) => (own === null || entry.account === own) && isBooked(entry))
    .map((entry) => ({ ...entry, posted_at: entry.posted_at + shift }));
}

function meOf(kind: OrganizationKind): Me {
  const id = { network: "org_network", advertiser: "org_advertiser", publisher: "org_fernhill" }[kind];
  const organization = { id, kind, name: f.names.organization(id) ?? id, timezone: f.ZONE };
  return {
    organization,
    network: { id: "org_network", name: "Larkspur Network", timezone: f.ZONE },
    role: "owner",
    via: "user",
    user: { id: "usr_1", name: "Ada", email: "ada@larkspur.example" },
    organizations: [organization],
    demo: true,
  };
}

function matches(call: Call, query: URLSearchParams): boolean {
  const is = (name: string, value: unknown) => query.get(name) === null || query.get(name) === value;
  const from = Number(query.get("from") ?? 0);
  const to = Number(query.get("to") ?? Number.MAX_SAFE_INTEGER);
  const q = query.get("q");
  return (
    call.started_at >= from &&
    call.started_at < to &&
    is("campaign_id", call.campaign_id) &&
    is("publisher_id", call.publisher_id) &&
    is("status", call.status) &&
    is("attribution", call.attribution.method) &&
    is("payout_status", call.payout?.status) &&
    is("utm_source", call.session?.source) &&
    (q === null || call.id.includes(q) || (call.from ?? "").includes(q))
  );
}

function page<T>(rows: readonly T[], query: URLSearchParams): { data: T[]; next_cursor: string | null } {
  const begin = Number(query.get("cursor") ?? 0);
  const end = begin + Number(query.get("limit") ?? 50);
  return { data: rows.slice(begin, end), next_cursor: end < rows.length ? String(end) : null };
}

function totalsOf(calls: readonly Call[]): Record<string, number> {
  const sum = (pick: (call: Call) => number) => calls.reduce((total, call) => total + pick(call), 0);
  return {
    calls: calls.length,
    connected_calls: sum((call) => (call.connected_s ? 1 : 0)),
    connected_s: sum((call) => call.connected_s ?? 0),
    billable_calls: sum((call) => (call.revenue?.revenue_micros ? 1 : 0)),
    payable_calls: sum((call) => (call.payout?.payout_micros ? 1 : 0)),
    revenue_micros: sum((call) => call.revenue?.revenue_micros ?? 0),
    payout_micros: sum((call) => call.payout?.payout_micros ?? 0),
    margin_micros: sum((call) => call.margin_micros ?? 0),
  };
}

type Named = { id: string; name: string; [more: string]: unknown };
const LISTS: Readonly<Record<string, Named[]>> = {
  campaigns: [
    {
      id: "cmp_plumbing",
      name: "Emergency plumbing",
      timezone: f.ZONE,
      currency: "USD",
      terms: { version: 3, hold_s: 7 * 86_400 },
    },
  ],
  publishers: ["org_fernhill", "org_kestrel"].map((id) => ({ id, name: f.names.organization(id) ?? id })),
  advertisers: [{ id: "org_advertiser", name: "Harbor & Pine" }],
  sites: [{ id: "sit_main", name: "", origins: ["https://harborpine.example"] }],
};

/** A publisher sees its own calls and those that may have been its own. */
function isSeen(call: Call, kind: OrganizationKind): boolean {
  if (kind !== "publisher") return true;
  const share = call.attribution.publishers.find((one) => one.publisher_id === "org_fernhill");
  return call.publisher_id === "org_fernhill" || (share?.probability ?? 0) >= 0.25;
}

/** The API's answer to a path, or null where there is none. */
function answer(path: string, query: URLSearchParams, kind: OrganizationKind, log: readonly Call[]): unknown {
  if (path === "me") return meOf(kind);
  const list = LISTS[path];
  if (list) return kind === "network" || path === "campaigns" ? page(list, query) : null;
  const found = log.filter((call) => isSeen(call, kind) && matches(call, query));
  if (path === "calls")
    return page(
      found.map((call) => f.seenBy(kind, call)),
      query,
    );
  if (path === "reports")
    return { data: [], totals: totalsOf(found), group_count: 0, currency: "USD", timezone: f.ZONE };
  if (path === "ledger") {
    const asked = query.get("call_id");
    const calls = asked === null ? log : log.filter(({ id }) => id === asked);
    return page(
      calls.flatMap((call) => entriesOf(call, kind)),
      query,
    );
  }
  if (path === "disputes") {
    const call = log.find(({ id }) => id === query.get("call_id"));
    return page(call ? disputesOf(call, kind) : [], query);
  }
  if (path.endsWith("/history")) return kind === "network" ? f.HISTORY : null;
  const call = path.startsWith("calls/") ? log.find(({ id }) => `calls/${id}` === path) : undefined;
  return call ? f.seenBy(kind, call) : null;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "ringtrail-request-id": "req_01KA7QB3" });
  response.end(JSON.stringify(body));
}

export type CallServer = {
  url: string;
  /** Paths (`calls`, `ledger`) that fail from now on with a 503. */
  broken: Set<string>;
  close(): Promise<void>;
};

/** Serves the built dashboard in `dir` to a viewer of this kind. Whoever starts it closes it. */
export async function startCallServer(kind: OrganizationKind, dir: string): Promise<CallServer> {
  const log = inventedLog();
  const broken = new Set<string>();
  const files = new Map<string, Buffer>();
  for (const name of await readdir(dir)) files.set(name, await readFile(join(dir, name)));
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname.startsWith("/api/v1/")) {
      const path = url.pathname.slice("/api/v1/".length);
      if (broken.has(path))
        return json(response, 503, { title: "Unavailable", detail: "The database is resting." });
      const body = answer(path, url.searchParams, kind, log);
      if (body === null)
        return json(response, 404, { title: "Not found", detail: "There is no such thing." });
      return json(response, 200, body);
    }
    const file = extname(url.pathname) === "" ? "index.html" : url.pathname.slice(1);
    const bytes = files.get(file);
    response.writeHead(bytes ? 200 : 404, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    });
    response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    broken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
