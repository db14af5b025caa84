import type { ComponentChildren } from "preact";
import { Icon } from "../glyph.tsx";
import { PopoverButton } from "../menu.tsx";

/**
 * What can be done with one row, at its right end.
 * @param props.of the row, in words: its button is named "Actions for `of`"
 * @param props.children the `<MenuItem>`s, given a function that closes
 */
export function RowMenu(props: { of: string; children: (close: () => void) => ComponentChildren }) {
  return (
    <PopoverButton
      kind="menu"
      class="btn bare row-menu"
      title={`Actions for ${props.of}`}
      name={`Actions for ${props.of}`}
      label={<Icon name="caret" />}
    >
      {props.children}
    </PopoverButton>
  );
}
