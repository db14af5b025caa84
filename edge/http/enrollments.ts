import { Hono } from "hono";
import * as v from "valibot";
import { Enrollment, EnrollmentInput, TermsInput, TermsVersion } from "../../shared/api/campaigns.ts";
import { ListOf, ListQuery } from "../../shared/api/common.ts";
import { listEnrollments, listTerms } from "../campaigns/store.ts";
import { addTerms, enroll } from "../campaigns/versions.ts";
import { enrollmentView, termsView } from "../campaigns/view.ts";
import { campaignChanged, enrollmentChanged } from "../journeys/change-plans.ts";
import { countEarlierCalls } from "../journeys/count-earlier.ts";
import { decodeCursor, PAGE_LIMIT_DEFAULT, toPage } from "../platform/paging.ts";
import { commit, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { pageAsked } from "./support/list.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { campaignOf, openCampaign, organizationNamed } from "./support/references.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

const versionsQuery = v.strictObject(ListQuery);

/** `/campaigns/{id}/terms` and `/campaigns/{id}/enrollments`: what binds whom from when, in immutable versions. */
export const enrollments = new Hono<HttpEnv>()
  .post(
    "/:id/terms",
    may("terms.create"),
    described({
      summary: "Make a new version of the terms",
      description:
        "A call is judged by the version in force when it began; `effective_at` is not in the past.",
      answers: { 201: TermsVersion },
    }),
    jsonBody(TermsInput),
    (c) =>
      commit(
        c,
        201,
        async () => {
          const seen = await openCampaign(c, c.req.param("id"));
          if (!seen.ok) return seen;
          return addTerms(groundOf(c), c.var.viewer, seen.value.campaign.id, c.req.valid("json"));
        },
        async ({ campaign_id }) => {
          const { services, viewer } = c.var;
          await campaignChanged(services, viewer.network_id, campaign_id);
          await countEarlierCalls(services, viewer.network_id, { campaign_id, publisher_id: null });
        },
      ),
  )
  .get(
    "/:id/terms",
    may("terms.list"),
    described({ summary: "List the versions of the terms", answers: { 200: ListOf(TermsVersion) } }),
    queryOf(versionsQuery),
    async (c) => {
      const query = c.req.valid("query");
      const cursor = decodeCursor(query.cursor, ["number"]);
      if (!cursor.ok) return problem(c, cursor.error);
      const seen = await campaignOf(c, c.req.param("id"));
      if (!seen.ok) return problem(c, seen.error);
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT;
      const after = Number(cursor.value?.[0] ?? 0);
      const rows = await listTerms(groundOf(c).db, seen.value.campaign.id, after, limit + 1);
      const view = (row: (typeof rows)[number]) => termsView(c.var.viewer, row, seen.value.enrollment);
      return c.json(
        toPage(rows, limit, (row) => [row.version], view),
        200,
      );
    },
  )
  .post(
    "/:id/enrollments",
    may("enrollments.create"),
    described({
      summary: "Enroll a publisher, or change its enrollment",
      description: "A later one for the same publisher is a new version, in force from `effective_at`.",
      answers: { 201: Enrollment },
    }),
    jsonBody(EnrollmentInput),
    (c) =>
      commit(
        c,
        201,
        async () => {
          const input = c.req.valid("json");
          const seen = await openCampaign(c, c.req.param("id"));
          if (!seen.ok) return seen;
          const publisher = await organizationNamed(c, "/publisher_id", "publisher", input.publisher_id);
          if (!publisher.ok) return publisher;
          return enroll(groundOf(c), c.var.viewer, seen.value.campaign.id, input);
        },
        async (enrollment) => {
          const { services, viewer } = c.var;
          await enrollmentChanged(services, viewer.network_id, enrollment);
          await countEarlierCalls(services, viewer.network_id, enrollment);
        },
      ),
  )
  .get(
    "/:id/enrollments",
    may("enrollments.list"),
    described({
      summary: "List enrollments, each in its last version",
      answers: { 200: ListOf(Enrollment) },
    }),
    queryOf(versionsQuery),
    async (c) => {
      const page = pageAsked(c.req.valid("query"));
      if (!page.ok) return problem(c, page.error);
      const seen = await campaignOf(c, c.req.param("id"));
      if (!seen.ok) return problem(c, seen.error);
      const rows = await listEnrollments(groundOf(c).db, c.var.viewer, seen.value.campaign.id, page.value);
      return c.json(
        toPage(rows, page.value.limit, (row) => [row.enrollment.id], enrollmentView),
        200,
      );
    },
  );
