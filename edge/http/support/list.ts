import * as v from "valibot";
import { ListQuery } from "../../../shared/api/common.ts";
import { ok, type Result } from "../../../shared/result.ts";
import { decodeCursor, PAGE_LIMIT_DEFAULT, type PageAsk } from "../../platform/paging.ts";
import type { Failure } from "../../platform/problem.ts";

/** What every list of things that can be retired understands. */
export const listFields = {
  ...ListQuery,
  retired: v.optional(v.picklist(["true", "false"], "must be true or false")),
};

export const listQuery = v.strictObject(listFields);

type ListAsked = { limit?: number | undefined; cursor?: string | undefined; retired?: string | undefined };

/** The page that a list's query asks for, in id order; retired things are listed with `?retired=true` only. */
export function pageAsked(query: ListAsked): Result<PageAsk, Failure> {
  const cursor = decodeCursor(query.cursor, ["string"]);
  if (!cursor.ok) return cursor;
  const after = cursor.value?.[0];
  return ok({
    limit: query.limit ?? PAGE_LIMIT_DEFAULT,
    after: typeof after === "string" ? after : null,
    retired: query.retired === "true",
  });
}

/** The cursor of lists in id order. */
export const byId = (row: { id: string }): [string] => [row.id];
