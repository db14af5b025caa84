import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiProblem } from "./api.ts";

/** What a part knows about what it shows. */
export type Resource<T> = {
  /** The newest answer to this question; it stays while it is asked again, and when that fails. */
  data: T | null;
  /** When `data` was answered, ms since the epoch by the browser's clock. */
  as_of: number | null;
  loading: boolean;
  /** True after 200 ms without anything to show: time for a skeleton. */
  slow: boolean;
  /** Why the last request failed; null once one succeeds. */
  problem: ApiProblem | null;
  retry(): void;
};

export type ResourceOptions = {
  /** Ask again every so many seconds while the page is visible. */
  every_s?: number;
  /** Keep showing the answer of the key before, until the new one comes or fails: for lists and reports, never for one record. */
  keep?: boolean;
};

const SKELETON_AFTER_MS = 200;
const CACHE_ENTRIES_MAX = 40;

type Entry = { key: string; data: unknown; as_of: number };
/** The last answers by key, so that going back shows figures at once. Oldest first. */
const cache = new Map<string, Entry>();

function remember(key: string, data: unknown): Entry {
  const entry = { key, data, as_of: Date.now() };
  cache.delete(key);
  cache.set(key, entry);
  const oldest = cache.keys().next().value;
  if (cache.size > CACHE_ENTRIES_MAX && oldest !== undefined) cache.delete(oldest);
  return entry;
}

/** Forgets every answer: after signing in or out, or switching the organization. */
export function forgetAnswers(): void {
  cache.clear();
}

type State = { key: string | null; entry: Entry | null; loading: boolean; problem: ApiProblem | null };

/** Asks again every `every_s` seconds, but only while somebody looks. */
function usePolling(every_s: number | undefined, ask: () => void): void {
  useEffect(() => {
    if (!every_s) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") ask();
    }, every_s * 1000);
    return () => clearInterval(timer);
  }, [every_s, ask]);
}

/**
 * Loads `key` and keeps it loaded. `load` is called when the key changes (the request before is aborted), on
 * `retry()` and by the timer; a null key loads nothing. The key must name everything the answer depends on.
 */
export function useResource<T>(
  key: string | null,
  load: (signal: AbortSignal) => Promise<T>,
  options: ResourceOptions = {},
): Resource<T> {
  const [state, setState] = useState<State>({ key: null, entry: null, loading: true, problem: null });
  const [slow, setSlow] = useState(false);
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const busy = useRef(false);

  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    busy.current = true;
    setState((old) => {
      const kept = options.keep || old.key === key ? old.entry : null;
      return {
        key,
        entry: cache.get(key) ?? kept,
        loading: true,
        problem: old.key === key ? old.problem : null,
      };
    });
    latest.current(abort.signal).then(
      (data) => {
        if (abort.signal.aborted) return;
        busy.current = false;
        setState({ key, entry: remember(key, data), loading: false, problem: null });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        busy.current = false;
        const problem =
          error instanceof ApiProblem ? error : new ApiProblem(0, "Unreadable", String(error), null, []);
        // What answers another question must not stand under this one.
        setState((old) => ({
          ...old,
          entry: old.entry?.key === key ? old.entry : null,
          loading: false,
          problem,
        }));
      },
    );
    return () => abort.abort();
  }, [key, round, options.keep]);

  const retry = useCallback(() => setRound((n) => n + 1), []);
  // A slow answer is waited for: asking again would abort it, for ever.
  const poll = useCallback(() => {
    if (!busy.current) retry();
  }, [retry]);
  usePolling(key === null ? undefined : options.every_s, poll);

  // Between a change of key and its effect the state is still the old key's: never show one record as another.
  const entry =
    state.key === key || options.keep ? state.entry : key === null ? null : (cache.get(key) ?? null);
  const waiting = entry === null && key !== null && state.problem === null;
  useEffect(() => {
    if (!waiting) {
      setSlow(false);
      return;
    }
    const timer = setTimeout(() => setSlow(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, [waiting]);

  return {
    data: entry === null ? null : (entry.data as T),
    as_of: entry?.as_of ?? null,
    loading: state.loading && key !== null,
    slow: slow && waiting,
    problem: state.key === key ? state.problem : null,
    retry,
  };
}
