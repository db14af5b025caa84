import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Call } from "../../shared/api/calls.ts";
import { ApiProblem, ask, client, type List, queryString } from "../api.ts";
import { type Resource, useResource } from "../query.ts";
import type { CallsQuery } from "./calls-query.ts";

const PAGE_ROWS = 50;
const LIVE_EVERY_S = 5;

/** Newest first; calls of one moment by id, so that the order never jumps. */
export function newestFirst(calls: Iterable<Call>): Call[] {
  return [...calls].toSorted((a, b) => b.started_at - a.started_at || (a.id < b.id ? 1 : -1));
}

type FirstPage = List<Call> & { key: string };
type Further = { key: string; cursor: string | null; loading: boolean; problem: ApiProblem | null };

/** The list as far as it was opened. */
export type CallList = {
  rows: readonly Call[];
  /** The newest page: when it was answered, why not. */
  first: Resource<FirstPage>;
  hasMore: boolean;
  loadingMore: boolean;
  moreProblem: ApiProblem | null;
  more(): void;
};

/**
 * The calls of a query, page by page by cursor. While `live`, the newest page is asked for again every five
 * seconds; what was shown stays, calls that came meanwhile are put before it and those that changed are replaced.
 */
export function useCallList(query: CallsQuery, live: boolean): CallList {
  const key = `calls ${queryString(query)}`;
  const first = useResource<FirstPage>(
    key,
    async (signal) => {
      const page = await ask(client.calls.$get, { query: { ...query, limit: PAGE_ROWS } }, signal);
      return { ...page, key };
    },
    live ? { every_s: LIVE_EVERY_S, keep: true } : { keep: true },
  );
  const [further, setFurther] = useState<Further | null>(null);
  const known = useRef({ key: "", byId: new Map<string, Call>() });
  const shown = first.data?.key ?? key;
  if (known.current.key !== shown) known.current = { key: shown, byId: new Map() };
  for (const call of first.data?.data ?? []) known.current.byId.set(call.id, call);

  const ours = further?.key === shown ? further : null;
  const cursor = ours ? ours.cursor : (first.data?.next_cursor ?? null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), [key]);

  const more = useCallback(() => {
    if (cursor === null || ours?.loading) return;
    const control = new AbortController();
    abort.current = control;
    setFurther({ key: shown, cursor, loading: true, problem: null });
    ask(client.calls.$get, { query: { ...query, limit: PAGE_ROWS, cursor } }, control.signal).then(
      (page) => {
        if (control.signal.aborted) return;
        for (const call of page.data) known.current.byId.set(call.id, call);
        setFurther({ key: shown, cursor: page.next_cursor, loading: false, problem: null });
      },
      (error: unknown) => {
        if (control.signal.aborted) return;
        const problem =
          error instanceof ApiProblem ? error : new ApiProblem(0, "Unreadable", String(error), null, []);
        setFurther({ key: shown, cursor, loading: false, problem });
      },
    );
  }, [cursor, shown, ours?.loading, query]);

  return {
    rows: newestFirst(known.current.byId.values()),
    first,
    hasMore: cursor !== null,
    loadingMore: ours?.loading ?? false,
    moreProblem: ours?.problem ?? null,
    more,
  };
}
