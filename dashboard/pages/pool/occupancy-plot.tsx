import { useId } from "preact/hooks";
import type { PoolHealthHour, PoolMeasures } from "../../../shared/api/pool-health.ts";
import { count, counted } from "../../format.ts";
import { Section } from "../../parts/page.tsx";
import { useCursor } from "../../plots/cursor.ts";
import { axisFor, middle } from "../../plots/scale.ts";
import { dayTicks, everyHour, hourName } from "./hours.ts";

const PLOT_PX = 160;
const HARM_PX = 4;
const percent = (value: number) => `${Number(value.toFixed(3))}%`;
const mean = (value: number) => (value >= 10 ? count(Math.round(value)) : value.toFixed(1));

type Drawn = { measured: PoolMeasures; numbers: number; zone: string };

/** How many numbers were leased in each hour of the last days, against how many there are, and when there were none. */
export function OccupancyPlot(props: Drawn) {
  const hours = everyHour(props.measured);
  if (props.measured.hours.length === 0) return null;
  return (
    <Section
      id="occupancy"
      title="Occupancy"
      aside="numbers leased on average, hour by hour of the last 7 days"
    >
      <Hours {...props} hours={hours} />
    </Section>
  );
}

function Hours({ measured, numbers, zone, hours }: Drawn & { hours: readonly PoolHealthHour[] }) {
  const id = useId();
  const total = hours.length;
  const { index, handlers } = useCursor(total, total - 1);
  const axis = axisFor(Math.max(numbers, ...hours.map(({ leased }) => leased)), true);
  const y = (value: number) => PLOT_PX * (1 - value / axis.top);
  const width = 100 / total;
  return (
    <figure class="plot">
      <Readout hour={hours[index]} numbers={numbers} zone={zone} />
      <div class="axis">
        <svg class="p" height={PLOT_PX + 24} role="img" aria-labelledby={id} {...handlers}>
          <title id={id}>{titleOf(measured, numbers, zone)}</title>
          {[0, ...axis.ticks].map((value) => (
            <g key={value}>
              <line class={value === 0 ? "base" : "grid"} x1="0" x2="100%" y1={y(value)} y2={y(value)} />
              {Math.abs(y(value) - y(numbers)) > 12 && (
                <text x="-8" y={y(value) + 4} text-anchor="end">
                  {count(value)}
                </text>
              )}
            </g>
          ))}
          {hours.map(({ hour_at, leased, refused }, at) => (
            <g key={hour_at}>
              {leased > 0 && (
                <rect
                  class="f-area"
                  x={percent(at * width)}
                  y={y(leased)}
                  width={percent(width * 0.8)}
                  height={PLOT_PX - y(leased)}
                />
              )}
              {refused > 0 && (
                <rect
                  class="f-harm"
                  x={percent(at * width)}
                  y={y(numbers) - HARM_PX - 2}
                  width={percent(width)}
                  height={HARM_PX}
                />
              )}
            </g>
          ))}
          <line class="l-limit" x1="0" x2="100%" y1={y(numbers)} y2={y(numbers)} />
          <text class="strong" x="-8" y={y(numbers) + 4} text-anchor="end">
            {count(numbers)}
          </text>
          {dayTicks(hours, zone).map(({ index: at, text }) => (
            <text key={at} x={percent(at * width)} y={PLOT_PX + 17} text-anchor="middle">
              {text}
            </text>
          ))}
          <line
            class="l-cursor"
            x1={percent(middle(index, total))}
            x2={percent(middle(index, total))}
            y1="-6"
            y2="6"
          />
        </svg>
      </div>
      <HoursTable hours={hours} zone={zone} />
    </figure>
  );
}

function Readout({
  hour,
  numbers,
  zone,
}: {
  hour: PoolHealthHour | undefined;
  numbers: number;
  zone: string;
}) {
  if (!hour) return null;
  return (
    <div class="read" aria-live="polite">
      <b>{hourName(hour.hour_at, zone)}</b>
      <span class="key">
        <svg aria-hidden="true">
          <rect class="f-area" width="10" height="10" />
        </svg>
        {mean(hour.leased)} of {count(numbers)} leased
      </span>
      <span>{counted(hour.arrivals, "visitor")} given one</span>
      <span class="key">
        <svg aria-hidden="true">
          <rect class="f-harm" y="3" width="14" height="4" />
        </svg>
        {count(hour.refused)} found none
      </span>
    </div>
  );
}

function titleOf(
  { hours, arrivals, refused, busiest_hour_at }: PoolMeasures,
  numbers: number,
  zone: string,
): string {
  const highest = Math.max(...hours.map(({ leased }) => leased));
  const busiest =
    busiest_hour_at === null ? "" : ` Most visitors came on ${hourName(busiest_hour_at, zone)}.`;
  return (
    `Numbers leased by the hour: ${mean(highest)} of ${count(numbers)} at most. ` +
    `${counted(arrivals, "visitor")} were given a number, ${count(refused)} found none.${busiest}`
  );
}

function HoursTable({ hours, zone }: { hours: readonly PoolHealthHour[]; zone: string }) {
  const rows = hours.filter(({ arrivals, refused }) => arrivals + refused > 0);
  return (
    <details>
      <summary>As a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Hour</th>
            <th scope="col" class="num">
              Leased, mean
            </th>
            <th scope="col" class="num">
              Given one
            </th>
            <th scope="col" class="num">
              Found none
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((hour) => (
            <tr key={hour.hour_at}>
              <th scope="row">{hourName(hour.hour_at, zone)}</th>
              <td class="num">{mean(hour.leased)}</td>
              <td class="num">{count(hour.arrivals)}</td>
              <td class="num">{count(hour.refused)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
