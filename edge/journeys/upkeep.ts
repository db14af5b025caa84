import { HOUR_MS, MINUTE_MS } from "../../shared/instant.ts";
import { networkIds } from "../accounts/directory.ts";
import { forgetExpiredAnswers } from "../accounts/kept-answers.ts";
import { callsNeverJudged, callsToReview, callsWithoutEnd } from "../calls/due.ts";
import { write } from "../platform/db.ts";
import { errorFields } from "../platform/log.ts";
import { repairPlans } from "../routing/plan-store.ts";
import type { Services } from "../services.ts";
import { replayBlind } from "./inbound-call.ts";
import { closeLostCall } from "./phone/lost.ts";
import { settleCall } from "./settle.ts";

/** What a run did, by step; `failed` names the steps or calls that did not end well. */
export type UpkeepReport = {
  replayed: number;
  closed: number;
  judged: number;
  reviewed: number;
  plans_rewritten: number;
  failed: string[];
};

const NETWORKS_PER_PAGE = 100;
/** Calls that one step of one run takes on; the next run goes on with the others. */
const CALLS_MAX = 100;
/** No phone company keeps a call up for longer by default; its end was lost. */
const LOST_AFTER_MS = 4 * HOUR_MS;
/** As long as a leg's report may take before the call is shown without it. */
const REPORT_PATIENCE_MS = 10 * MINUTE_MS;

/**
 * What the clock asks for, once a minute: blind calls are replayed, lost ones closed, holds and waits ended, copies
 * of plans compared, old answers forgotten. Every step stands alone: one that fails is logged and reported, and the
 * next goes on. There is no watermark: each step finds what is due by looking, so running twice changes nothing.
 */
export async function upkeep(services: Services): Promise<UpkeepReport> {
  const report: UpkeepReport = {
    replayed: 0,
    closed: 0,
    judged: 0,
    reviewed: 0,
    plans_rewritten: 0,
    failed: [],
  };
  const step = stepper(services, report);
  await step("replay", async () => {
    report.replayed += (await replayBlind(services)).replayed;
  });
  await step("networks", () =>
    eachNetwork(services, async (network_id) => {
      await step("close", () => closeLost(services, network_id, report));
      await step("judge", () => judgeUnreported(services, network_id, report));
      await step("review", () => review(services, network_id, report));
      await step("plans", async () => {
        const { db } = services.network(network_id);
        report.plans_rewritten += (await repairPlans(db, services.plans, network_id)).rewritten;
      });
      await step("answers", () => {
        const { db } = services.network(network_id);
        return write(db, forgetExpiredAnswers(db, services.clock.now()));
      });
    }),
  );
  return report;
}

type Step = (name: string, work: () => Promise<void>) => Promise<void>;

function stepper(services: Services, report: UpkeepReport): Step {
  return async (name, work) => {
    try {
      await work();
    } catch (error) {
      report.failed.push(name);
      services.log.error("upkeep step failed", { step: name, ...errorFields(error) });
    }
  };
}

async function eachNetwork(services: Services, work: (network_id: string) => Promise<void>): Promise<void> {
  let after = "";
  for (;;) {
    const page = await networkIds(services.directory.db, after, NETWORKS_PER_PAGE);
    for (const network_id of page) await work(network_id);
    const last = page.at(-1);
    if (last === undefined || page.length < NETWORKS_PER_PAGE) return;
    after = last;
  }
}

async function closeLost(services: Services, network_id: string, report: UpkeepReport): Promise<void> {
  const { db } = services.network(network_id);
  const began = services.clock.now() - LOST_AFTER_MS;
  for (const row of await callsWithoutEnd(db, network_id, began, CALLS_MAX)) {
    await stepper(services, report)(`close ${row.id}`, async () => {
      await closeLostCall(services, row);
      report.closed += 1;
    });
  }
}

/** Attributes calls whose report is missing, so that they are shown with their source; both verdicts stay pending. */
async function judgeUnreported(services: Services, network_id: string, report: UpkeepReport): Promise<void> {
  const { db } = services.network(network_id);
  const began = services.clock.now() - REPORT_PATIENCE_MS;
  for (const { id } of await callsNeverJudged(db, network_id, began, CALLS_MAX)) {
    await stepper(services, report)(`judge ${id}`, async () => {
      await settleCall(services, { network_id, call_id: id, reason: "the leg's report is missing" });
      report.judged += 1;
    });
  }
}

/** Holds and waits that are over, pools that could not be asked, repeats that are to be judged again. */
async function review(services: Services, network_id: string, report: UpkeepReport): Promise<void> {
  const { db } = services.network(network_id);
  for (const call_id of await callsToReview(db, network_id, services.clock.now(), CALLS_MAX)) {
    await stepper(services, report)(`review ${call_id}`, async () => {
      await settleCall(services, { network_id, call_id, reason: "the time for it had come" });
      report.reviewed += 1;
    });
  }
}
