import { useState } from "preact/hooks";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { Icon } from "../parts/glyph.tsx";
import { PopoverButton } from "../parts/menu.tsx";

/** Which columns this browser shows of which kind of log. Null: nothing was chosen yet. */
export type ChosenColumns = {
  chosen: ReadonlySet<string> | null;
  choose(ids: Iterable<string> | null): void;
};

const keyOf = (kind: OrganizationKind) => `ringtrail.calls.columns.${kind}`;

function readChosen(kind: OrganizationKind): ReadonlySet<string> | null {
  try {
    const ids: unknown = JSON.parse(localStorage.getItem(keyOf(kind)) ?? "null");
    return Array.isArray(ids) ? new Set(ids.filter((id) => typeof id === "string")) : null;
  } catch {
    // A browser that keeps nothing, or keeps nonsense, shows the first choice.
    return null;
  }
}

/** The columns chosen in this browser, remembered for the next time. */
export function useChosenColumns(kind: OrganizationKind): ChosenColumns {
  const [chosen, setChosen] = useState(() => readChosen(kind));
  const choose = (ids: Iterable<string> | null) => {
    const next = ids === null ? null : new Set(ids);
    setChosen(next);
    try {
      if (next === null) localStorage.removeItem(keyOf(kind));
      else localStorage.setItem(keyOf(kind), JSON.stringify([...next]));
    } catch {
      // The choice then lasts as long as the page.
    }
  };
  return { chosen, choose };
}

/** The menu that shows and hides columns. The first one heads the rows and stays. */
export function ColumnsMenu(props: {
  choices: readonly { id: string; label: string; shown: boolean }[];
  columns: ChosenColumns;
}) {
  const { choices, columns } = props;
  const shown = new Set(
    choices.filter(({ id, shown }) => columns.chosen?.has(id) ?? shown).map(({ id }) => id),
  );
  const toggle = (id: string) => {
    const next = new Set(shown);
    if (!next.delete(id)) next.add(id);
    columns.choose(next);
  };
  return (
    <PopoverButton
      kind="menu"
      title="Columns"
      label={
        <>
          Columns <Icon name="columns" />
        </>
      }
    >
      {() => (
        <>
          {choices.slice(1).map(({ id, label }) => (
            <button
              key={id}
              type="button"
              role="menuitemcheckbox"
              aria-checked={shown.has(id)}
              tabIndex={-1}
              onClick={() => toggle(id)}
            >
              {label}
              {shown.has(id) && <Icon name="check" />}
            </button>
          ))}
          <hr />
          <button type="button" role="menuitem" tabIndex={-1} onClick={() => columns.choose(null)}>
            Show the usual ones
          </button>
        </>
      )}
    </PopoverButton>
  );
}
