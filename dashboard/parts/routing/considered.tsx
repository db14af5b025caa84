import type { Considered } from "../../../shared/api/routing.ts";
import { displayNumber } from "../../../shared/phone-number.ts";
import { Glyph } from "../glyph.tsx";
import { reasonWords } from "./words.ts";

/** Every phone that might have been rung: those that were first, then why not the others. */
export function ConsideredList({ considered }: { considered: readonly Considered[] }) {
  const sorted = considered.toSorted((a, b) => Number(b.rung) - Number(a.rung));
  return (
    <ul class="considered">
      {sorted.map(({ target_id, target, name, rung, reason }) => (
        <li key={target_id ?? target} class={rung ? undefined : "soft"}>
          <Glyph name={rung ? "ring" : "open"} class={rung ? "rung" : "quiet"} />
          <span>
            <b>{name ?? displayNumber(target)}</b>
            {": "}
            {rung ? "rung" : reasonWords(reason)}
          </span>
        </li>
      ))}
    </ul>
  );
}
