import { and, eq } from "drizzle-orm";
import type { Enrollment } from "../../shared/api/campaigns.ts";
import type { ResumeInput } from "../../shared/api/common.ts";
import type { Instant } from "../../shared/instant.ts";
import { ok, type Result } from "../../shared/result.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Db } from "../platform/db.ts";
import { type PauseFields, pauseFrom, resumeFrom } from "../platform/pause.ts";
import type { Failure } from "../platform/problem.ts";
import { type EnrollmentState, findEnrollment } from "./store.ts";
import { enrollments } from "./tables.ts";
import { enrollmentView } from "./view.ts";

/** A network's enrollment with the version made last. */
export async function findEnrollmentById(
  db: Db,
  viewer: Viewer,
  id: string,
): Promise<EnrollmentState | null> {
  const [row] = await db
    .select({ campaign_id: enrollments.campaign_id, publisher_id: enrollments.publisher_id })
    .from(enrollments)
    .where(and(eq(enrollments.network_id, viewer.network_id), eq(enrollments.id, id)))
    .limit(1);
  return row ? findEnrollment(db, row.campaign_id, row.publisher_id) : null;
}

/** From now on no call to a number of this publisher's own is sent to the campaign, until it is resumed. */
export function pauseEnrollment(
  ground: Ground,
  state: EnrollmentState,
  pause: { reason: string; resume_at?: Instant | undefined },
): Result<Change<Enrollment>, Failure> {
  const next = pauseFrom(ground.now, pause);
  return next.ok ? ok(changed(ground, state, next.value, pause)) : next;
}

export function resumeEnrollment(
  ground: Ground,
  state: EnrollmentState,
  detail: ResumeInput,
): Result<Change<Enrollment>, Failure> {
  const next = resumeFrom(ground.now, state.enrollment, detail);
  return next.ok ? ok(changed(ground, state, next.value, detail)) : next;
}

function changed(
  { db }: Ground,
  { enrollment, version }: EnrollmentState,
  pause: PauseFields,
  detail: Record<string, unknown>,
): Change<Enrollment> {
  return {
    result: enrollmentView({ enrollment: { ...enrollment, ...pause }, version }),
    subject_id: enrollment.id,
    statements: [db.update(enrollments).set(pause).where(eq(enrollments.id, enrollment.id))],
    detail,
  };
}
