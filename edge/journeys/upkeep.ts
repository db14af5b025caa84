import { HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { networkIds } from "../accounts/directory.ts";
import { forgetExpiredAnswers } from "../accounts/kept-answers.ts";
import { callsNeverJudged, callsToReview, callsWithoutEnd } from "../calls/due.ts";
import { write } from "../platform/db.ts";
import { errorFields } from "../platform/log.ts";
import { repairPlans } from "../routing/plan-store.ts";
import type { Services } from "../services.ts";
import { closeLostImports } from "../signals/import-store.ts";
import { archiveSessions } from "./archive.ts";
import { eraseRecordings } from "./erase-recordings.ts";
import { fitModels } from "./fit-models.ts";
import { replayBlind } from "./inbound-call.ts";
import { endRests, measurePools } from "./inventory-upkeep.ts";
import { closeLostCall } from "./phone/lost.ts";
import { type Budget, PAGES_PER_RUN, reconcile } from "./reconcile.ts";
import { settleAlone, settleCall } from "./settle.ts";
import { keepWebhooks, webhookBudget } from "./webhooks/run.ts";

/** What a run did, by step; `failed` names the steps or calls that did not end well. */
export type UpkeepReport = {
  replayed: number;
  /** Calls about which their provider was asked, that changed by it, and that nobody had told us of. */
  asked: number;
  completed: number;
  imported: number;
  closed: number;
  judged: number;
  reviewed: number;
  plans_rewritten: number;
  /** Numbers whose rest was over. */
  moved: number;
  cooldowns_changed: number;
  /** Recordings whose time had come. */
  erased: number;
  /** Sessions copied to the archive. */
  archived: number;
  models_fitted: number;
  /** Messages that somebody's server took. */
  told: number;
  failed: string[];
};

const NETWORKS_PER_PAGE = 100;
/** Calls that one run takes on, over all networks: each costs 10 to 20 of the 1,000 queries that D1 grants a run. */
const CALLS_PER_RUN = 40;
/** Entries of the journal that cost as much as a call: half of what a run may send is theirs. */
const ENTRIES_PER_CALL = 2.5;
/** No phone company keeps a call up for longer by default; its end was lost. */
const LOST_AFTER_MS = 4 * HOUR_MS;
/** As long as a leg's report may take before the call is shown without it. */
const REPORT_PATIENCE_MS = 10 * MINUTE_MS;

/** A run under way. */
type Run = {
  services: Services;
  report: UpkeepReport;
  calls_left: number;
  /** How many of them are kept from what is marked to be judged again: there may be a file of twenty thousand of that. */
  calls_kept: number;
  /** What providers may still be asked. */
  budget: Budget;
  /** Does a piece of work that stands alone: when it fails it is logged and reported, and the next goes on. */
  step(name: string, work: () => Promise<void>): Promise<void>;
};

/**
 * What the clock asks for, once a minute: blind calls are replayed, copies of plans compared, old answers forgotten,
 * imports that lost their Worker closed, rests of numbers, holds and waits ended, lost calls closed, webhooks told, hours
 * of pools counted, models fitted by night. Every step, and every call in it, stands alone. There is no watermark but
 * that of the hours: each step finds what is due by looking, so running twice changes nothing, and what a run leaves the
 * next one does.
 */
export async function upkeep(services: Services, calls_max = CALLS_PER_RUN): Promise<UpkeepReport> {
  const run = startRun(services, calls_max);
  const { report, step } = run;
  const messages = webhookBudget(Math.ceil(calls_max / 2));
  await step("replay", async () => {
    report.replayed += (await replayBlind(services, ENTRIES_PER_CALL * calls_max)).replayed;
  });
  await step("networks", async () => {
    for (const network_id of await networksInTurn(services)) {
      const { db } = services.network(network_id);
      await step("plans", async () => {
        report.plans_rewritten += (await repairPlans(db, services.plans, network_id)).rewritten;
      });
      await step("answers", () => write(db, forgetExpiredAnswers(db, services.clock.now())));
      await step("imports", () => write(db, closeLostImports(db, network_id, services.clock.now())));
      await step("rests", async () => {
        report.moved += await endRests(services, network_id);
      });
      await step("review", () => reviewDue(run, network_id));
      await step("judge", () => judgeUnreported(run, network_id));
      await step("close", () => closeLost(run, network_id));
      // After what is due anyway: a provider that does not answer takes its time.
      await step("reconcile", async () => {
        const { asked, completed, imported } = await reconcile(services, network_id, run.budget);
        report.asked += asked;
        report.completed += completed;
        report.imported += imported;
      });
      await step("webhooks", async () => {
        report.told += await keepWebhooks(services, network_id, messages);
      });
      await step("recordings", async () => {
        report.erased += await eraseRecordings(services, network_id);
      });
      await step("archive", async () => {
        report.archived += await archiveSessions(services, network_id);
      });
      await step("pools", async () => {
        report.cooldowns_changed += await measurePools(services, network_id);
      });
      await step("models", async () => {
        const { fitted, failed } = await fitModels(services, network_id);
        report.models_fitted += fitted;
        report.failed.push(...failed.map((pool_id) => `model ${pool_id}`));
      });
    }
  });
  return report;
}

function startRun(services: Services, calls_max: number): Run {
  const report: UpkeepReport = {
    replayed: 0,
    asked: 0,
    completed: 0,
    imported: 0,
    closed: 0,
    judged: 0,
    reviewed: 0,
    plans_rewritten: 0,
    moved: 0,
    cooldowns_changed: 0,
    erased: 0,
    archived: 0,
    models_fitted: 0,
    told: 0,
    failed: [],
  };
  return {
    services,
    report,
    calls_left: calls_max,
    calls_kept: Math.floor(calls_max / 4),
    budget: { left: Math.ceil(calls_max / 2), pages_left: PAGES_PER_RUN },
    async step(name, work) {
      try {
        await work();
      } catch (error) {
        report.failed.push(name);
        services.log.error("upkeep step failed", { step: name, ...errorFields(error) });
      }
    },
  };
}

/** Every network, beginning with another one each minute: a run's calls must not always go to the same. */
async function networksInTurn(services: Services): Promise<string[]> {
  const networks: string[] = [];
  for (let page: string[] | null = null; page === null || page.length === NETWORKS_PER_PAGE; ) {
    page = await networkIds(services.directory.db, networks.at(-1) ?? "", NETWORKS_PER_PAGE);
    networks.push(...page);
  }
  const first = Math.floor(services.clock.now() / MINUTE_MS) % Math.max(1, networks.length);
  return [...networks.slice(first), ...networks.slice(0, first)];
}

/** One call of a step, as far as the run's calls go. */
async function eachCall<T>(
  run: Run,
  calls: readonly T[],
  name: (call: T) => string,
  work: (call: T) => Promise<void>,
) {
  for (const call of calls) {
    run.calls_left -= 1;
    await run.step(name(call), () => work(call));
  }
}

/**
 * Holds and waits that are over, pools that could not be asked, calls that others have marked to be judged again. Looks
 * until nothing is due: a judgement may mark further calls, or one that was judged already. Leaves some of the run's
 * calls to those that wait for their first judgement, or their end.
 */
async function reviewDue(run: Run, network_id: string): Promise<void> {
  const { services, report } = run;
  const { db } = services.network(network_id);
  const stuck = new Set<string>();
  for (;;) {
    const room = run.calls_left - run.calls_kept;
    if (room <= 0) return;
    const found = await callsToReview(db, network_id, services.clock.now(), room + stuck.size);
    const due = found.filter((call_id) => !stuck.has(call_id)).slice(0, room);
    if (due.length === 0) return;
    await eachCall(
      run,
      due,
      (call_id) => `review ${call_id}`,
      async (call_id) => {
        stuck.add(call_id);
        await settleAlone(services, { network_id, call_id, reason: "the time for it had come" });
        stuck.delete(call_id);
        report.reviewed += 1;
      },
    );
  }
}

/** Attributes calls whose report is missing, so that they are shown with their source; both verdicts stay pending. */
async function judgeUnreported(run: Run, network_id: string): Promise<void> {
  const { services, report } = run;
  const { db } = services.network(network_id);
  const began = services.clock.now() - REPORT_PATIENCE_MS;
  const unjudged = await callsNeverJudged(db, network_id, began, run.calls_left);
  await eachCall(
    run,
    unjudged,
    ({ id }) => `judge ${id}`,
    async ({ id }) => {
      await settleCall(services, { network_id, call_id: id, reason: "the leg's report is missing" });
      report.judged += 1;
    },
  );
}

async function closeLost(run: Run, network_id: string): Promise<void> {
  const { services, report } = run;
  const { db } = services.network(network_id);
  const began = services.clock.now() - LOST_AFTER_MS;
  const lost = await callsWithoutEnd(db, network_id, began, run.calls_left);
  await eachCall(
    run,
    lost,
    ({ id }) => `close ${id}`,
    async (row) => {
      await closeLostCall(services, row);
      report.closed += 1;
    },
  );
}
