import { moveTab } from "./figures.tsx";

/**
 * A row of tabs. The panel they change must carry `role="tabpanel"` and the id given as `controls`.
 * Arrow keys move between them.
 */
export function Tabs(props: {
  tabs: readonly { id: string; label: string }[];
  selected: string;
  onSelect: (id: string) => void;
  label: string;
  controls: string;
}) {
  const { tabs, selected, onSelect, label, controls } = props;
  const move = (event: KeyboardEvent) => {
    const next = moveTab(
      event,
      tabs.map((tab) => tab.id),
      selected,
    );
    if (next !== null) onSelect(next);
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          role="tab"
          type="button"
          aria-selected={tab.id === selected}
          aria-controls={controls}
          tabIndex={tab.id === selected ? 0 : -1}
          onClick={() => onSelect(tab.id)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}
