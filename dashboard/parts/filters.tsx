import { useEffect, useRef, useState } from "preact/hooks";
import { useShortcuts } from "../keys.ts";
import { type UrlState, useUrl } from "../url-state.ts";
import { Icon } from "./glyph.tsx";
import { PopoverButton } from "./menu.tsx";
import { type Option, Picker } from "./picker.tsx";

/**
 * Something a list can be filtered by. `name` is the API's query parameter and the URL's.
 * With `options` a value is picked from them (their labels are shown in the chip), without it is typed.
 */
export type FilterField<Name extends string = string> = {
  name: Name;
  label: string;
  options?: readonly Option[];
};

/** The filters that are set. */
export type Filters<Name extends string = string> = Partial<Record<Name, string>>;

/** The filters that the URL holds, as the API's query wants them. */
export function readFilters<Name extends string>(
  params: URLSearchParams,
  fields: readonly FilterField<Name>[],
): Filters<Name> {
  const found: Filters<Name> = {};
  for (const { name } of fields) {
    const value = params.get(name);
    if (value) found[name] = value;
  }
  return found;
}

const SEARCH_AFTER_MS = 250;

/**
 * The filters of a page as chips, each editable and removable, with `+ Filter` for more.
 * `/` goes to the search field, or opens the list of filters where there is none.
 * @param props.search a free search field: its parameter (`q`) and placeholder
 */
export function FilterBar(props: {
  fields: readonly FilterField[];
  search?: { name: string; placeholder: string };
}) {
  const { fields, search } = props;
  const url = useUrl();
  const bar = useRef<HTMLElement>(null);
  const active = fields.filter(({ name }) => url.params.get(name));
  const open = fields.filter(({ name }) => !url.params.get(name));
  useShortcuts([
    {
      key: "/",
      shown: "/",
      does: search ? "Search" : "Filter",
      group: "List",
      run: () => bar.current?.querySelector<HTMLElement>("input[type=search], .add-filter")?.focus(),
    },
  ]);
  return (
    <search ref={bar} class="chips" aria-label="Filters">
      {search && <SearchField {...search} url={url} />}
      {active.map((field) => (
        <Chip key={field.name} field={field} url={url} />
      ))}
      {open.length > 0 && <AddFilter fields={open} url={url} hint={!search} />}
      {active.length > 1 && (
        <button
          class="btn bare"
          type="button"
          onClick={() => url.filter(Object.fromEntries(active.map(({ name }) => [name, null])))}
        >
          Clear all
        </button>
      )}
    </search>
  );
}

function SearchField({ name, placeholder, url }: { name: string; placeholder: string; url: UrlState }) {
  const held = url.params.get(name) ?? "";
  const [typed, setTyped] = useState(held);
  useEffect(() => setTyped(held), [held]);
  useEffect(() => {
    if (typed === held) return;
    const timer = setTimeout(
      () => url.set({ [name]: typed, cursor: null, call: null }, { replace: true }),
      SEARCH_AFTER_MS,
    );
    return () => clearTimeout(timer);
  }, [typed, held]);
  return (
    <span class="search">
      <input
        class="input s"
        type="search"
        aria-label={placeholder}
        placeholder={placeholder}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" && event.key !== "Enter") return;
          // The list's own keys work again; Escape also drops what was searched for.
          if (event.key === "Escape") setTyped("");
          event.currentTarget.blur();
        }}
      />
      {typed === "" && <kbd>/</kbd>}
    </span>
  );
}

function Chip({ field, url }: { field: FilterField; url: UrlState }) {
  const value = url.params.get(field.name) ?? "";
  const shown = field.options?.find((option) => option.value === value)?.label ?? value;
  return (
    <span class="chip">
      <PopoverButton
        kind="dialog"
        class="chip-value"
        title={`Choose ${field.label}`}
        label={
          <>
            <i>{field.label} is</i> <b>{shown}</b>
          </>
        }
      >
        {(close) => <Values field={field} url={url} done={close} />}
      </PopoverButton>
      <button
        class="chip-drop"
        type="button"
        aria-label={`Remove filter: ${field.label}`}
        onClick={() => url.filter({ [field.name]: null })}
      >
        <Icon name="close" />
      </button>
    </span>
  );
}

function Values({ field, url, done }: { field: FilterField; url: UrlState; done: () => void }) {
  return (
    <Picker
      options={field.options ?? []}
      label={`${field.label} is`}
      placeholder={field.options ? `Find ${field.label}` : `Type ${field.label}`}
      current={url.params.get(field.name)}
      free={field.options === undefined}
      empty={field.options ? "Nothing fits." : "Type a value, then press Enter."}
      onPick={(value) => {
        done();
        url.filter({ [field.name]: value });
      }}
    />
  );
}

/** `hint` names the key that comes here. */
function AddFilter({ fields, url, hint }: { fields: readonly FilterField[]; url: UrlState; hint: boolean }) {
  return (
    <PopoverButton
      kind="dialog"
      class="btn bare add-filter"
      title="Add a filter"
      label={<>+ Filter {hint && <kbd>/</kbd>}</>}
    >
      {(close) => <FieldThenValue fields={fields} url={url} close={close} />}
    </PopoverButton>
  );
}

function FieldThenValue(props: { fields: readonly FilterField[]; url: UrlState; close: () => void }) {
  const { fields, url, close } = props;
  const [name, setName] = useState<string | null>(null);
  const field = fields.find((one) => one.name === name);
  if (field) return <Values key={field.name} field={field} url={url} done={close} />;
  const options = fields.map((one) => ({ value: one.name, label: one.label }));
  return <Picker options={options} label="Filter by" placeholder="Filter by" onPick={setName} />;
}

/**
 * A value that filters the page by itself when clicked: a link, so that it can also be opened beside.
 * @param props.name the filter's parameter, `value` what it is set to, `label` what is shown
 */
export function FilterValue(props: { name: string; value: string; label: string }) {
  const { name, value, label } = props;
  const url = useUrl();
  const on = url.params.get(name) === value;
  return (
    <a
      href={url.filterHref({ [name]: on ? null : value })}
      title={on ? "Show all again" : `Show only ${label}`}
    >
      {label}
    </a>
  );
}
