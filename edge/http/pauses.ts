import { type Context, Hono } from "hono";
import { Enrollment } from "../../shared/api/campaigns.ts";
import { PauseInput, ResumeInput } from "../../shared/api/common.ts";
import { TrackingNumber } from "../../shared/api/inventory.ts";
import { ok, type Result } from "../../shared/result.ts";
import { findEnrollmentById, pauseEnrollment, resumeEnrollment } from "../campaigns/enrollment-pause.ts";
import type { EnrollmentState } from "../campaigns/store.ts";
import { setNumberPause } from "../inventory/number-pause.ts";
import { findNumber, type SeenNumber } from "../inventory/numbers.ts";
import { enrollmentChanged, numbersChanged } from "../journeys/change-plans.ts";
import type { Change } from "../platform/change.ts";
import { type PauseFields, pauseFrom, resumeFrom } from "../platform/pause.ts";
import type { Failure } from "../platform/problem.ts";
import { commit, groundOf } from "./support/commit.ts";
import type { HttpEnv } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { absent, conflict } from "./support/references.ts";
import { jsonBody } from "./support/validate.ts";

const HOLDS =
  "No call that starts 2 s after this is answered is sent there, until it is resumed or `resume_at` has come.";

async function enrollmentOf(c: Context<HttpEnv>): Promise<Result<EnrollmentState, Failure>> {
  const state = await findEnrollmentById(groundOf(c).db, c.var.viewer, c.req.param("id") ?? "");
  return state ? ok(state) : absent("enrollment");
}

/** Commits what a request changes of the enrollment that its path names. */
function changeEnrollment(
  c: Context<HttpEnv>,
  next: (state: EnrollmentState) => Result<Change<Enrollment>, Failure>,
) {
  const prepare = async () => {
    const state = await enrollmentOf(c);
    return state.ok ? next(state.value) : state;
  };
  return commit(c, 200, prepare, (enrollment) =>
    enrollmentChanged(c.var.services, c.var.viewer.network_id, enrollment),
  );
}

/** `/enrollments/{id}/pause` and `/resume`: calls to a publisher's own numbers. */
export const enrollmentPauses = new Hono<HttpEnv>()
  .post(
    "/:id/pause",
    may("enrollments.pause"),
    described({
      summary: "Pause an enrollment",
      description: `${HOLDS} Calls to the publisher's own numbers go as the campaign's routing says of suspended publishers.`,
      answers: { 200: Enrollment },
    }),
    jsonBody(PauseInput),
    (c) => changeEnrollment(c, (state) => pauseEnrollment(groundOf(c), state, c.req.valid("json"))),
  )
  .post(
    "/:id/resume",
    may("enrollments.resume"),
    described({ summary: "Resume an enrollment", answers: { 200: Enrollment } }),
    jsonBody(ResumeInput, { optional: true }),
    (c) => changeEnrollment(c, (state) => resumeEnrollment(groundOf(c), state, c.req.valid("json"))),
  );

async function numberOf(c: Context<HttpEnv>): Promise<Result<SeenNumber, Failure>> {
  const seen = await findNumber(groundOf(c).db, c.var.viewer, [], c.req.param("id") ?? "");
  if (!seen) return absent("number");
  return seen.number.retired_at === null ? ok(seen) : conflict("This number is retired.");
}

type NumberPause = {
  next: (current: PauseFields) => Result<PauseFields, Failure>;
  detail: Record<string, unknown>;
};

/** Commits that the number which the path names is paused, or is not any more. */
function pauseNumber(c: Context<HttpEnv>, { next, detail }: NumberPause) {
  const prepare = async () => {
    const seen = await numberOf(c);
    if (!seen.ok) return seen;
    const pause = next(seen.value.number);
    if (!pause.ok) return pause;
    return ok(setNumberPause(groundOf(c), c.var.viewer, seen.value, pause.value, detail));
  };
  return commit(c, 200, prepare, ({ id }) => numbersChanged(c.var.services, c.var.viewer.network_id, [id]));
}

/** `/numbers/{id}/pause` and `/resume`: calls to one number. */
export const numberPauses = new Hono<HttpEnv>()
  .post(
    "/:id/pause",
    may("numbers.pause"),
    described({ summary: "Pause a number", description: HOLDS, answers: { 200: TrackingNumber } }),
    jsonBody(PauseInput),
    (c) => {
      const detail = c.req.valid("json");
      return pauseNumber(c, { next: () => pauseFrom(groundOf(c).now, detail), detail });
    },
  )
  .post(
    "/:id/resume",
    may("numbers.resume"),
    described({ summary: "Resume a number", answers: { 200: TrackingNumber } }),
    jsonBody(ResumeInput, { optional: true }),
    (c) => {
      const detail = c.req.valid("json");
      return pauseNumber(c, { next: (current) => resumeFrom(groundOf(c).now, current, detail), detail });
    },
  );
