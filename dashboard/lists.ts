import { api, type List, type Query } from "./api.ts";
import { type Resource, type ResourceOptions, useResource } from "./query.ts";

const PAGE = 200;
const MOST = 1_000;

/** A list with all of its pages, or as many as are read at once: then `more` is true. */
export type Whole<T> = { data: T[]; more: boolean };

/** Reads a list page by page, up to 1,000 entries. */
export async function loadWhole<T>(path: string, query: Query, signal: AbortSignal): Promise<Whole<T>> {
  const data: T[] = [];
  let cursor: string | null = null;
  do {
    const page: List<T> = await api.get<List<T>>(path, { ...query, limit: PAGE, cursor }, signal);
    data.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null && data.length < MOST);
  return { data, more: cursor !== null };
}

/** The whole list at `path`; a null path loads nothing. */
export function useWhole<T>(
  path: string | null,
  query: Query = {},
  options: ResourceOptions = {},
): Resource<Whole<T>> {
  const key = path === null ? null : `whole ${path} ${JSON.stringify(query)}`;
  return useResource(key, (signal) => loadWhole<T>(path ?? "", query, signal), options);
}
