import { useState } from "preact/hooks";
import { useShortcuts } from "../keys.ts";
import {
  type Before,
  customPatch,
  RANGES,
  type Range,
  type RangeName,
  rangePatch,
  stepRange,
} from "../range.ts";
import { useUrl } from "../url-state.ts";
import { addDays, type Day, dayOf } from "../zone.ts";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./glyph.tsx";
import { MenuItem, PopoverButton } from "./menu.tsx";

const GROUP = "Range";

/**
 * The range of a page and what it is compared with, both held by the URL (`?range=`, `?compare=none`).
 * Letters choose (D E W F T M P Y L A C), arrows step a period, X compares. The zone is named by the caller
 * beside the title, once.
 * @param props.before what the range can be compared with; null hides the comparison
 * @param props.compares whether it is compared now
 */
export function RangePicker(props: {
  range: Range;
  now: number;
  before?: Before | null;
  compares?: boolean;
}) {
  const { range, now, before = null, compares = false } = props;
  const url = useUrl();
  const [choosing, setChoosing] = useState(false);
  const today = dayOf(now, range.zone);
  const earlier = stepRange(range, -1, today);
  const later = stepRange(range, 1, today);

  const pick = (name: RangeName) => (name === "custom" ? setChoosing(true) : url.filter(rangePatch(name)));
  const step = (patch: typeof earlier) => patch && url.filter(patch);
  const compare = () => url.set({ compare: compares ? "none" : null });
  useShortcuts([
    ...RANGES.map(({ name, key, label }) => ({
      key,
      shown: key.toUpperCase(),
      does: label.replace("…", ""),
      group: GROUP,
      run: () => pick(name),
    })),
    { key: "ArrowLeft", shown: "←", does: "One period back", group: GROUP, run: () => step(earlier) },
    { key: "ArrowRight", shown: "→", does: "One period on", group: GROUP, run: () => step(later) },
    ...(before
      ? [{ key: "x", shown: "X", does: "Compare with the period before", group: GROUP, run: compare }]
      : []),
  ]);

  return (
    <>
      <fieldset class="group" aria-label="Range">
        <StepButton label="Previous period" icon="left" disabled={!earlier} onClick={() => step(earlier)} />
        <PopoverButton kind="menu" title="Range" label={<RangeLabel range={range} />}>
          {(close) =>
            RANGES.map(({ name, key, label }) => (
              <MenuItem
                key={name}
                checked={name === range.name}
                hint={<kbd>{key.toUpperCase()}</kbd>}
                run={() => {
                  close();
                  pick(name);
                }}
              >
                {label}
              </MenuItem>
            ))
          }
        </PopoverButton>
        <StepButton label="Next period" icon="right" disabled={!later} onClick={() => step(later)} />
      </fieldset>
      {before && (
        <button class="btn" type="button" aria-pressed={compares} onClick={compare}>
          {compares ? `vs ${before.label}` : "Compare"} <kbd>X</kbd>
        </button>
      )}
      {choosing && <ChooseDates range={range} today={today} onClose={() => setChoosing(false)} />}
    </>
  );
}

function RangeLabel({ range }: { range: Range }) {
  const key = RANGES.find(({ name }) => name === range.name)?.key ?? "";
  return (
    <>
      {range.label} <kbd>{key.toUpperCase()}</kbd>
    </>
  );
}

function StepButton(props: {
  label: string;
  icon: "left" | "right";
  disabled: boolean;
  onClick: () => void;
}) {
  const { label, icon, disabled, onClick } = props;
  return (
    <button class="btn" type="button" aria-label={label} disabled={disabled} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

function ChooseDates({ range, today, onClose }: { range: Range; today: Day; onClose: () => void }) {
  const url = useUrl();
  const [first, setFirst] = useState(range.first ?? addDays(today, -27));
  const [last, setLast] = useState(range.last);
  const apply = (event: Event) => {
    event.preventDefault();
    onClose();
    url.filter(first <= last ? customPatch(first, last) : customPatch(last, first));
  };
  return (
    <Dialog title="Choose dates" onClose={onClose}>
      <form onSubmit={apply}>
        <div class="pair">
          <DayField id="range-first" label="From" value={first} max={today} onChange={setFirst} />
          <DayField id="range-last" label="To, included" value={last} max={today} onChange={setLast} />
        </div>
        <div class="acts">
          <button class="btn main" type="submit">
            Show these days
          </button>
          <button class="btn" type="button" onClick={onClose}>
            Keep {range.label}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function DayField(props: { id: string; label: string; value: Day; max: Day; onChange: (day: Day) => void }) {
  const { id, label, value, max, onChange } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        class="input"
        id={id}
        type="date"
        required
        value={value}
        max={max}
        onInput={(event) => event.currentTarget.value !== "" && onChange(event.currentTarget.value)}
      />
    </div>
  );
}
