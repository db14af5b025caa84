import type { Pool } from "../../../shared/api/inventory.ts";
import type { PoolHealth, PoolMeasures } from "../../../shared/api/pool-health.ts";
import { count, counted, duration, NOTHING, time } from "../../format.ts";
import { type Figure, Figures } from "../../parts/figures.tsx";
import { writeDuration } from "../../parts/form/amounts.ts";
import { Section } from "../../parts/page.tsx";
import { cooldownWords, percent } from "./advice.ts";
import { hourName } from "./hours.ts";
import { minute, nextFreeAt } from "./sentence.ts";

type Drawn = { pool: Pool; health: PoolHealth; measured: PoolMeasures | null; zone: string };

const NO_DETAIL = "\u00a0";
const shown = <T,>(value: T | null | undefined, write: (value: T) => string): string =>
  value === null || value === undefined ? NOTHING : write(value);
const erlangs = (load: number) => load.toFixed(load < 10 ? 2 : 1);

/** How the pool stands now, and what its last days say of it. */
export function PoolFigures(props: Drawn) {
  return (
    <>
      <Section id="now" title="Now" hidden>
        <Figures figures={figuresNow(props)} label="How the pool stands now" />
      </Section>
      {props.measured && (
        <Section id="measured" title="Measured" hidden>
          <Figures figures={figuresMeasured(props.pool, props.measured)} label="What was measured of it" />
        </Section>
      )}
    </>
  );
}

function figuresNow({ pool, health, measured, zone }: Drawn): Figure[] {
  const next = nextFreeAt(health.states);
  const busiest_at = measured?.busiest_hour_at ?? null;
  return [
    { id: "free", label: "Free", value: count(health.free), detail: `of ${count(health.numbers)}` },
    {
      id: "leased",
      label: "Leased",
      value: count(health.leased),
      detail: `as of ${time(health.as_of, zone)}`,
    },
    {
      id: "cooling",
      label: `Cooling, ${writeDuration(pool.cooldown_s)} each`,
      value: count(health.cooling),
      detail: next === null ? "all are free" : `next free at ${minute(next, zone)}`,
    },
    {
      id: "load",
      label: "Load, busiest hour",
      value: shown(measured?.offered_erlangs.busiest_hour, erlangs),
      detail: busiest_at === null ? "erlangs" : `erlangs, ${hourName(busiest_at, zone)}`,
    },
    {
      id: "blocking",
      label: "Find none, busiest hour",
      value: shown(measured?.erlang_b.busiest_hour, percent),
      detail: "by Erlang B, goal 1.0%",
    },
    {
      id: "without",
      label: "Got none, 7 days",
      value: shown(
        measured && measured.arrivals + measured.refused > 0 ? measured.without_number : null,
        percent,
      ),
      detail: measured
        ? `${count(measured.refused)} of ${counted(measured.arrivals + measured.refused, "visitor")}`
        : NO_DETAIL,
    },
  ];
}

function figuresMeasured(pool: Pool, measured: PoolMeasures): Figure[] {
  const { joined, numbers_needed, offered_erlangs } = measured;
  return [
    {
      id: "arrivals",
      label: "Visitors, last hour",
      value: count(measured.arrivals_last_hour),
      detail: shown(offered_erlangs.now, (load) => `${erlangs(load)} erlangs now`),
    },
    {
      id: "hold",
      label: "A number is kept",
      value: shown(measured.mean_lease_s, (value) => duration(Math.round(value))),
      detail: "on average, cool-down not counted",
    },
    {
      id: "cooldown",
      label: "Cool-down",
      value: writeDuration(pool.cooldown_s),
      detail: cooldownWords(pool, measured),
    },
    {
      id: "needed",
      label: "Numbers for 1%",
      value: shown(numbers_needed.percent_1, count),
      detail: shown(numbers_needed.permille_1, (needed) => `${count(needed)} for 0.1%`),
    },
    {
      id: "wrong",
      label: "Joined wrongly",
      value: shown(joined.wrong_share, percent),
      detail: `expected of ${counted(joined.calls, "call")} in 28 days`,
    },
    {
      id: "stray",
      label: "Calls to free numbers",
      value: count(measured.calls_to_free_numbers),
      detail: "while nobody was shown them",
    },
  ];
}
