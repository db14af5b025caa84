import { Hono } from "hono";
import { ApiKey, ApiKeyInput, NewApiKey } from "../../shared/api/api-keys.ts";
import { ListOf } from "../../shared/api/common.ts";
import { ok } from "../../shared/result.ts";
import { apiKeyView, createApiKey, revokeApiKey } from "../accounts/api-keys.ts";
import { mayGrant } from "../accounts/permissions.ts";
import { findApiKey, listApiKeys } from "../accounts/store.ts";
import { toPage } from "../platform/paging.ts";
import { commit, groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { byId, listQuery, pageAsked } from "./support/list.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { absent, beyond, managedOrganization } from "./support/references.ts";
import { jsonBody, queryOf } from "./support/validate.ts";

/** `/api-keys`: shown once, kept as a hash, revoked at once. */
export const apiKeys = new Hono<HttpEnv>()
  .post(
    "/",
    may("api_keys.create"),
    described({
      summary: "Make an API key",
      description: "The key itself is in this answer only; a repetition by Idempotency-Key is without it.",
      answers: { 201: NewApiKey },
    }),
    jsonBody(ApiKeyInput),
    (c) =>
      commit(c, 201, async () => {
        const input = c.req.valid("json");
        const owner = await managedOrganization(c, input.organization_id, "/organization_id");
        if (!owner.ok) return owner;
        if (!mayGrant(c.var.viewer, owner.value.id, input.role)) {
          return beyond(`The role ${c.var.viewer.role} makes no key with a role above itself.`);
        }
        return ok(await createApiKey(groundOf(c), owner.value, input));
      }),
  )
  .get(
    "/",
    may("api_keys.list"),
    described({ summary: "List API keys", answers: { 200: ListOf(ApiKey) } }),
    queryOf(listQuery),
    async (c) => {
      const page = pageAsked(c.req.valid("query"));
      if (!page.ok) return problem(c, page.error);
      const rows = await listApiKeys(c.var.services.directory.db, c.var.viewer, page.value);
      return c.json(toPage(rows, page.value.limit, byId, apiKeyView), 200);
    },
  )
  .get(
    "/:id",
    may("api_keys.read"),
    described({ summary: "One API key", answers: { 200: ApiKey } }),
    async (c) => {
      const row = await findApiKey(c.var.services.directory.db, c.var.viewer, c.req.param("id"));
      return row ? c.json(apiKeyView(row), 200) : problem(c, { kind: "not_found", what: "API key" });
    },
  )
  .delete(
    "/:id",
    may("api_keys.revoke"),
    described({ summary: "Revoke an API key at once", answers: { 204: null } }),
    (c) =>
      commit(c, 204, async () => {
        const row = await findApiKey(c.var.services.directory.db, c.var.viewer, c.req.param("id"));
        return row ? ok(revokeApiKey(groundOf(c), row)) : absent("API key");
      }),
  );
