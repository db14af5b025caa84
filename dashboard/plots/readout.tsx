import type { Bucket } from "./buckets.ts";

/** How a part of a bar is filled. Solid is what counts, outline the rest, the methods as look.md says. */
export type Fill = "area" | "rest" | "held" | "lease" | "late_lease" | "static_number" | "none";

/** One part of every bar (drawn from the bottom up), or the line. A null is a gap. */
export type Series = { id: string; label: string; fill: Fill; values: readonly (number | null)[] };

/** The period before, bucket by bucket, as a dashed grey line. */
export type Earlier = { label: string; values: readonly (number | null)[] };

/** What the readout and the table need of a plot. */
export type Readable = {
  buckets: readonly Bucket[];
  kind: "bars" | "line";
  series: readonly Series[];
  earlier?: Earlier | null;
  /** Writes a value of the readout and table: `126`, `71.3%`, `45.00`. */
  value: (value: number) => string;
  /** What the sum of all parts is called: "calls"; none if there is one part only. */
  sum?: string;
  /** The first column of the table: "Day". */
  heading: string;
};

export const fillClass = (fill: Fill): string =>
  ["area", "rest", "held"].includes(fill) ? `f-${fill}` : `m-${fill}`;

/** All parts of one bar together; a gap counts nothing. */
export const sumAt = (series: readonly Series[], index: number): number =>
  series.reduce((sum, one) => sum + (one.values[index] ?? 0), 0);

/** The swatch of a fill, for a legend. */
export function Swatch({ fill }: { fill: Fill }) {
  return (
    <svg aria-hidden="true">
      <rect class={fillClass(fill)} x=".5" y=".5" width="9" height="9" />
    </svg>
  );
}

/** The line above a plot: what the cursor stands on, and with that the legend. */
export function Readout(props: Readable & { index: number }) {
  const { buckets, kind, series, earlier, value, sum, index } = props;
  const before = earlier?.values[index];
  return (
    <div class="read" aria-live="polite">
      <b>{buckets[index]?.label}</b>
      {series.map((one) => {
        const at = one.values[index];
        return (
          <span key={one.id} class="key">
            {kind === "bars" ? <Swatch fill={one.fill} /> : <LineSwatch name="l-now" />}
            {at === null || at === undefined ? "—" : value(at)} {one.label}
          </span>
        );
      })}
      {sum && (
        <span>
          {value(sumAt(series, index))} {sum}
        </span>
      )}
      {earlier && (
        <span class="key">
          <LineSwatch name="l-before" />
          {before === null || before === undefined ? "—" : value(before)} {earlier.label}
        </span>
      )}
    </div>
  );
}

function LineSwatch({ name }: { name: "l-now" | "l-before" }) {
  return (
    <svg aria-hidden="true">
      <line class={name} x1="0" x2="14" y1="5" y2="5" />
    </svg>
  );
}

/** The plot as a table, closed until asked for. */
export function AsTable({ buckets, series, earlier, value, sum, heading }: Readable) {
  const shown = (at: number | null | undefined) => (at === null || at === undefined ? "—" : value(at));
  return (
    <details>
      <summary>As a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{heading}</th>
            {sum && (
              <th scope="col" class="num">
                {capital(sum)}
              </th>
            )}
            {series.map((one) => (
              <th key={one.id} scope="col" class="num">
                {capital(one.label)}
              </th>
            ))}
            {earlier && (
              <th scope="col" class="num">
                {capital(earlier.label)}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {buckets.map((bucket, index) => (
            <tr key={bucket.key}>
              <th scope="row">{bucket.label}</th>
              {sum && <td class="num">{value(sumAt(series, index))}</td>}
              {series.map((one) => (
                <td key={one.id} class="num">
                  {shown(one.values[index])}
                </td>
              ))}
              {earlier && <td class="num">{shown(earlier.values[index])}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
