import { and, asc, eq, gt, isNull, type SQL } from "drizzle-orm";
import type { GroupInput, GroupPatch, TargetGroup, Used } from "../../shared/api/routing.ts";
import { given } from "../../shared/given.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Db } from "../platform/db.ts";
import type { PageAsk } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { targetGroups, targets } from "./target-tables.ts";
import { groupIdsInUse, type TargetFilter, UNUSED } from "./targets.ts";

export type GroupRow = typeof targetGroups.$inferSelect;

/** As many as one campaign's plan carries: it is read at every ring. */
const GROUPS_MAX = 50;

export async function findGroup(db: Db, viewer: Viewer, id: string): Promise<GroupRow | null> {
  const [row] = await db
    .select()
    .from(targetGroups)
    .where(and(eq(targetGroups.network_id, viewer.network_id), eq(targetGroups.id, id)))
    .limit(1);
  return row ?? null;
}

export function listGroups(db: Db, viewer: Viewer, page: PageAsk, filter: TargetFilter): Promise<GroupRow[]> {
  const where: SQL[] = [eq(targetGroups.network_id, viewer.network_id)];
  if (page.after !== null) where.push(gt(targetGroups.id, page.after));
  if (!page.retired) where.push(isNull(targetGroups.retired_at));
  if (filter.campaign_id !== undefined) where.push(eq(targetGroups.campaign_id, filter.campaign_id));
  return db
    .select()
    .from(targetGroups)
    .where(and(...where))
    .orderBy(asc(targetGroups.id))
    .limit(page.limit + 1);
}

export function groupView({ network_id: _, ...shown }: GroupRow, used: Used = UNUSED): TargetGroup {
  return { ...shown, used };
}

export async function createGroup(
  { db, ids, now }: Ground,
  viewer: Viewer,
  input: GroupInput,
): Promise<Result<Change<TargetGroup>, Failure>> {
  if ((await groupIdsInUse(db, input.campaign_id)).size >= GROUPS_MAX) {
    return err({ kind: "conflict", detail: `A campaign has at most ${GROUPS_MAX} target groups.` });
  }
  const { campaign_id, name, ringing } = input;
  const row: GroupRow = {
    id: ids.next("target_group"),
    network_id: viewer.network_id,
    campaign_id,
    name,
    ringing,
    hourly_cap: input.hourly_cap ?? null,
    daily_cap: input.daily_cap ?? null,
    monthly_cap: input.monthly_cap ?? null,
    total_cap: input.total_cap ?? null,
    concurrency_cap: input.concurrency_cap ?? null,
    created_at: now,
    retired_at: null,
  };
  return ok({
    result: groupView(row),
    subject_id: row.id,
    statements: [db.insert(targetGroups).values(row)],
    detail: input,
  });
}

export function changeGroup(
  { db }: Ground,
  row: GroupRow,
  patch: GroupPatch,
  used: Used,
): Result<Change<TargetGroup>, Failure> {
  if (row.retired_at !== null) return err({ kind: "conflict", detail: "This target group is retired." });
  const values = given(patch);
  const statements =
    Object.keys(values).length === 0
      ? []
      : [db.update(targetGroups).set(values).where(eq(targetGroups.id, row.id))];
  return ok({
    result: groupView({ ...row, ...values }, used),
    subject_id: row.id,
    statements,
    detail: patch,
  });
}

/** Takes a group out of use; its targets stay, each for itself. */
export function retireGroup({ db, now }: Ground, row: GroupRow): Change<null> {
  const retired_at = row.retired_at ?? now;
  return {
    result: null,
    subject_id: row.id,
    statements: [
      db.update(targetGroups).set({ retired_at }).where(eq(targetGroups.id, row.id)),
      db.update(targets).set({ group_id: null, updated_at: now }).where(eq(targets.group_id, row.id)),
    ],
    detail: {},
  };
}
