import { useId, useState } from "preact/hooks";
import type { PoolHealth } from "../../../shared/api/pool-health.ts";
import type { Instant } from "../../../shared/instant.ts";
import { displayNumber } from "../../../shared/phone-number.ts";
import { count, counted } from "../../format.ts";
import { Section } from "../../parts/page.tsx";
import { type Lane, lanesOf, placeOf, type Stretch, stretchOf, ticksOf } from "./lanes.ts";
import { minute } from "./sentence.ts";

const LANE_PX = 22;
const BAR_PX = 12;
const FOOT_PX = 24;

const percent = (value: number) => `${Number(value.toFixed(3))}%`;

/** Who holds which number since when, until when, and when it comes free: one lane for each taken number. */
export function LanesPlot({ health, now, zone }: { health: PoolHealth; now: Instant; zone: string }) {
  const lanes = lanesOf(health.states);
  const takenNumber = health.leased + health.cooling;
  if (lanes.length === 0) return null;
  return (
    <Section
      id="lanes"
      title="Until when"
      aside={
        takenNumber > lanes.length
          ? `the ${count(lanes.length)} that come free next, of ${count(takenNumber)} taken`
          : "one line for each taken number, the next to come free first"
      }
    >
      <Lanes lanes={lanes} now={now} zone={zone} />
    </Section>
  );
}

function Lanes({ lanes, now, zone }: { lanes: readonly Lane[]; now: Instant; zone: string }) {
  const id = useId();
  const [at, setAt] = useState(0);
  const chosen = Math.min(at, lanes.length - 1);
  const stretch = stretchOf(lanes, now);
  const height = lanes.length * LANE_PX;
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, Home: 0, End: lanes.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setAt(Math.max(0, Math.min(lanes.length - 1, to)));
  };
  const follow = (event: PointerEvent) => {
    if (!(event.currentTarget instanceof Element)) return;
    const top = event.currentTarget.getBoundingClientRect().top;
    setAt(Math.max(0, Math.min(lanes.length - 1, Math.floor((event.clientY - top) / LANE_PX))));
  };
  return (
    <figure class="plot lanes">
      <Readout lane={lanes[chosen]} zone={zone} />
      <div class="axis">
        <svg
          class="p"
          height={height + FOOT_PX}
          role="img"
          aria-labelledby={id}
          {...{ tabIndex: 0, onKeyDown, onPointerMove: follow }}
        >
          <title id={id}>{titleOf(lanes, zone)}</title>
          <Ticks stretch={stretch} now={now} height={height} zone={zone} />
          {lanes.map((lane, index) => (
            <LaneBars
              key={lane.number_id}
              lane={lane}
              index={index}
              stretch={stretch}
              now={now}
              on={index === chosen}
            />
          ))}
          <line
            class="now-line"
            x1={percent(placeOf(now, stretch))}
            x2={percent(placeOf(now, stretch))}
            y1="-4"
            y2={height}
          />
        </svg>
      </div>
      <LanesTable lanes={lanes} zone={zone} />
    </figure>
  );
}

function titleOf(lanes: readonly Lane[], zone: string): string {
  const next = lanes[0]
    ? `; the next, ${displayNumber(lanes[0].e164)}, comes free at ${minute(lanes[0].reusable_at, zone)}`
    : "";
  return `${counted(lanes.length, "taken number")} over time${next}.`;
}

function Readout({ lane, zone }: { lane: Lane | undefined; zone: string }) {
  if (!lane) return null;
  return (
    <div class="read" aria-live="polite">
      <b>{displayNumber(lane.e164)}</b>
      <span class="key">
        <Swatch name="f-area" /> leased at {minute(lane.leased_at, zone)}
      </span>
      <span class="key">
        <Swatch name="f-rest" /> {lane.state === "leased" ? "ends" : "ended"} at{" "}
        {minute(lane.expires_at, zone)}
        {lane.state === "leased" && ", unless renewed"}
      </span>
      <span class="key">
        <Swatch name="f-hatch" /> free at {minute(lane.reusable_at, zone)}
      </span>
    </div>
  );
}

function Swatch({ name }: { name: string }) {
  return (
    <svg aria-hidden="true">
      <rect class={name} x=".5" y=".5" width="9" height="9" />
    </svg>
  );
}

function LaneBars(props: { lane: Lane; index: number; stretch: Stretch; now: Instant; on: boolean }) {
  const { lane, index, stretch, now, on } = props;
  const y = index * LANE_PX + (LANE_PX - BAR_PX) / 2;
  const held = Math.min(now, lane.expires_at);
  const parts = [
    { name: "f-area", from: lane.leased_at, to: held },
    { name: "f-rest", from: held, to: lane.expires_at },
    { name: "f-hatch", from: lane.expires_at, to: lane.reusable_at },
  ];
  return (
    <>
      {on && <rect class="lane-on" x="0" width="100%" y={index * LANE_PX} height={LANE_PX} />}
      <text class={on ? "strong" : undefined} x="-8" y={y + BAR_PX - 2} text-anchor="end">
        {lane.e164.slice(-4)}
      </text>
      {parts.map(({ name, from, to }) => {
        const [a, b] = [placeOf(from, stretch), placeOf(to, stretch)];
        return b <= a ? null : (
          <rect key={name} class={name} x={percent(a)} width={percent(b - a)} y={y} height={BAR_PX} />
        );
      })}
    </>
  );
}

function Ticks(props: { stretch: Stretch; now: Instant; height: number; zone: string }) {
  const { stretch, now, height, zone } = props;
  const here = placeOf(now, stretch);
  return (
    <>
      <line class="base" x1="0" x2="100%" y1={height} y2={height} />
      {ticksOf(stretch).map((at) => {
        const place = placeOf(at, stretch);
        const isNear = Math.abs(place - here) < 7 || place > 96;
        return (
          <g key={at}>
            <line class="grid" x1={percent(place)} x2={percent(place)} y1="0" y2={height} />
            {!isNear && (
              <text x={percent(place)} y={height + 17} text-anchor="middle">
                {minute(at, zone)}
              </text>
            )}
          </g>
        );
      })}
      <text class="strong" x={percent(here)} y={height + 17} text-anchor={here < 4 ? "start" : "middle"}>
        now
      </text>
    </>
  );
}

function LanesTable({ lanes, zone }: { lanes: readonly Lane[]; zone: string }) {
  return (
    <details>
      <summary>As a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Number</th>
            <th scope="col">State</th>
            <th scope="col" class="num">
              Leased
            </th>
            <th scope="col" class="num">
              Lease ends
            </th>
            <th scope="col" class="num">
              Free
            </th>
          </tr>
        </thead>
        <tbody>
          {lanes.map((lane) => (
            <tr key={lane.number_id}>
              <th scope="row">{displayNumber(lane.e164)}</th>
              <td>{lane.state}</td>
              <td class="num">{minute(lane.leased_at, zone)}</td>
              <td class="num">{minute(lane.expires_at, zone)}</td>
              <td class="num">{minute(lane.reusable_at, zone)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
