import type { ComponentChildren } from "preact";

/** One key figure: its words (unit included: "Payout, USD"), the value, and how it stands to the period before. */
export type Figure = { id: string; label: string; value: string; detail?: ComponentChildren };

/** Moves along a row of tabs by arrow, Home and End, as the WAI-ARIA pattern asks; the tab gets the focus. */
export function moveTab(event: KeyboardEvent, ids: readonly string[], current: string): string | null {
  const at = ids.indexOf(current);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: ids.length - 1 }[event.key];
  if (to === undefined) return null;
  event.preventDefault();
  const next = ids[(to + ids.length) % ids.length] ?? null;
  const list = event.currentTarget;
  if (next !== null && list instanceof HTMLElement) {
    requestAnimationFrame(() => list.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  }
  return next;
}

/**
 * A row of figures, six across, three on a phone. With `selected` they are tabs that choose what is plotted
 * below (in the element with id `controls`).
 */
export function Figures(props: {
  figures: readonly Figure[];
  label: string;
  selected?: string;
  onSelect?: (id: string) => void;
  controls?: string;
}) {
  const { figures, label, selected, onSelect, controls } = props;
  const shape = `figures${figures.length <= 4 ? " f4" : ""}`;
  if (!onSelect) {
    return (
      <ul class={shape} aria-label={label}>
        {figures.map((figure) => (
          <li key={figure.id}>
            <FigureWords {...figure} />
          </li>
        ))}
      </ul>
    );
  }
  const move = (event: KeyboardEvent) => {
    const ids = figures.map((figure) => figure.id);
    const next = moveTab(event, ids, selected ?? ids[0] ?? "");
    if (next !== null) onSelect(next);
  };
  return (
    <div class={shape} role="tablist" aria-label={label} onKeyDown={move}>
      {figures.map((figure) => (
        <button
          key={figure.id}
          role="tab"
          type="button"
          aria-selected={figure.id === selected}
          aria-controls={controls}
          tabIndex={figure.id === selected ? 0 : -1}
          onClick={() => onSelect(figure.id)}
        >
          <FigureWords {...figure} />
        </button>
      ))}
    </div>
  );
}

function FigureWords({ label, value, detail }: Figure) {
  return (
    <>
      <span class="fig-l">{label}</span>
      <span class="fig-v">{value}</span>
      {detail !== undefined && <span class="fig-d">{detail}</span>}
    </>
  );
}
