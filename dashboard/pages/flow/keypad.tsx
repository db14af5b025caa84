import { useState } from "preact/hooks";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;

/**
 * A phone's keys. Where one key is the answer it is given at once; longer numbers are typed and sent. The keys of the
 * keyboard do the same while one of these has the focus.
 * @param props.offered keys that lead somewhere; any will do when empty
 */
export function Keypad(props: {
  offered: readonly string[];
  digits_max: number;
  onKeys: (keys: string) => void;
  onNothing: () => void;
}) {
  const { offered, digits_max, onKeys, onNothing } = props;
  const [typed, setTyped] = useState("");
  const isOne = digits_max === 1;
  const press = (key: string) => {
    if (isOne) onKeys(key);
    else if (key === "#" && typed !== "") onKeys(typed);
    else if (typed.length + 1 >= digits_max) onKeys(typed + key);
    else setTyped(typed + key);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!KEYS.some((key) => key === event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    press(event.key);
  };
  return (
    <fieldset class="keypad" aria-label="Keys of the caller's phone" onKeyDown={onKeyDown}>
      {KEYS.map((key) => (
        <button
          key={key}
          class={offered.includes(key) ? "btn offered" : "btn"}
          type="button"
          aria-label={`Press ${key === "*" ? "star" : key === "#" ? "pound" : key}`}
          onClick={() => press(key)}
        >
          {key}
        </button>
      ))}
      {!isOne && <output>{typed === "" ? "No digit yet" : typed}</output>}
      {!isOne && (
        <button class="btn" type="button" disabled={typed === ""} onClick={() => onKeys(typed)}>
          Send
        </button>
      )}
      <button class="btn nothing" type="button" onClick={onNothing}>
        Press nothing
      </button>
    </fieldset>
  );
}
