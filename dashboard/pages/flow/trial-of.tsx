import { useId } from "preact/hooks";
import { isE164 } from "../../../shared/phone-number.ts";
import { zoneName } from "../../format.ts";
import { atWall } from "../../zone.ts";

/** A ring that is tried out: `at` null is now, `from` "" a hidden number. */
export type Ring = { at: number | null; from: string };

/** Who would call and when: conditions of a menu ask for both. Left empty: a hidden number, now. */
export function TrialOf(props: { zone: string; ring: Ring; onChange: (ring: Ring) => void }) {
  const { zone, ring, onChange } = props;
  const id = useId();
  return (
    <div class="trial-of">
      <div class="field">
        <label for={`${id}-from`}>Caller</label>
        <input
          id={`${id}-from`}
          class="input"
          type="text"
          inputMode="tel"
          autocomplete="off"
          placeholder="hidden number"
          maxLength={20}
          onChange={(event) => {
            const from = event.currentTarget.value.replace(/[^+\d]/g, "");
            onChange({ ...ring, from: isE164(from) ? from : "" });
          }}
        />
      </div>
      <div class="field">
        <label for={`${id}-at`}>At, {zoneName(zone)}</label>
        <input
          id={`${id}-at`}
          class="input"
          type="datetime-local"
          onChange={(event) => onChange({ ...ring, at: atWall(event.currentTarget.value, zone) })}
        />
      </div>
    </div>
  );
}
