import { useMemo } from "preact/hooks";
import { useLocation } from "preact-iso/router";

/** What to change in the query string: a value, or null to take the name out. */
export type Patch = Record<string, string | null>;

/** Where in a list one stands: goes back to the start whenever a filter, the range or the order changes. */
const PAGING = ["cursor", "call"];

/** Applies a patch to a query string (with or without `?`); names stay in order, empty values are taken out. */
export function patchSearch(search: string, patch: Patch): string {
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null || value === "") params.delete(name);
    else params.set(name, value);
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/** A patch that also goes back to the first page and closes the drawer. */
export function fromTheStart(patch: Patch): Patch {
  return { ...Object.fromEntries(PAGING.map((name) => [name, null])), ...patch };
}

/** What the page shows, as the address bar holds it. */
export type UrlState = {
  path: string;
  /** With its `?`, or "". */
  search: string;
  params: URLSearchParams;
  /** Changes names in the query string; `replace` leaves no step in the history. */
  set(patch: Patch, how?: { replace?: boolean }): void;
  /** The address this page would have with the patch: for links. */
  href(patch: Patch): string;
  /** Sets a filter, range or order (null takes it out), from the first page on. */
  filter(patch: Patch): void;
  /** The address with a filter set, from the first page on: for values that filter on click. */
  filterHref(patch: Patch): string;
  go(url: string, how?: { replace?: boolean }): void;
};

/** Everything a page shows follows from its URL: filters, range, order, page, drawer. */
export function useUrl(): UrlState {
  const { url, path, route } = useLocation();
  return useMemo(() => {
    const search = url.includes("?") ? url.slice(url.indexOf("?")) : "";
    const href = (patch: Patch) => `${path}${patchSearch(search, patch)}`;
    return {
      path,
      search,
      params: new URLSearchParams(search),
      href,
      set: (patch, how) => route(href(patch), how?.replace ?? false),
      filterHref: (patch) => href(fromTheStart(patch)),
      filter: (patch) => route(href(fromTheStart(patch))),
      go: (to, how) => route(to, how?.replace ?? false),
    };
  }, [url, path]);
}

/** Where to go after signing in: a path of ours from `?next=`, never another origin (`//evil.example`). */
export function safeNext(search: string): string {
  const next = new URLSearchParams(search).get("next") ?? "/";
  return /^\/(?![/\\])/.test(next) && !next.startsWith("/sign-in") ? next : "/";
}
