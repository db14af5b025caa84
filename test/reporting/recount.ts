import type { Reader } from "../../edge/reporting/columns.ts";
import {
  type Dimension,
  type Group,
  METRICS,
  type Metric,
  type ReportRow,
  TIME_GROUPS,
  type TimeGroup,
} from "../../shared/api/reports.ts";
import { labelByTemporal } from "./clock.ts";
import { ofCall, ofPlace, ofSession, orNull, provenBy, type Value } from "./described.ts";
import type { BlockedFact, CallFact, SessionFact } from "./facts.ts";
import type { TestNetwork } from "./network.ts";

/** What a report should say, counted row by row in plain TypeScript, without a query. */

export type Facts = { calls: CallFact[]; sessions: SessionFact[]; blocked: BlockedFact[] };
export type Asked = {
  metrics: Metric[];
  groups: Group[];
  filters: Partial<Record<Dimension, string>>;
  from: number;
  to: number;
  zone: string;
};

/** One fact: when it was, what it is grouped by (absent: unknown to this kind of fact), and itself. */
type Counted =
  | { kind: "calls"; at: number; of: Partial<Record<Dimension, Value>>; call: CallFact }
  | { kind: "sessions"; at: number; of: Partial<Record<Dimension, Value>> }
  | { kind: "blocked"; at: number; of: Partial<Record<Dimension, Value>>; blocked: number };

const KIND: Partial<Record<Metric, Counted["kind"] | "clicks">> = {
  clicks: "clicks",
  sessions: "sessions",
  leases: "sessions",
  blocked_sessions: "blocked",
};
const DUE = ["qualified", "held", "paid"];
const CALLS_ONLY = [
  "target",
  "disposition",
  "status",
  "payout_status",
  "revenue_status",
  "attribution",
  "reject_reason",
  "currency",
];
const PLACES = ["campaign_id", "advertiser_id", "publisher_id", "site_id"];
const CLICKED = [...PLACES.slice(0, 3), "sub1", "sub2", "sub3", "sub4", "sub5", "region"];

export function isTime(group: Group): group is TimeGroup {
  return (TIME_GROUPS as readonly Group[]).includes(group);
}

/** The metrics that the reader gets: those it may see and whose facts know all groups and filters. */
export function metricsFor(reader: Reader, asked: Asked): Metric[] {
  const hidden: Record<Reader["kind"], string[]> = {
    network: [],
    advertiser: ["payable_calls", "payout_micros", "margin_micros"],
    publisher: ["billable_calls", "revenue_micros", "margin_micros"],
  };
  const used = [...asked.groups.filter((group) => !isTime(group)), ...Object.keys(asked.filters)];
  return asked.metrics.filter((metric) => {
    if (hidden[reader.kind].includes(metric)) return false;
    const kind = KIND[metric] ?? "calls";
    if (kind === "sessions") return used.every((name) => !CALLS_ONLY.includes(name));
    if (kind === "clicks") return used.every((name) => CLICKED.includes(name));
    return kind === "calls" || used.every((name) => PLACES.includes(name));
  });
}

/** Rows by their groups (as JSON), and totals. */
export function recount(network: TestNetwork, reader: Reader, facts: Facts, asked: Asked) {
  const metrics = metricsFor(reader, asked);
  const kinds = new Set<string>(metrics.map((metric) => KIND[metric] ?? "calls"));
  const asking = (groups: Group[]) => seenBy(network, reader, facts, { ...asked, groups }, kinds);
  const groups = new Map<string, Counted[]>();
  for (const fact of asking(asked.groups)) {
    const key = JSON.stringify(
      asked.groups.map((group) =>
        isTime(group) ? labelByTemporal(group, fact.at, asked.zone) : (fact.of[group] ?? null),
      ),
    );
    groups.set(key, [...(groups.get(key) ?? []), fact]);
  }
  const rows = new Map([...groups].map(([key, group]) => [key, figures(reader, metrics, group)]));
  return { metrics, rows, totals: figures(reader, metrics, asking([])) };
}

function seenBy(
  network: TestNetwork,
  reader: Reader,
  facts: Facts,
  asked: Asked,
  kinds: Set<string>,
): Counted[] {
  return seenFacts(network, reader, facts, asked)
    .filter(({ kind }) => kinds.has(kind))
    .filter(({ at }) => asked.from <= at && at < asked.to)
    .filter(({ of }) =>
      Object.entries(asked.filters).every(
        ([name, value]) => (of[name as Dimension] ?? null) === orNull(value),
      ),
    );
}

/** Every label of time in the range, in order (hours of the day from 0), found by looking at the clock every quarter of an hour. */
export function labelsOfRange(asked: Asked): Value[][] {
  const found = new Map<string, Value[]>();
  for (let at = asked.from; at < asked.to; at += 900_000 - (at % 900_000)) {
    const labels = asked.groups.filter(isTime).map((group) => labelByTemporal(group, at, asked.zone));
    found.set(JSON.stringify(labels), labels);
  }
  const rows = [...found.values()];
  const isDayClock = asked.groups.length === 1 && asked.groups[0] === "hour_of_day";
  return isDayClock ? rows.sort((a, b) => Number(a[0]) - Number(b[0])) : rows;
}

function seenFacts(network: TestNetwork, reader: Reader, facts: Facts, asked: Asked): Counted[] {
  const me = reader.organization_id;
  const isMine = (publisher_id: string | null, advertiser_id: string | null) =>
    reader.kind === "network" || me === (reader.kind === "publisher" ? publisher_id : advertiser_id);
  const calls = facts.calls
    .filter(({ is_test }) => !is_test)
    .flatMap((call) => toldAs(reader, asked, call))
    .filter(({ call }) => isMine(call.publisher_id, call.advertiser_id))
    .map(({ call, payout_status }) => ({
      kind: "calls" as const,
      at: call.started_at,
      of: { ...ofCall(network, reader, call), payout_status },
      call,
    }));
  const visits = [
    ...facts.sessions.map((session) => ({
      kind: "sessions" as const,
      at: session.leased_at,
      of: { ...ofSession(network, reader, session), ...ofPlace(network, session, session.publisher_id) },
      site_id: session.site_id,
    })),
    ...facts.blocked.map((row) => ({
      kind: "blocked" as const,
      at: row.hour_at,
      of: ofPlace(network, row, provenBy(network, row)),
      blocked: row.blocked,
      site_id: row.site_id,
    })),
  ].filter(({ of, site_id }) => {
    if (reader.kind !== "advertiser") return isMine(of.publisher_id, null);
    const site = network.sites.find(({ id }) => id === site_id)!;
    return of.publisher_id === null && site.publisher_id === null && of.advertiser_id === me;
  });
  return [...calls, ...visits];
}

/**
 * A call as this report tells it: once, unless its payout is shared and publishers are told apart. Then it stands with
 * each that has a part, and is of the status of the whole where no single publisher is asked for.
 */
function toldAs(reader: Reader, { groups, filters }: Asked, call: CallFact) {
  const whole = { call, payout_status: call.payout_status };
  const parts = call.shares.flatMap(({ payout_status, payout_micros, revenue_micros, ...share }) => {
    if (payout_status === null || payout_micros === null || revenue_micros === null) return [];
    const { publisher_id, reject_reason } = share;
    return [{ publisher_id, payout_status, payout_micros, revenue_micros, reject_reason }];
  });
  const named = reader.kind === "publisher" ? reader.organization_id : filters.publisher_id;
  const tellsApart = named !== undefined || groups.includes("publisher_id");
  if (parts.length === 0 || reader.kind === "advertiser" || !tellsApart) return [whole];
  if (named) {
    return parts
      .filter(({ publisher_id }) => publisher_id === named)
      .map((part) => ({ call: { ...call, ...part }, payout_status: part.payout_status }));
  }
  return parts.map(({ reject_reason: _, ...part }) => ({ ...whole, call: { ...call, ...part } }));
}

function figures(reader: Reader, metrics: readonly Metric[], facts: readonly Counted[]): ReportRow {
  const calls = facts.flatMap((fact) => (fact.kind === "calls" ? [fact.call] : []));
  const sessions = facts.filter(({ kind }) => kind === "sessions").length;
  const isBillable = (call: CallFact) => DUE.includes(call.revenue_status);
  const isPayable = (call: CallFact) => DUE.includes(call.payout_status);
  const judged = (call: CallFact) =>
    reader.kind === "advertiser" ? call.revenue_status : call.payout_status;
  const count = (test: (call: CallFact) => boolean) => calls.filter(test).length;
  const sum = (of: (call: CallFact) => number | null) =>
    calls.reduce((total, call) => total + (of(call) ?? 0), 0);
  const seesMoney = (call: CallFact) =>
    (reader.kind !== "publisher" && isBillable(call)) || (reader.kind !== "advertiser" && isPayable(call));
  const currencies = new Set(
    calls
      .filter(seesMoney)
      .map(({ currency }) => currency)
      .filter(Boolean),
  );
  const money = (of: (call: CallFact) => number) => (currencies.size > 1 ? null : sum(of));
  const revenue = (call: CallFact) => (isBillable(call) ? call.revenue_micros : 0);
  const payout = (call: CallFact) => (isPayable(call) ? call.payout_micros : 0);
  const all: Record<Metric, number | null> = {
    clicks: 0,
    sessions,
    leases: sessions,
    blocked_sessions: facts.reduce((total, fact) => total + (fact.kind === "blocked" ? fact.blocked : 0), 0),
    calls: calls.length,
    connected_calls: count(({ connected_s, answered_at }) =>
      connected_s === null ? answered_at !== null : connected_s > 0,
    ),
    billable_calls: count(isBillable),
    payable_calls: count(isPayable),
    paid_calls: count((call) => judged(call) === "paid"),
    rejected_calls: count((call) => judged(call) === "rejected"),
    duplicate_calls: count(({ is_duplicate }) => is_duplicate === 1),
    unique_callers: new Set(calls.map(({ from_hash }) => from_hash).filter(Boolean)).size,
    duration_s: sum(({ duration_s }) => duration_s),
    connected_s: sum(({ connected_s }) => connected_s),
    signals: 0,
    revenue_micros: money(revenue),
    payout_micros: money(payout),
    margin_micros: money((call) => revenue(call) - payout(call)),
  };
  return Object.fromEntries(
    METRICS.filter((name) => metrics.includes(name)).map((name) => [name, all[name]]),
  );
}
