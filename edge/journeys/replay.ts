import type { Outcome, Replay, ReplayChange } from "../../shared/api/replays.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Parameters } from "../attribution/model/parameters.ts";
import { callsBetween } from "../calls/corrections.ts";
import { type CallRow, readCall } from "../calls/store.ts";
import { isConflict, write } from "../platform/db.ts";
import { toPage } from "../platform/paging.ts";
import type { Services } from "../services.ts";
import type { TermsFacts } from "../settlement/model/facts.ts";
import { correctionOf, correctionStatements } from "./judgement/correct.ts";
import { outcomeOfRow } from "./judgement/outcome.ts";
import { startPreview } from "./judgement/preview.ts";
import { settleCall } from "./settle.ts";

export type ReplayAsk = {
  network_id: string;
  from: Instant;
  to: Instant;
  campaign_id: string | null;
  /** What if these had been the terms; null for those in force when each call began. */
  terms: TermsFacts | null;
  /** What if this had been the model; null for the one in force when each call began. */
  parameters: Parameters | null;
  apply: boolean;
  after: { started_at: Instant; id: string } | null;
  limit: number;
};

const TRIES = 4;

/**
 * Recomputes calls from facts, oldest first, and says what would change, or with `apply` what did: assignments that
 * were corrected, visits that were stored late, what other calls say since. Applied, each call's new attribution and
 * verdicts are new rows and its money a reversal and a new booking; applied again nothing changes. What a preview
 * says of one call it says with the previewed verdicts of the same caller's calls before it.
 * Throws what D1 throws; calls that were done by then stay done, the same request goes on from there, and upkeep judges
 * those that were only corrected.
 */
export async function replayCalls(services: Services, ask: ReplayAsk): Promise<Replay> {
  const { db } = services.network(ask.network_id);
  const rows = await callsBetween(db, ask, ask.after, ask.limit + 1);
  const { data: page, next_cursor } = toPage(
    rows,
    ask.limit,
    (row) => [row.started_at, row.id],
    (row) => row,
  );
  const preview = startPreview(services, ask);
  const changes: ReplayChange[] = [];
  // All before any is judged: a repeat would be booked where it was, because the call before it is there no longer.
  const reasons = ask.apply ? await correctedAll(services, page) : [];
  for (const [i, row] of page.entries()) {
    changes.push(ask.apply ? await applied(services, row, reasons[i] ?? []) : await preview.changeOf(row));
  }
  return {
    mode: ask.apply ? "applied" : "preview",
    checked: page.length,
    calls: changes.filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after)),
    totals: totalsOf(changes),
    next_cursor,
  };
}

/** Corrects the calls' rows and snapshots where facts came late; for each the reasons. */
async function correctedAll(services: Services, rows: readonly CallRow[]): Promise<string[][]> {
  const reasons: string[][] = [];
  for (const row of rows) reasons.push(await corrected(services, row));
  return reasons;
}

/** Has a call, corrected before, attributed and judged anew, and compares. */
async function applied(services: Services, row: CallRow, reasons: string[]): Promise<ReplayChange> {
  const { network_id, id: call_id } = row;
  const { db } = services.network(network_id);
  const reason = ["replayed", ...reasons].join(": ");
  await settleCall(services, { network_id, call_id, reason, reconsider: true });
  const after = (await readCall(db, network_id, call_id)) ?? row;
  return {
    call_id,
    started_at: row.started_at,
    currency: after.currency,
    reasons,
    before: outcomeOfRow(row),
    after: outcomeOfRow(after),
  };
}

/** Writes a call's correction; reads again when somebody else changed the call meanwhile. */
async function corrected(services: Services, first: CallRow): Promise<string[]> {
  const { db } = services.network(first.network_id);
  for (let tries = 1, row: CallRow | null = first; row; tries++) {
    const correction = await correctionOf(services, row);
    try {
      await write(db, ...correctionStatements(services, row, correction));
      return correction.reasons;
    } catch (error) {
      if (!isConflict(error) || tries === TRIES) throw error;
      row = await readCall(db, first.network_id, first.id);
    }
  }
  return [];
}

function totalsOf(changes: readonly ReplayChange[]): Replay["totals"] {
  const totals = new Map<string, Replay["totals"][number]>();
  for (const { before, after } of changes) {
    for (const currency of new Set([before.currency, after.currency])) {
      if (currency === null) continue;
      const total = totals.get(currency) ?? {
        currency,
        calls: 0,
        before: { revenue_micros: 0, payout_micros: 0 },
        after: { revenue_micros: 0, payout_micros: 0 },
      };
      total.calls += 1;
      if (before.currency === currency) add(total.before, before);
      if (after.currency === currency) add(total.after, after);
      totals.set(currency, total);
    }
  }
  return [...totals.values()];
}

function add(sums: { revenue_micros: number; payout_micros: number }, of: Outcome): void {
  sums.revenue_micros += of.revenue_micros;
  sums.payout_micros += of.payout_micros;
}
