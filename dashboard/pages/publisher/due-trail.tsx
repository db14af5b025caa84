import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { Call } from "../../../shared/api/calls.ts";
import { ask, client } from "../../api.ts";
import { counted, dayName, moneyIn, shortDay, wholeMoney } from "../../format.ts";
import { type Directory, useDirectory } from "../../parts/call/directory.ts";
import { Section } from "../../parts/page.tsx";
import { Fault } from "../../parts/states.tsx";
import { useResource } from "../../query.ts";
import { type Day, dayOf } from "../../zone.ts";
import type { CallsQuery } from "../calls-query.ts";
import { type DueDay, dueDays, type Stop, statementDay, stopsOf } from "./due.ts";

const HELD_MAX = 200;
const LINE_PX = 92;
const TALLEST_PX = 58;
const BAR_PX = 16;

const percent = (value: number) => `${Number(value.toFixed(2))}%`;

/** Held money on its way: by the day on which it is free, then the month's statement. */
export function DueSection({
  filters,
  zone,
  currency,
}: {
  filters: CallsQuery;
  zone: string;
  currency: string | null;
}) {
  const names = useDirectory();
  const query = { ...filters, payout_status: "held", limit: HELD_MAX };
  const held = useResource(`held ${JSON.stringify(query)}`, (signal) =>
    ask(client.calls.$get, { query }, signal),
  );
  if (held.data !== null && held.data.data.length === 0) return null;
  return (
    <>
      <Fault what="Held money" of={held} zone={zone} />
      {held.data && (
        <Trail
          calls={held.data.data}
          more={held.data.next_cursor !== null}
          names={names}
          zone={zone}
          currency={currency}
        />
      )}
    </>
  );
}

type TrailProps = {
  calls: readonly Call[];
  more: boolean;
  names: Directory;
  zone: string;
  currency: string | null;
};

function Trail({ calls, more, names, zone, currency }: TrailProps) {
  const id = useId();
  const days = dueDays(calls, names, zone);
  const total = days.reduce((sum, day) => sum + day.micros, 0);
  const number = days.reduce((sum, day) => sum + day.calls, 0);
  const today = dayOf(Date.now(), zone);
  const stops = stopsOf(days, today);
  const end = statementDay(stops.at(-1)?.last ?? today);
  if (days.length === 0) return null;
  // The stops, then the statement: evenly spread, their middles away from the edges.
  const step = 100 / (stops.length + 1);
  const place = (index: number) => step * (index + 0.5);
  const most = Math.max(...stops.map(({ micros }) => micros));
  return (
    <Section
      id="held"
      title="Held, and when it is free"
      aside={`${moneyIn(total, currency)} in ${counted(number, "call")}${more ? " and more" : ""}`}
    >
      <figure class="due">
        <svg height="136" role="img" aria-labelledby={id}>
          <title id={id}>{titleOf(days, currency, end)}</title>
          <line class="due-way" x1={percent(place(0))} x2={percent(step)} y1={LINE_PX} y2={LINE_PX} />
          <line
            class="due-way ahead"
            x1={percent(step)}
            x2={percent(place(stops.length))}
            y1={LINE_PX}
            y2={LINE_PX}
          />
          {stops.map((stop, index) => (
            <StopMarks key={stop.day} stop={stop} at={place(index)} most={most} today={today} />
          ))}
          <circle class="due-end" cx={percent(place(stops.length))} cy={LINE_PX} r="4.5" />
          <Words at={place(stops.length)} strong={shortDay(end)} sub="statement" />
        </svg>
        <DueTable days={days} currency={currency} />
      </figure>
    </Section>
  );
}

function titleOf(days: readonly DueDay[], currency: string | null, end: Day): string {
  const said = days.map(({ day, micros }) => `${moneyIn(micros, currency)} on ${dayName(day)}`).join(", ");
  return `Held money by the day on which it is free: ${said}; then the statement of ${shortDay(end)}.`;
}

function Words({ at, strong, sub }: { at: number; strong: ComponentChildren; sub?: string }) {
  return (
    <>
      <text class="strong" x={percent(at)} y="114" text-anchor="middle">
        {strong}
      </text>
      {sub && (
        <text class="sub fine" x={percent(at)} y="130" text-anchor="middle">
          {sub}
        </text>
      )}
    </>
  );
}

function StopMarks({ stop, at, most, today }: { stop: Stop; at: number; most: number; today: Day }) {
  const height = Math.max(2, (TALLEST_PX * stop.micros) / most);
  const top = LINE_PX - 7 - height;
  const isToday = stop.day === today;
  const sub = isToday ? "free now" : counted(stop.calls, "call");
  return (
    <>
      {stop.micros > 0 && (
        <>
          <rect
            class="f-held"
            x={percent(at)}
            y={top}
            width={BAR_PX}
            height={height}
            transform={`translate(${-BAR_PX / 2} 0)`}
          />
          <text x={percent(at)} y={top - 6} text-anchor="middle">
            {wholeMoney(stop.micros)}
          </text>
        </>
      )}
      <circle class={isToday ? "due-now" : "due-stop"} cx={percent(at)} cy={LINE_PX} r={isToday ? 4 : 3.5} />
      <Words at={at} strong={isToday ? "Today" : dayWords(stop)} {...(stop.calls > 0 ? { sub } : {})} />
    </>
  );
}

/** `Fri 27 Nov`, or for a stop that stands for several days `27 Nov on`. */
function dayWords({ day, last }: Stop) {
  if (day !== last) return `${shortDay(day)} on`;
  const weekday = dayName(day).slice(0, -shortDay(day).length);
  return (
    <>
      <tspan class="fine">{weekday}</tspan>
      {shortDay(day)}
    </>
  );
}

function DueTable({ days, currency }: { days: readonly DueDay[]; currency: string | null }) {
  return (
    <details>
      <summary>As a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Free on</th>
            <th scope="col" class="num">
              Calls
            </th>
            <th scope="col" class="num">
              Held
            </th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ day, micros, calls }) => (
            <tr key={day}>
              <th scope="row">{dayName(day)}</th>
              <td class="num">{calls}</td>
              <td class="num">{moneyIn(micros, currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
