import { ask, client, type List, type QueryOf } from "./api.ts";
import { type Resource, type ResourceOptions, useResource } from "./query.ts";

const PAGE = 200;
const MOST = 1_000;

/** A list with all of its pages, or as many as are read at once: then `more` is true. */
export type Whole<T> = { data: T[]; more: boolean };

type Page = { limit: number; cursor: string | null };

/** A list of the API: what its answers are remembered by, and how one page of it is asked for. */
export type Listing<Asked, T> = {
  key: string;
  page: (query: Partial<Asked> & Page, signal: AbortSignal) => Promise<List<T>>;
};

const listing = <Asked, T>(
  key: string,
  page: (query: Partial<Asked>, signal: AbortSignal) => Promise<List<T>>,
): Listing<Asked, T> => ({ key, page });

type Client = typeof client;

/** The lists that pages read whole. */
export const LISTS = {
  accounts: listing("accounts", (query: QueryOf<Client["telephony-accounts"]["$get"]>, signal) =>
    ask(client["telephony-accounts"].$get, { query }, signal),
  ),
  advertisers: listing("advertisers", (query: QueryOf<Client["advertisers"]["$get"]>, signal) =>
    ask(client.advertisers.$get, { query }, signal),
  ),
  campaigns: listing("campaigns", (query: QueryOf<Client["campaigns"]["$get"]>, signal) =>
    ask(client.campaigns.$get, { query }, signal),
  ),
  disputes: listing("disputes", (query: QueryOf<Client["disputes"]["$get"]>, signal) =>
    ask(client.disputes.$get, { query }, signal),
  ),
  keys: listing("keys", (query: QueryOf<Client["api-keys"]["$get"]>, signal) =>
    ask(client["api-keys"].$get, { query }, signal),
  ),
  links: listing("links", (query: QueryOf<Client["tracking-links"]["$get"]>, signal) =>
    ask(client["tracking-links"].$get, { query }, signal),
  ),
  numbers: listing("numbers", (query: QueryOf<Client["numbers"]["$get"]>, signal) =>
    ask(client.numbers.$get, { query }, signal),
  ),
  pools: listing("pools", (query: QueryOf<Client["pools"]["$get"]>, signal) =>
    ask(client.pools.$get, { query }, signal),
  ),
  publishers: listing("publishers", (query: QueryOf<Client["publishers"]["$get"]>, signal) =>
    ask(client.publishers.$get, { query }, signal),
  ),
  users: listing("users", (query: QueryOf<Client["users"]["$get"]>, signal) =>
    ask(client.users.$get, { query }, signal),
  ),
  webhooks: listing("webhooks", (query: QueryOf<Client["webhooks"]["$get"]>, signal) =>
    ask(client.webhooks.$get, { query }, signal),
  ),
  sites: listing("sites", (query: QueryOf<Client["sites"]["$get"]>, signal) =>
    ask(client.sites.$get, { query }, signal),
  ),
};

/** Who is enrolled in a campaign. */
export const enrollmentsOf = (id: string) =>
  listing(`enrollments ${id}`, (query: Partial<Page>, signal) =>
    ask(client.campaigns[":id"].enrollments.$get, { param: { id }, query }, signal),
  );

/** The versions of a campaign's terms. */
export const versionsOf = (id: string) =>
  listing(`versions ${id}`, (query: Partial<Page>, signal) =>
    ask(client.campaigns[":id"].terms.$get, { param: { id }, query }, signal),
  );

/** Who answers a campaign's calls. */
export const targetsOf = (campaign_id: string) =>
  listing(`targets ${campaign_id}`, (query: Partial<Page>, signal) =>
    ask(client.targets.$get, { query: { campaign_id, ...query } }, signal),
  );

/** The groups of a campaign's targets. */
export const groupsOf = (campaign_id: string) =>
  listing(`target groups ${campaign_id}`, (query: Partial<Page>, signal) =>
    ask(client["target-groups"].$get, { query: { campaign_id, ...query } }, signal),
  );

/** The versions of a campaign's call flow, the one in force first. */
export const callFlowsOf = (id: string) =>
  listing(`call flows ${id}`, (query: Partial<Page>, signal) =>
    ask(client.campaigns[":id"]["call-flows"].$get, { param: { id }, query }, signal),
  );

/** Reads a list page by page, up to 1,000 entries. */
export async function loadWhole<Asked, T>(
  list: Listing<Asked, T>,
  query: Partial<Asked>,
  signal: AbortSignal,
): Promise<Whole<T>> {
  const data: T[] = [];
  let cursor: string | null = null;
  do {
    const page: List<T> = await list.page({ ...query, limit: PAGE, cursor }, signal);
    data.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null && data.length < MOST);
  return { data, more: cursor !== null };
}

/** A whole list; null instead of one loads nothing. */
export function useWhole<Asked, T>(
  list: Listing<Asked, T> | null,
  query: Partial<Asked> = {},
  options: ResourceOptions = {},
): Resource<Whole<T>> {
  const load = (signal: AbortSignal) =>
    list ? loadWhole(list, query, signal) : Promise.resolve({ data: [], more: false });
  return useResource(list && `whole ${list.key} ${JSON.stringify(query)}`, load, options);
}
