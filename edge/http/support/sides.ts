import { type Context, Hono } from "hono";
import { ListOf } from "../../../shared/api/common.ts";
import { Organization, OrganizationInput, OrganizationPatch } from "../../../shared/api/organizations.ts";
import { ok, type Result } from "../../../shared/result.ts";
import {
  createOrganization,
  organizationView,
  renameOrganization,
  retireOrganization,
  type SideKind,
} from "../../accounts/organizations.ts";
import { findOrganization, listOrganizations, type OrganizationRow } from "../../accounts/store.ts";
import { toPage } from "../../platform/paging.ts";
import type { Failure } from "../../platform/problem.ts";
import { retireWebhooksOf } from "../../webhooks/store.ts";
import { commit, groundOf } from "./commit.ts";
import { type HttpEnv, problem } from "./context.ts";
import { byId, listQuery, pageAsked } from "./list.ts";
import { may } from "./may.ts";
import { described } from "./openapi.ts";
import { absent, conflict, ownNetwork } from "./references.ts";
import { jsonBody, queryOf } from "./validate.ts";

/** What still hangs on an organization, in words ("2 campaigns"), or null when it may be retired. */
type InUse = (c: Context<HttpEnv>, row: OrganizationRow) => Promise<string | null>;

const WITH_ARTICLE = { advertiser: "an advertiser", publisher: "a publisher" } as const;

/** The organization of this kind that a path names. */
async function sideNamed(
  c: Context<HttpEnv>,
  kind: SideKind,
  id: string,
): Promise<Result<OrganizationRow, Failure>> {
  const row = await findOrganization(groundOf(c).db, c.var.viewer.network_id, id);
  return row?.kind === kind ? ok(row) : absent(kind);
}

/** The routes of `/advertisers` and `/publishers`, which are alike. */
export function sideRoutes<K extends SideKind>(kind: K, inUse: InUse) {
  return new Hono<HttpEnv>()
    .post(
      "/",
      may(`${kind}s.create`),
      described({ summary: `Add ${WITH_ARTICLE[kind]}`, answers: { 201: Organization } }),
      jsonBody(OrganizationInput),
      (c) =>
        commit(c, 201, async () => {
          const { name } = c.req.valid("json");
          return ok(createOrganization(groundOf(c), c.var.viewer, await ownNetwork(c), kind, name));
        }),
    )
    .get(
      "/",
      may(`${kind}s.list`),
      described({ summary: `List ${kind}s`, answers: { 200: ListOf(Organization) } }),
      queryOf(listQuery),
      async (c) => {
        const page = pageAsked(c.req.valid("query"));
        if (!page.ok) return problem(c, page.error);
        const rows = await listOrganizations(groundOf(c).db, c.var.viewer, kind, page.value);
        return c.json(toPage(rows, page.value.limit, byId, organizationView), 200);
      },
    )
    .get(
      "/:id",
      may(`${kind}s.read`),
      described({ summary: `One ${kind}`, answers: { 200: Organization } }),
      async (c) => {
        const row = await sideNamed(c, kind, c.req.param("id"));
        return row.ok ? c.json(organizationView(row.value), 200) : problem(c, row.error);
      },
    )
    .patch(
      "/:id",
      may(`${kind}s.update`),
      described({ summary: `Rename ${WITH_ARTICLE[kind]}`, answers: { 200: Organization } }),
      jsonBody(OrganizationPatch),
      (c) =>
        commit(c, 200, async () => {
          const row = await sideNamed(c, kind, c.req.param("id"));
          if (!row.ok) return row;
          if (row.value.retired_at !== null) return conflict(`This ${kind} is retired.`);
          return ok(renameOrganization(groundOf(c), row.value, c.req.valid("json")));
        }),
    )
    .delete(
      "/:id",
      may(`${kind}s.retire`),
      described({
        summary: `Retire ${WITH_ARTICLE[kind]}`,
        description:
          "Its keys are revoked, its people are out, and its webhooks are told nothing more. Refused while anything in use still belongs to it.",
        answers: { 204: null },
      }),
      (c) =>
        commit(c, 204, async () => {
          const row = await sideNamed(c, kind, c.req.param("id"));
          const what = row.ok ? await inUse(c, row.value) : null;
          if (what !== null) return conflict(`Retire what belongs to it first: ${what}.`);
          if (!row.ok) return row;
          const ground = groundOf(c);
          const statements = retireWebhooksOf(ground.db, row.value, ground.now);
          return ok({ ...retireOrganization(ground, row.value), statements });
        }),
    );
}
