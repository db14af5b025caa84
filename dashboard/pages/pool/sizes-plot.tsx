import { useId } from "preact/hooks";
import type { PoolMeasures } from "../../../shared/api/pool-health.ts";
import { count, money, NOTHING } from "../../format.ts";
import { Section } from "../../parts/page.tsx";
import { TableFrame } from "../../parts/table-frame.tsx";
import { axisFor } from "../../plots/scale.ts";
import { percent as share } from "./advice.ts";

const PLOT_PX = 160;
const GOAL = 0.01;
const percent = (value: number) => `${Number(value.toFixed(3))}%`;
/** Steps of a pool's size that a person may think of. */
const STEPS = [1, 2, 3, 5, 8, 13];

type Sizes = { measured: PoolMeasures; numbers: number; currency: string | null };

/** What other sizes of the pool would do: the share that finds none in the busiest hour, and what the next numbers buy. */
export function PoolSizes({ measured, numbers, currency }: Sizes) {
  const { sizes, offered_erlangs, numbers_needed } = measured;
  if (sizes.length < 2 || numbers === 0) return null;
  const load = offered_erlangs.busiest_hour ?? 0;
  return (
    <div class="two sec">
      <Section
        id="sizes"
        title="Visitors without a number, by pool size"
        aside={`Erlang B at ${load.toFixed(1)} erlangs, the busiest hour`}
      >
        <SizesPlot sizes={sizes} numbers={numbers} advised={numbers_needed.percent_1} />
      </Section>
      <Section id="buys" title="What the next numbers buy">
        <Buys measured={measured} numbers={numbers} currency={currency} />
      </Section>
    </div>
  );
}

function SizesPlot(props: { sizes: PoolMeasures["sizes"]; numbers: number; advised: number | null }) {
  const { sizes, numbers, advised } = props;
  const id = useId();
  const first = sizes[0]?.numbers ?? 0;
  const last = sizes.at(-1)?.numbers ?? 1;
  const axis = axisFor(Math.max(GOAL * 2, ...sizes.map(({ erlang_b }) => erlang_b)), false);
  const x = (size: number) => (100 * (size - first)) / Math.max(1, last - first);
  const y = (value: number) => PLOT_PX * (1 - value / axis.top);
  const at = (size: number | null) => sizes.find((one) => one.numbers === size) ?? null;
  const now = at(numbers);
  const then = advised === numbers ? null : at(advised);
  const path = sizes.map(
    ({ numbers: size, erlang_b }, i) => `${i === 0 ? "M" : "L"}${x(size) * 10} ${y(erlang_b)}`,
  );
  const ticks = sizes.filter((_, i) => i % Math.ceil(sizes.length / 6) === 0);
  return (
    <figure class="plot sizes">
      <div class="axis">
        <svg class="p" height={PLOT_PX + 24} role="img" aria-labelledby={id}>
          <title id={id}>
            {`Share of visitors who find no number, from ${count(first)} to ${count(last)} numbers: ` +
              `${now ? `${share(now.erlang_b)} at ${count(numbers)}` : ""}` +
              `${then ? `, ${share(then.erlang_b)} at ${count(then.numbers)}` : ""}.`}
          </title>
          <Grid ticks={axis.ticks} y={y} />
          <svg
            width="100%"
            height={PLOT_PX}
            viewBox={`0 0 1000 ${PLOT_PX}`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            <path class="l-now" d={path.join("")} />
          </svg>
          {now && (
            <Mark
              x={x(now.numbers)}
              y={y(now.erlang_b)}
              harm={now.erlang_b > GOAL}
              words={`now: ${count(numbers)}`}
            />
          )}
          {then && (
            <Mark
              x={x(then.numbers)}
              y={y(then.erlang_b)}
              harm={false}
              words={`1%: ${count(then.numbers)}`}
            />
          )}
          {ticks.map(({ numbers: size }) => (
            <text key={size} x={percent(x(size))} y={PLOT_PX + 17} text-anchor="middle">
              {count(size)}
            </text>
          ))}
        </svg>
      </div>
    </figure>
  );
}

function Grid({ ticks, y }: { ticks: readonly number[]; y: (value: number) => number }) {
  return (
    <>
      {[0, ...ticks].map((value) => (
        <g key={value}>
          <line class={value === 0 ? "base" : "grid"} x1="0" x2="100%" y1={y(value)} y2={y(value)} />
          <text x="-8" y={y(value) + 4} text-anchor="end">
            {value === 0 ? "0" : `${Number((100 * value).toFixed(1))}%`}
          </text>
        </g>
      ))}
      <line class="l-limit" x1="0" x2="100%" y1={y(GOAL)} y2={y(GOAL)} />
      <text x="100%" y={y(GOAL) - 5} text-anchor="end">
        goal 1%
      </text>
    </>
  );
}

function Mark({ x, y, harm, words }: { x: number; y: number; harm: boolean; words: string }) {
  const anchor = x < 12 ? "start" : x > 88 ? "end" : "middle";
  return (
    <>
      <line class="l-cursor" x1={percent(x)} x2={percent(x)} y1={y - 22} y2={y - 5} />
      <circle class={harm ? "f-harm" : "f-area"} cx={percent(x)} cy={y} r="4" />
      <text class="strong" x={percent(x)} y={y - 27} text-anchor={anchor}>
        {words}
      </text>
    </>
  );
}

function Buys({ measured, numbers, currency }: Sizes) {
  const { sizes, next_number, numbers_needed } = measured;
  const rent = next_number.rent_micros ?? null;
  const advised = (numbers_needed.percent_1 ?? 0) - numbers;
  const steps = [...new Set([...STEPS, ...(advised > 0 ? [advised] : [])])].sort((a, b) => a - b);
  const rows = steps.flatMap((step) => {
    const size = sizes.find((one) => one.numbers === numbers + step);
    return size ? [{ step, ...size }] : [];
  });
  if (rows.length === 0) return <p class="note">Nothing: nobody finds it empty.</p>;
  return (
    <>
      <TableFrame>
        <table>
          <caption class="vh">Gain and cost of more numbers, by month</caption>
          <thead>
            <tr>
              <th scope="col">Numbers</th>
              <th scope="col" class="num">
                Find none
              </th>
              <th scope="col" class="num">
                Visitors won
              </th>
              {rent !== null && (
                <th scope="col" class="num">
                  {currency ?? ""} a month
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ step, erlang_b, visitors_a_month }) => (
              <tr key={step} class={step === advised ? "on" : undefined}>
                <th scope="row">
                  +{count(step)} {step === advised && <span class="quiet">for 1%</span>}
                </th>
                <td class="num">{share(erlang_b)}</td>
                <td class="num">{visitors_a_month < 0.5 ? NOTHING : count(Math.round(visitors_a_month))}</td>
                {rent !== null && <td class="num">{money(rent * step)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {next_number.micros_per_visitor != null && (
        <p class="meta">
          With one more, each further visitor a month costs {money(next_number.micros_per_visitor)} {currency}
          .
        </p>
      )}
    </>
  );
}
