import { counted } from "../format.ts";
import { useResource } from "../query.ts";
import { useUrl } from "../url-state.ts";
import type { FilterField } from "./filters.tsx";
import { Blank } from "./states.tsx";

/**
 * Nothing matches the filters: says which one to drop and what that would show.
 * @param props.what one of the things, in words: "call"
 * @param props.filters what the URL holds (`readFilters`)
 * @param props.count how many there would be with only these filters
 */
export function NothingFound(props: {
  what: string;
  fields: readonly FilterField[];
  filters: Record<string, string>;
  count: (filters: Record<string, string>) => Promise<number>;
}) {
  const { what, fields, filters, count } = props;
  const url = useUrl();
  const names = Object.keys(filters);
  const without = useResource(`without ${url.search}`, () =>
    Promise.all(
      names.map(async (name) => {
        const { [name]: _, ...rest } = filters;
        return { name, number: await count(rest) };
      }),
    ),
  );
  const best = without.data?.toSorted((a, b) => b.number - a.number)[0];
  const field = fields.find(({ name }) => name === best?.name);
  const value = filters[best?.name ?? ""] ?? "";
  const said = field?.options?.find((option) => option.value === value)?.label ?? value;
  const all = Object.fromEntries(names.map((name) => [name, null]));
  const which = names.length === 1 ? "this filter" : `these ${names.length} filters`;
  return (
    <Blank title={`No ${what} matches ${which}.`}>
      {best && field && best.number > 0 ? (
        <>
          Without “{field.label} is {said}” there {best.number === 1 ? "is" : "are"}{" "}
          {counted(best.number, what)}. <a href={url.filterHref({ [best.name]: null })}>Drop that filter</a>
          {names.length > 1 && (
            <>
              {" "}
              or <a href={url.filterHref(all)}>clear all</a>
            </>
          )}
          .
        </>
      ) : (
        <>
          <a href={url.filterHref(all)}>Clear all filters</a>, or choose another range.
        </>
      )}
    </Blank>
  );
}
