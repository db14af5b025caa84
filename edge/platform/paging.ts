import { err, ok, type Result } from "../../shared/result.ts";
import { fromBase64Url, toBase64Url } from "./crypto.ts";
import type { Failure } from "./problem.ts";

export const PAGE_LIMIT_MAX = 200;
export const PAGE_LIMIT_DEFAULT = 50;

/** One page of a list: rows and where the next page begins. */
export type Page<T> = { data: T[]; next_cursor: string | null };

/**
 * What a list in id order is asked for: rows after this id. A store answers `limit + 1` of them, so that
 * `toPage` knows whether more follow. Retired things are listed only when asked for.
 */
export type PageAsk = { limit: number; after: string | null; retired: boolean };

/** A cursor holds the sort key of the last row shown: `[number | string, …]`. It names a place, it grants nothing. */
export type Cursor = readonly (string | number)[];

export function encodeCursor(cursor: Cursor): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify(cursor)));
}

/** Reads a cursor of exactly this shape; a damaged one is a fault of `?cursor`, never an exception. */
export function decodeCursor(
  text: string | undefined,
  shape: readonly ("string" | "number")[],
): Result<Cursor | null, Failure> {
  if (text === undefined || text === "") return ok(null);
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(fromBase64Url(text.slice(0, 500))));
    if (
      Array.isArray(value) &&
      value.length === shape.length &&
      value.every((v, i) => typeof v === shape[i])
    ) {
      return ok(value as Cursor);
    }
  } catch {
    // falls through: a cursor that is not ours
  }
  return err({ kind: "invalid", faults: [{ pointer: "?cursor", detail: "is not a cursor of this list" }] });
}

/** Turns `limit + 1` fetched rows into a page of `limit`. */
export function toPage<Row, T>(
  rows: Row[],
  limit: number,
  cursorOf: (row: Row) => Cursor,
  view: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(view),
    next_cursor: rows.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : null,
  };
}
