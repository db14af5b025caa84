import { and, desc, eq, isNull, lt, lte } from "drizzle-orm";
import type { CallFlow, CallFlowVersion } from "../../shared/api/ivr.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Db } from "../platform/db.ts";
import { callFlows } from "./flow-tables.ts";
import { targetGroups, targets } from "./target-tables.ts";

export type CallFlowRow = typeof callFlows.$inferSelect;

/** The versions of a campaign's call flow before this one, newest first. */
export function listCallFlows(
  db: Db,
  campaign_id: string,
  before_version: number,
  limit: number,
): Promise<CallFlowRow[]> {
  return db
    .select()
    .from(callFlows)
    .where(and(eq(callFlows.campaign_id, campaign_id), lt(callFlows.version, before_version)))
    .orderBy(desc(callFlows.version))
    .limit(limit);
}

/** The version in force: the last one made. Null for a campaign that never had one. */
export async function lastCallFlow(db: Db, campaign_id: string): Promise<CallFlowRow | null> {
  const [row] = await listCallFlows(db, campaign_id, Number.MAX_SAFE_INTEGER, 1);
  return row ?? null;
}

/** The flow in force at a moment. */
export async function callFlowAt(db: Db, campaign_id: string, at: Instant): Promise<CallFlow | null> {
  const [row] = await db
    .select({ flow: callFlows.flow })
    .from(callFlows)
    .where(and(eq(callFlows.campaign_id, campaign_id), lte(callFlows.created_at, at)))
    .orderBy(desc(callFlows.version))
    .limit(1);
  return row?.flow ?? null;
}

/** The version that a call was begun under. */
export async function readCallFlow(db: Db, campaign_id: string, version: number): Promise<CallFlow | null> {
  const [row] = await db
    .select({ flow: callFlows.flow })
    .from(callFlows)
    .where(and(eq(callFlows.campaign_id, campaign_id), eq(callFlows.version, version)))
    .limit(1);
  return row?.flow ?? null;
}

/**
 * The next version of a campaign's call flow, in force for every call that rings from now on. Two requests that take
 * the same number collide on it, and the later one is prepared again.
 */
export async function addCallFlow(
  ground: Ground,
  viewer: Viewer,
  campaign_id: string,
  flow: CallFlow,
): Promise<Change<CallFlowVersion>> {
  const { db, ids, now } = ground;
  const last = await lastCallFlow(db, campaign_id);
  const row: CallFlowRow = {
    id: ids.next("call_flow"),
    network_id: viewer.network_id,
    campaign_id,
    version: (last?.version ?? 0) + 1,
    flow,
    created_at: now,
  };
  return {
    result: callFlowView(row),
    subject_id: campaign_id,
    statements: [db.insert(callFlows).values(row)],
    detail: { version: row.version, flow },
  };
}

/** What a menu of the campaign may name: its targets and groups in use, by their ids. */
export async function namesForFlow(
  db: Db,
  campaign_id: string,
): Promise<{ targets: ReadonlySet<string>; groups: ReadonlySet<string> }> {
  const [own, groups] = await db.batch([
    db
      .select({ id: targets.id })
      .from(targets)
      .where(and(eq(targets.campaign_id, campaign_id), isNull(targets.retired_at))),
    db
      .select({ id: targetGroups.id })
      .from(targetGroups)
      .where(and(eq(targetGroups.campaign_id, campaign_id), isNull(targetGroups.retired_at))),
  ]);
  return { targets: new Set(own.map(({ id }) => id)), groups: new Set(groups.map(({ id }) => id)) };
}

export function callFlowView({ id, campaign_id, version, created_at, flow }: CallFlowRow): CallFlowVersion {
  return { id, campaign_id, version, created_at, flow };
}
