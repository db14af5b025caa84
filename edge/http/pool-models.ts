import { Hono } from "hono";
import * as v from "valibot";
import { ListOf, ListQuery } from "../../shared/api/common.ts";
import { PoolModel } from "../../shared/api/pool-models.ts";
import { fitsOfPool } from "../attribution/model-store.ts";
import { findPool } from "../inventory/pools.ts";
import { decodeCursor, PAGE_LIMIT_DEFAULT, toPage } from "../platform/paging.ts";
import { groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { queryOf } from "./support/validate.ts";

/** `/pools/{id}/models`: what was learned of a pool's calls, night by night. */
export const poolModels = new Hono<HttpEnv>().get(
  "/:id/models",
  may("pool_models.list"),
  described({
    summary: "The models learned of a pool's calls, newest first",
    description:
      "Each is in force for calls that begin 15 minutes after its `fitted_at` or later. Calls before the first were " +
      "attributed by the values that every pool starts with. A version may be tried on other calls with `POST /replays`.",
    answers: { 200: ListOf(PoolModel) },
  }),
  queryOf(v.strictObject(ListQuery)),
  async (c) => {
    const { db } = groundOf(c);
    const seen = await findPool(db, c.var.viewer, c.req.param("id"));
    if (!seen) return problem(c, { kind: "not_found", what: "pool" });
    const { limit = PAGE_LIMIT_DEFAULT, cursor } = c.req.valid("query");
    const after = decodeCursor(cursor, ["number"]);
    if (!after.ok) return problem(c, after.error);
    const before = after.value?.[0];
    const rows = await fitsOfPool(db, seen.pool, {
      before: typeof before === "number" ? before : null,
      limit: limit + 1,
    });
    return c.json(
      toPage(
        rows,
        limit,
        (row) => [row.fitted_at],
        (row) => row,
      ),
      200,
    );
  },
);
