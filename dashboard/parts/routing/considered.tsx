import type { Considered } from "../../../shared/api/routing.ts";
import { displayNumber } from "../../../shared/phone-number.ts";
import { Glyph } from "../glyph.tsx";
import { reasonWords, rungWords } from "./words.ts";

/**
 * Every phone that might have been rung: those that were first, then why not the others.
 * @param props.rounds of a call that is only tried out: who rings first, and who should nobody answer
 */
export function ConsideredList(props: {
  considered: readonly Considered[];
  rounds?: readonly { targets: readonly string[] }[];
}) {
  const { considered, rounds } = props;
  const sorted = considered.toSorted((a, b) => Number(b.rung) - Number(a.rung));
  return (
    <ul class="considered">
      {sorted.map(({ target_id, target, name, rung, reason }) => (
        <li key={target_id ?? target} class={rung ? undefined : "soft"}>
          <Glyph name={rung ? "ring" : "open"} class={rung ? "rung" : "quiet"} />
          <span>
            <b>{name ?? displayNumber(target)}</b>
            {": "}
            {rung ? rungWords(target, rounds) : reasonWords(reason)}
          </span>
        </li>
      ))}
    </ul>
  );
}
