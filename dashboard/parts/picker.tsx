import { useEffect, useId, useRef, useState } from "preact/hooks";

/** One thing to pick: what is picked, the words, and a few small ones at the right end. */
export type Option = { value: string; label: string; hint?: string };

/** The options whose words hold all the words typed, in any order; those that begin with them come first. */
export function matching(options: readonly Option[], typed: string): Option[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...options];
  const fits = options.filter((option) => {
    const text = `${option.label} ${option.hint ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const begins = (option: Option) => (option.label.toLowerCase().startsWith(words[0] ?? "") ? 0 : 1);
  return fits.sort((a, b) => begins(a) - begins(b));
}

/**
 * The one combobox: an input over a list (WAI-ARIA combobox pattern). Arrows choose, Enter picks.
 * @param props.label the input's name
 * @param props.free also what was typed may be picked ("Use “google”")
 * @param props.onType told what is typed, for options that are asked for elsewhere
 * @param props.filter false when the options already follow what was typed
 */
export function Picker(props: {
  options: readonly Option[];
  label: string;
  placeholder?: string;
  current?: string | null;
  free?: boolean;
  filter?: boolean;
  empty?: string;
  onType?: (typed: string) => void;
  onPick: (value: string) => void;
}) {
  const {
    options,
    label,
    placeholder,
    current,
    free,
    filter = true,
    empty = "Nothing fits.",
    onType,
  } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const fitting = (words: string): Option[] => {
    const text = words.trim();
    const fits = filter ? matching(options, words) : [...options];
    if (free && text !== "" && !fits.some((option) => option.value === text)) {
      fits.push({ value: text, label: `Use “${text}”` });
    }
    return fits;
  };
  const shown = fitting(typed);
  const chosen = Math.min(at, shown.length - 1);

  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  const onKeyDown = (event: KeyboardEvent) => {
    // Who types fast presses Enter before the list is drawn anew: what stands in the field decides.
    const written = input.current?.value ?? typed;
    const option = written === typed ? shown[chosen] : fitting(written)[0];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (shown.length > 0) setAt((chosen + step + shown.length) % shown.length);
    } else if (event.key === "Enter" && option) {
      event.preventDefault();
      props.onPick(option.value);
    }
  };
  return (
    <>
      <input
        ref={input}
        class="input s"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={shown.length > 0 ? `${id}-${chosen}` : undefined}
        aria-label={label}
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
        value={typed}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
          onType?.(event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id={id} role="listbox" aria-label={label}>
        {shown.map((option, index) => (
          // The input keeps the focus and holds the keys (aria-activedescendant), so an option needs none of its own.
          <div
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            aria-current={option.value === current ? "true" : undefined}
            onClick={() => props.onPick(option.value)}
            onKeyDown={onKeyDown}
            onPointerMove={() => setAt(index)}
          >
            <span>{option.label}</span>
            {option.hint && <small>{option.hint}</small>}
          </div>
        ))}
      </div>
      {shown.length === 0 && <p class="head">{empty}</p>}
    </>
  );
}
