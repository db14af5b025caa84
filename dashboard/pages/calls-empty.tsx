import { ask, client, queryString } from "../api.ts";
import { counted } from "../format.ts";
import { Blank } from "../parts/states.tsx";
import { useResource } from "../query.ts";
import type { Range } from "../range.ts";
import { useUrl } from "../url-state.ts";
import type { ActiveFilter, CallsQuery } from "./calls-query.ts";

const COUNT_UP_TO = 50;
/** More filters than these are not tried one by one. */
const TRY_FILTERS = 6;

type Found = { name: string; words: string; calls: number; more: boolean };

/** How many calls there would be without one of the filters (or over all time); the one that hides most, or null. */
async function bestToDrop(
  query: CallsQuery,
  filters: readonly ActiveFilter[],
  signal: AbortSignal,
): Promise<Found | null> {
  const tries = [
    ...filters
      .slice(0, TRY_FILTERS)
      .map(({ name, words }) => ({ name, words, without: { [name]: null } as CallsQuery })),
    ...(query.from === null
      ? []
      : [{ name: "range", words: "the range", without: { from: null, to: null } as CallsQuery }]),
  ];
  const found = await Promise.all(
    tries.map(async ({ name, words, without }): Promise<Found> => {
      const page = await ask(
        client.calls.$get,
        { query: { ...query, ...without, limit: COUNT_UP_TO } },
        signal,
      );
      return { name, words, calls: page.data.length, more: page.next_cursor !== null };
    }),
  );
  const best = found.toSorted((a, b) => b.calls - a.calls)[0];
  return best && best.calls > 0 ? best : null;
}

const WORDS = ["no", "this filter", "these two filters", "these three filters", "these four filters"];

/** Nothing fits the filters: says which of them to drop and what that would show. */
export function NoCalls(props: { query: CallsQuery; filters: readonly ActiveFilter[]; range: Range }) {
  const { query, filters, range } = props;
  const url = useUrl();
  const hint = useResource(`drop ${queryString(query)}`, (signal) => bestToDrop(query, filters, signal));
  const clear = Object.fromEntries(filters.map(({ name }) => [name, null]));
  const best = hint.data;
  const title =
    filters.length === 0
      ? `No call in this range: ${range.label.toLowerCase()}.`
      : `No call matches ${WORDS[filters.length] ?? `these ${filters.length} filters`}.`;
  return (
    <Blank title={title}>
      {best && (
        <>
          {best.name === "range" ? "Over all time" : `Without “${best.words}”`} there{" "}
          {best.calls === 1 && !best.more ? "is" : "are"} {best.more ? "more than " : ""}
          {counted(best.calls, "call")}.{" "}
          <a
            href={url.filterHref(
              best.name === "range" ? { range: "all", from: null, to: null } : { [best.name]: null },
            )}
          >
            {best.name === "range" ? "Show all time" : "Drop that filter"}
          </a>
          {filters.length > 1 && (
            <>
              {" "}
              or <a href={url.filterHref(clear)}>clear all</a>
            </>
          )}
          .
        </>
      )}
      {!best && !hint.loading && filters.length > 0 && (
        <>
          Without {filters.length === 1 ? "it" : "any one of them"} there is none, either.{" "}
          <a href={url.filterHref(clear)}>Clear all filters</a>.
        </>
      )}
      {!best && hint.data === null && !hint.loading && filters.length === 0 && (
        <>
          No phone has rung here yet. The <a href="/">overview</a> shows the first steps.
        </>
      )}
    </Blank>
  );
}
