import type { ClientResponse } from "hono/client";
import { type Answer, type Asked, ask, type List, type Query, type Route } from "./api.ts";
import { type Resource, type ResourceOptions, useResource } from "./query.ts";

const PAGE = 200;
const MOST = 1_000;

/** A list with all of its pages, or as many as are read at once: then `more` is true. */
export type Whole<T> = { data: T[]; more: boolean };

/** A resource of the client that is a list: `client.pools`. */
type Listing<Args, Answered> = { $get: Route<Args, Answered>; $path(): string };
type Item<Answered> = Answer<Answered> extends List<infer T> ? T : never;

/** Reads a list page by page, up to 1,000 entries. */
async function loadWhole<Args, Answered extends ClientResponse<unknown>>(
  list: Listing<Args, Answered>,
  args: Asked<NonNullable<Args>>,
  signal: AbortSignal,
): Promise<Whole<Item<Answered>>> {
  const { query }: { query?: Query } = args;
  const data: Item<Answered>[] = [];
  let cursor: string | null = null;
  do {
    const paged: Asked<NonNullable<Args>> = { ...args, query: { ...query, limit: PAGE, cursor } };
    const page = (await ask(list.$get, paged, signal)) as List<Item<Answered>>;
    data.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null && data.length < MOST);
  return { data, more: cursor !== null };
}

/** The whole of a list, `useWhole(client.pools, { query: {} })`; null instead of a list loads nothing. */
export function useWhole<Args, Answered extends ClientResponse<unknown>>(
  list: Listing<Args, Answered> | null,
  args: Asked<NonNullable<Args>>,
  options: ResourceOptions = {},
): Resource<Whole<Item<Answered>>> {
  const key = list && `whole ${list.$path()} ${JSON.stringify(args)}`;
  const load = async (signal: AbortSignal) => (list ? loadWhole(list, args, signal) : { data: [], more: false });
  return useResource(key, load, options);
}
