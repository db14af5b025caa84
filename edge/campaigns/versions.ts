import type { Enrollment, EnrollmentInput, TermsInput, TermsVersion } from "../../shared/api/campaigns.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Failure } from "../platform/problem.ts";
import { beginningOf, termsOf } from "./model/terms.ts";
import {
  type EnrollmentRow,
  type EnrollmentVersionRow,
  findEnrollment,
  lastTermsVersion,
  type TermsRow,
} from "./store.ts";
import { campaignTerms, enrollments, enrollmentVersions } from "./tables.ts";
import { enrollmentView, termsView } from "./view.ts";

const IN_THE_PAST: Failure = {
  kind: "invalid",
  faults: [{ pointer: "/effective_at", detail: "must not be in the past: calls are never priced again" }],
};

/**
 * The next version of a campaign's terms. Two requests that take the same number collide on it, and the later one
 * is prepared again.
 */
export async function addTerms(
  ground: Ground,
  viewer: Viewer,
  campaign_id: string,
  input: TermsInput,
): Promise<Result<Change<TermsVersion>, Failure>> {
  const { db, ids, now } = ground;
  const effective_at = beginningOf(input.effective_at, now);
  if (effective_at === null) return err(IN_THE_PAST);
  const row: TermsRow = {
    id: ids.next("terms"),
    network_id: viewer.network_id,
    campaign_id,
    version: (await lastTermsVersion(db, campaign_id)) + 1,
    effective_at,
    terms: termsOf(input),
    created_at: now,
  };
  return ok({
    result: termsView(viewer, row, null),
    subject_id: campaign_id,
    statements: [db.insert(campaignTerms).values(row)],
    detail: { version: row.version, ...input },
  });
}

/** Enrolls a publisher, or makes the next version of its enrollment. */
export async function enroll(
  ground: Ground,
  viewer: Viewer,
  campaign_id: string,
  input: EnrollmentInput,
): Promise<Result<Change<Enrollment>, Failure>> {
  const { db, ids, now } = ground;
  const { publisher_id, status, effective_at: asked, ...payout_terms } = input;
  const effective_at = beginningOf(asked, now);
  if (effective_at === null) return err(IN_THE_PAST);
  const known = await findEnrollment(db, campaign_id, publisher_id);
  const enrollment: EnrollmentRow = known?.enrollment ?? {
    id: ids.next("enrollment"),
    network_id: viewer.network_id,
    campaign_id,
    publisher_id,
    created_at: now,
    paused_at: null,
    pause_reason: null,
    resume_at: null,
  };
  const version: EnrollmentVersionRow = {
    id: ids.next("enrollment_version"),
    network_id: viewer.network_id,
    enrollment_id: enrollment.id,
    version: (known?.version.version ?? 0) + 1,
    effective_at,
    status,
    payout_terms,
    created_at: now,
  };
  return ok({
    result: enrollmentView({ enrollment, version }),
    subject_id: enrollment.id,
    statements: [
      ...(known ? [] : [db.insert(enrollments).values(enrollment)]),
      db.insert(enrollmentVersions).values(version),
    ],
    detail: { campaign_id, version: version.version, ...input },
  });
}
