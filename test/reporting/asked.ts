import { openDb } from "../../edge/platform/db.ts";
import type { Reader } from "../../edge/reporting/columns.ts";
import { planReport } from "../../edge/reporting/model/plan.ts";
import { report } from "../../edge/reporting/report.ts";
import type { ReportQuery } from "../../shared/api/reports.ts";
import { DAY_MS } from "../../shared/instant.ts";
import type { openDatabase } from "../support/database.ts";
import { type CallDraw, callRows, type SessionDraw } from "./facts.ts";
import { insertRows, makeNetwork, type TestNetwork } from "./network.ts";
import { type PartDraw, shareRows } from "./parts.ts";
import { networkReader } from "./readers.ts";

export const NOON = Date.UTC(2026, 10, 20, 12);
/** A plain call, part of a payout and visit, of which a test says only what matters to it. */
export const PLAIN: CallDraw = {
  at: NOON,
  campaign: 0,
  publisher: 0,
  proof: "number",
  visit: null,
  number: 0,
  caller: null,
  connected_s: 120,
  answered: true,
  duration_s: 130,
  status: "completed",
  method: "static_number",
  revenue: { status: "qualified", micros: 70_000_000 },
  payout: { status: "qualified", micros: 45_000_000 },
  parts: [],
  reject_reason: null,
  revenue_rule: null,
  region: "US-CA",
  target: "+14155550199",
  sub1: null,
  is_duplicate: false,
  is_test: false,
};
export const PART: PartDraw = { publisher: 0, status: "held", micros: 5, reject_reason: null };
export const VISIT: SessionDraw = {
  at: NOON,
  site: 0,
  number: 0,
  proven: false,
  source: "google",
  campaign: "",
  landing_path: "/",
  region: null,
};

type Database = Awaited<ReturnType<typeof openDatabase>>;

/** How a test fills a database with networks and asks for their reports, a day after noon. */
export function reportsIn(database: () => Database) {
  async function networkWith(draws: Partial<CallDraw>[]): Promise<TestNetwork> {
    const network = await makeNetwork(database());
    const whole = draws.map((draw): CallDraw => ({ ...PLAIN, ...draw }));
    await insertRows(database(), "calls", callRows(network, whole));
    const shares = whole.flatMap((draw, i) => shareRows(network, draw, i));
    await insertRows(database(), "call_shares", shares);
    return network;
  }

  async function ask(network: TestNetwork, query: ReportQuery, reader = networkReader(network)) {
    const plan = planReport(reader.kind, query);
    if (!plan.ok) throw new Error(`refused ${plan.error}`);
    const db = openDb(database().d1 as never);
    return report(db, { reader, plan: plan.value, query, timezone: "UTC", now: NOON + DAY_MS });
  }

  async function read(network: TestNetwork, query: ReportQuery, reader?: Reader) {
    const answer = await ask(network, query, reader);
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    return answer.value;
  }

  return { networkWith, ask, read };
}
