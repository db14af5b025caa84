import { and, asc, eq, gt, isNull, lte, or, type SQL, sql } from "drizzle-orm";
import type { ResumeInput } from "../../shared/api/common.ts";
import type { Used } from "../../shared/api/routing.ts";
import type { Target, TargetInput, TargetPatch } from "../../shared/api/targets.ts";
import { given } from "../../shared/given.ts";
import type { Instant } from "../../shared/instant.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Db, Statement } from "../platform/db.ts";
import type { PageAsk } from "../platform/paging.ts";
import { type PauseFields, pauseFrom, resumeFrom } from "../platform/pause.ts";
import type { Failure } from "../platform/problem.ts";
import { campaigns } from "./tables.ts";
import { targetGroups, targets } from "./target-tables.ts";

export type TargetRow = typeof targets.$inferSelect;

export type TargetFilter = { campaign_id?: string | undefined };

export const UNUSED: Used = { hour: 0, day: 0, month: 0, total: 0, concurrent: 0 };

/** A network sees all of its targets, an advertiser those of its campaigns: they are its own phones. */
function visibleTo(viewer: Viewer): SQL[] {
  const where: SQL[] = [eq(targets.network_id, viewer.network_id)];
  if (viewer.kind === "advertiser") {
    where.push(
      sql`${targets.campaign_id} IN (SELECT c.id FROM ${campaigns} c WHERE c.advertiser_id = ${viewer.organization_id})`,
    );
  }
  return where;
}

export async function findTarget(db: Db, viewer: Viewer, id: string): Promise<TargetRow | null> {
  const [row] = await db
    .select()
    .from(targets)
    .where(and(...visibleTo(viewer), eq(targets.id, id)))
    .limit(1);
  return row ?? null;
}

export function listTargets(
  db: Db,
  viewer: Viewer,
  page: PageAsk,
  filter: TargetFilter,
): Promise<TargetRow[]> {
  const where = visibleTo(viewer);
  if (page.after !== null) where.push(gt(targets.id, page.after));
  if (!page.retired) where.push(isNull(targets.retired_at));
  if (filter.campaign_id !== undefined) where.push(eq(targets.campaign_id, filter.campaign_id));
  return db
    .select()
    .from(targets)
    .where(and(...where))
    .orderBy(asc(targets.id))
    .limit(page.limit + 1);
}

/** The targets in use of a campaign, by id. */
export async function targetIdsInUse(db: Db, campaign_id: string): Promise<Set<string>> {
  const rows = await db
    .select({ id: targets.id })
    .from(targets)
    .where(and(eq(targets.campaign_id, campaign_id), isNull(targets.retired_at)));
  return new Set(rows.map(({ id }) => id));
}

/** The groups in use of a campaign, by id. */
export async function groupIdsInUse(db: Db, campaign_id: string): Promise<Set<string>> {
  const rows = await db
    .select({ id: targetGroups.id })
    .from(targetGroups)
    .where(and(eq(targetGroups.campaign_id, campaign_id), isNull(targetGroups.retired_at)));
  return new Set(rows.map(({ id }) => id));
}

/** The time zones of campaigns, by id: caps count by their clocks. */
export async function zonesOfCampaigns(
  db: Db,
  campaign_ids: readonly string[],
): Promise<Map<string, string>> {
  if (campaign_ids.length === 0) return new Map();
  const rows = await db
    .select({ id: campaigns.id, timezone: campaigns.timezone })
    .from(campaigns)
    .where(
      sql`${campaigns.id} IN (SELECT value FROM json_each(${JSON.stringify([...new Set(campaign_ids)])}))`,
    );
  return new Map(rows.map(({ id, timezone }) => [id, timezone]));
}

/** What the targets of a network are called, by id. */
export async function namesOfTargets(
  db: Db,
  network_id: string,
  ids: readonly string[],
): Promise<Map<string, string | null>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: targets.id, name: targets.name })
    .from(targets)
    .where(
      and(
        eq(targets.network_id, network_id),
        sql`${targets.id} IN (SELECT value FROM json_each(${JSON.stringify([...new Set(ids)])}))`,
      ),
    );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** A target with the calls it was sent lately. */
export function targetView(row: TargetRow, used: Used = UNUSED): Target {
  const { network_id: _, resumed_at: __, ...shown } = row;
  return { ...shown, used };
}

/** As many as one campaign's plan carries: it is read at every ring. */
const TARGETS_MAX = 200;

/**
 * A new target of a campaign. Refused when the campaign has 200 in use; a group must be the campaign's and in use.
 */
export async function createTarget(
  ground: Ground,
  viewer: Viewer,
  input: TargetInput,
): Promise<Result<Change<Target>, Failure>> {
  const { db, ids, now } = ground;
  const { campaign_id, number, priority, weight, timeout_s } = input;
  const [inUse, refused] = await Promise.all([
    targetIdsInUse(db, campaign_id),
    groupRefused(db, campaign_id, input.group_id),
  ]);
  if (refused) return err(refused);
  if (inUse.size >= TARGETS_MAX) {
    return err({ kind: "conflict", detail: `A campaign has at most ${TARGETS_MAX} targets.` });
  }
  const row: TargetRow = {
    id: ids.next("target"),
    network_id: viewer.network_id,
    campaign_id,
    group_id: input.group_id ?? null,
    name: input.name ?? null,
    number,
    priority,
    weight,
    timeout_s,
    hours: input.hours ?? null,
    regions: input.regions ?? null,
    hourly_cap: input.hourly_cap ?? null,
    daily_cap: input.daily_cap ?? null,
    monthly_cap: input.monthly_cap ?? null,
    total_cap: input.total_cap ?? null,
    concurrency_cap: input.concurrency_cap ?? null,
    paused_at: null,
    pause_reason: null,
    resume_at: null,
    resumed_at: null,
    created_at: now,
    updated_at: now,
    retired_at: null,
  };
  return ok({
    result: targetView(row),
    subject_id: row.id,
    statements: [db.insert(targets).values(row)],
    detail: input,
  });
}

async function groupRefused(
  db: Db,
  campaign_id: string,
  group_id: string | null | undefined,
): Promise<Failure | null> {
  if (group_id === null || group_id === undefined) return null;
  if ((await groupIdsInUse(db, campaign_id)).has(group_id)) return null;
  return { kind: "not_found", what: "target group in this campaign", pointer: "/group_id" };
}

/** Changes of a target's own row; what is not given stays. */
export function changedTarget(
  { db, now }: Ground,
  row: TargetRow,
  next: Partial<TargetRow>,
  detail: Record<string, unknown>,
  used: Used,
): Result<Change<Target>, Failure> {
  if (row.retired_at !== null) return err({ kind: "conflict", detail: "This target is retired." });
  const values = { ...next, updated_at: now };
  return ok({
    result: targetView({ ...row, ...values }, used),
    subject_id: row.id,
    statements: [db.update(targets).set(values).where(eq(targets.id, row.id))],
    detail,
  });
}

export async function changeTarget(
  ground: Ground,
  row: TargetRow,
  patch: TargetPatch,
  used: Used,
): Promise<Result<Change<Target>, Failure>> {
  const refused = await groupRefused(ground.db, row.campaign_id, patch.group_id);
  if (refused) return err(refused);
  return changedTarget(ground, row, given(patch), patch, used);
}

/** From now on no call is sent to the target, until it is resumed or `resume_at` has come. */
export function pauseTarget(
  ground: Ground,
  row: TargetRow,
  pause: { reason: string; resume_at?: Instant | undefined },
  used: Used,
): Result<Change<Target>, Failure> {
  const next = pauseFrom(ground.now, pause);
  return next.ok ? changedTarget(ground, row, next.value, pause, used) : next;
}

/** Unanswered calls count from the end of the pause on. */
export function resumeTarget(
  ground: Ground,
  row: TargetRow,
  detail: ResumeInput,
  used: Used,
): Result<Change<Target>, Failure> {
  const next = resumeFrom(ground.now, row, detail);
  if (!next.ok) return next;
  const resumed_at = next.value.resume_at ?? ground.now;
  return changedTarget(ground, row, { ...next.value, resumed_at }, detail, used);
}

/**
 * A network's target by its id, for a journey, and whether its group rings at once; null when there is none, or it is
 * retired.
 */
export async function readTarget(
  db: Db,
  network_id: string,
  id: string,
): Promise<(TargetRow & { rings_at_once: boolean }) | null> {
  const [row] = await db
    .select({ target: targets, ringing: targetGroups.ringing })
    .from(targets)
    .leftJoin(targetGroups, eq(targetGroups.id, targets.group_id))
    .where(and(eq(targets.network_id, network_id), eq(targets.id, id), isNull(targets.retired_at)))
    .limit(1);
  return row ? { ...row.target, rings_at_once: row.ringing === "simultaneous" } : null;
}

/** Pauses a target that nobody has paused meanwhile; a pause that is over by then is none. */
export function pauseStatement(db: Db, id: string, pause: PauseFields & { paused_at: Instant }): Statement {
  return db
    .update(targets)
    .set(pause)
    .where(and(eq(targets.id, id), or(isNull(targets.paused_at), lte(targets.resume_at, pause.paused_at))));
}

/** Takes a target out of use. Retiring it again changes nothing. */
export function retireTarget({ db, now }: Ground, row: TargetRow): Change<null> {
  const retired_at = row.retired_at ?? now;
  const retired = db.update(targets).set({ retired_at }).where(eq(targets.id, row.id));
  return { result: null, subject_id: row.id, statements: [retired], detail: {} };
}
