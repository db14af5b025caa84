import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

const REACHED_BY_TAB =
  'a[href], button:not(:disabled), input:not(:disabled), select, textarea, summary, [tabindex="0"]';

/** Where the drawer lies over its list instead of beside it. */
const covers = () => matchMedia("(max-width: 67.99rem)").matches;

function stopsIn(part: Element): HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>(REACHED_BY_TAB)].filter(
    (stop) => stop.tabIndex >= 0 && stop.checkVisibility(),
  );
}

const openRow = () => document.querySelector('tr[aria-current="true"]');

/**
 * Puts the drawer right behind its row for who goes by Tab, though it stands behind the whole list: from the row's last
 * link into it, from its end on to the next row, and back the same way. Over the list it keeps the focus to itself.
 */
function onTab(drawer: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== "Tab" || event.altKey || event.ctrlKey || event.metaKey) return;
  const at = document.activeElement;
  const inside = stopsIn(drawer);
  const row = covers() ? null : openRow();
  const back = row ? stopsIn(row).at(-1) : undefined;
  const isFirst = at === drawer || at === inside[0];
  if (event.shiftKey ? isFirst : at === inside.at(-1)) {
    if (row && !back) return;
    const to = back ?? (event.shiftKey ? inside.at(-1) : inside[0]);
    to?.focus();
    // Onwards the browser itself goes from the row to what follows it.
    if (event.shiftKey || !back) event.preventDefault();
  } else if (!event.shiftKey && back && at === back) {
    drawer.focus();
    event.preventDefault();
  }
}

/**
 * The focus of a drawer: it goes in where the list is covered or nothing else had it, comes back when the drawer is
 * closed, and in the list it stays on the row that is shown.
 */
export function useDrawerFocus(drawer: RefObject<HTMLElement | null>, id: string): void {
  const back = useRef<Element | null>(null);
  useEffect(() => {
    const before = document.activeElement;
    const isNowhere = before === null || before === document.body || before.id === "main";
    back.current ??= before;
    if (covers() || isNowhere) drawer.current?.focus();
    const listen = (event: KeyboardEvent) => drawer.current && onTab(drawer.current, event);
    addEventListener("keydown", listen);
    return () => {
      removeEventListener("keydown", listen);
      const at = document.activeElement;
      const isLost = at === null || at === document.body || drawer.current?.contains(at);
      if (isLost && back.current instanceof HTMLElement) back.current.focus();
    };
  }, []);
  useEffect(() => {
    const row = openRow();
    if (!row) return;
    row.scrollIntoView({ block: "nearest" });
    const [link] = stopsIn(row);
    const at = document.activeElement;
    if (link && at?.closest("tbody") === row.parentElement) link.focus({ preventScroll: true });
    back.current = link ?? back.current;
  }, [id]);
}
