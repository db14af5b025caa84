import { useId } from "preact/hooks";
import type { Unit } from "../range.ts";
import { type Bucket, ticksOf } from "./buckets.ts";
import { useCursor } from "./cursor.ts";
import { AsTable, fillClass, type Readable, Readout, type Series, sumAt } from "./readout.tsx";
import { type Axis, axisFor, linePath, middle } from "./scale.ts";

/** A moment that explains a change: terms or a pool's numbers. */
export type Marker = { index: number; label: string };

const PLOT_PX = 200;
const BAR_WIDTH = 0.72;
/** Few bars stay bars rather than becoming walls. */
const BAR_WIDTH_OF_FEW = 0.09;

const percent = (value: number) => `${Number(value.toFixed(3))}%`;

export type TimePlotProps = Readable & {
  unit: Unit;
  markers?: readonly Marker[];
  /** The bucket that is not over yet: hatched. */
  unfinished?: number | null;
  /** The sentence a screen reader hears for the picture. */
  title: string;
  /** Writes a value of the axis; `value` if not given. */
  tick?: (value: number) => string;
  /** Counts have no half ticks. */
  whole?: boolean;
  /** The highest value there can be (1 for a share); else the axis fits the values. */
  top?: number;
  onPick?: (bucket: Bucket) => void;
};

/**
 * A time series as stacked bars or a line, with the period before. The readout above it is the legend and
 * follows the cursor (pointer, arrow keys); below it stands the same as a table.
 */
export function TimePlot(props: TimePlotProps) {
  const { buckets, unit, kind, series, earlier, markers = [], unfinished = null, title, onPick } = props;
  const id = useId();
  const total = buckets.length;
  const rest = unfinished !== null && unfinished > 0 ? unfinished - 1 : total - 1;
  const pick = onPick && ((index: number) => buckets[index] && onPick(buckets[index]));
  const { index, handlers } = useCursor(total, rest, pick);
  const sums = buckets.map((_, i) => sumAt(series, i));
  const highest = Math.max(...sums, ...(earlier?.values.map((value) => value ?? 0) ?? []));
  const axis = props.top
    ? { top: props.top, ticks: quarters(props.top) }
    : axisFor(highest, props.whole ?? false);
  return (
    <figure class="plot">
      <Readout {...props} index={index} />
      <div class="axis">
        <svg class="p" height={PLOT_PX + 24} role="img" aria-labelledby={id} {...handlers}>
          <title id={id}>{title}</title>
          <Grid axis={axis} tick={props.tick ?? props.value} />
          {kind === "bars" && <Bars series={series} total={total} top={axis.top} unfinished={unfinished} />}
          <Ticks buckets={buckets} unit={unit} unfinished={unfinished} />
          <svg
            width="100%"
            height={PLOT_PX}
            viewBox={`0 0 1000 ${PLOT_PX}`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            {kind === "line" &&
              series.map((one) => (
                <path key={one.id} class="l-now" d={linePath(one.values, axis.top, 1000, PLOT_PX)} />
              ))}
            {earlier && <path class="l-before" d={linePath(earlier.values, axis.top, 1000, PLOT_PX)} />}
          </svg>
          <Markers markers={markers} total={total} />
          <line
            class="l-cursor"
            x1={percent(middle(index, total))}
            x2={percent(middle(index, total))}
            y1="-6"
            y2="6"
          />
        </svg>
      </div>
      <AsTable {...props} />
    </figure>
  );
}

const quarters = (top: number): number[] => [0.25, 0.5, 0.75, 1].map((part) => part * top);

function Grid({ axis, tick }: { axis: Axis; tick: (value: number) => string }) {
  const y = (value: number) => PLOT_PX * (1 - value / axis.top);
  return (
    <>
      {[0, ...axis.ticks].map((value) => (
        <g key={value}>
          <line class={value === 0 ? "base" : "grid"} x1="0" x2="100%" y1={y(value)} y2={y(value)} />
          <text x="-8" y={y(value) + 4} text-anchor="end">
            {value === 0 ? "0" : tick(value)}
          </text>
        </g>
      ))}
    </>
  );
}

function Bars(props: { series: readonly Series[]; total: number; top: number; unfinished: number | null }) {
  const { series, total, top, unfinished } = props;
  const part = Math.min(BAR_WIDTH, BAR_WIDTH_OF_FEW * total);
  const width = percent((100 / total) * part);
  return (
    <>
      {Array.from({ length: total }, (_, index) => {
        let below = 0;
        const x = percent((100 / total) * (index + (1 - part) / 2));
        return series.map((one) => {
          const value = one.values[index] ?? 0;
          const height = (PLOT_PX * value) / top;
          below += height;
          if (height === 0) return null;
          const open = index === unfinished && (one.fill !== "area" || series.length === 1);
          return (
            <rect
              key={one.id}
              class={open ? "f-hatch" : fillClass(one.fill)}
              x={x}
              y={PLOT_PX - below}
              width={width}
              height={height}
            />
          );
        });
      })}
    </>
  );
}

function Ticks(props: { buckets: readonly Bucket[]; unit: Unit; unfinished: number | null }) {
  const { buckets, unit, unfinished } = props;
  const total = buckets.length;
  const y = PLOT_PX + 17;
  const near = Math.max(1, Math.round(total / 14));
  const today = unit === "day" && unfinished !== null && total > 8 ? unfinished : null;
  return (
    <>
      {ticksOf(buckets, unit)
        .filter(({ index }) => today === null || Math.abs(index - today) > near)
        .map(({ index, text, fine }) => (
          <text
            key={index}
            class={fine ? "fine" : undefined}
            x={percent(middle(index, total))}
            y={y}
            text-anchor="middle"
          >
            {text}
          </text>
        ))}
      {today !== null && (
        <text x={percent((100 * (today + 1)) / total)} y={y} text-anchor="end">
          today
        </text>
      )}
    </>
  );
}

function Markers({ markers, total }: { markers: readonly Marker[]; total: number }) {
  return (
    <>
      {markers.map(({ index, label }) => {
        const x = percent((100 * index) / total);
        return (
          <g key={`${index} ${label}`}>
            <line class="l-limit" x1={x} x2={x} y1="-6" y2={PLOT_PX} />
            <text class="fine" x={x} y="-10" text-anchor="middle">
              {label}
            </text>
          </g>
        );
      })}
    </>
  );
}
