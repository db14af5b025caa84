/** The top of a y axis and where its hairlines are, zero left out: at most four, on round numbers. */
export type Axis = { top: number; ticks: number[] };

const STEPS = [1, 2, 2.5, 3, 5, 6, 10];
const HAIRLINES_MAX = 4;

/**
 * A zero-based axis that holds `max` with the fewest empty pixels.
 * @param whole true for counts, which have no half
 */
export function axisFor(max: number, whole: boolean): Axis {
  if (!(max > 0)) return { top: 1, ticks: [1] };
  const rough = max / HAIRLINES_MAX;
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps = [power, power * 10].flatMap((unit) => STEPS.map((step) => step * unit));
  const fits = steps.filter((step) => step * HAIRLINES_MAX >= max && (!whole || Number.isInteger(step)));
  const step = Math.min(...(fits.length > 0 ? fits : [Math.max(1, power * 10)]));
  const lines = Math.max(1, Math.ceil(max / step - 1e-9));
  return { top: step * lines, ticks: Array.from({ length: lines }, (_, i) => step * (i + 1)) };
}

/** The middle of bucket `index` of `total` equal ones, in percent of the width. */
export function middle(index: number, total: number): number {
  return (100 * (index + 0.5)) / total;
}

/** Which of `total` equal buckets lies under `x` of `width` pixels. */
export function bucketAt(x: number, width: number, total: number): number {
  return Math.max(0, Math.min(total - 1, Math.floor((x / Math.max(1, width)) * total)));
}

/** A line through the middles of the buckets; where a value is null the line stops and begins again after it. */
export function linePath(
  values: readonly (number | null)[],
  top: number,
  width: number,
  height: number,
): string {
  let path = "";
  let pen = "M";
  values.forEach((value, index) => {
    if (value === null) {
      pen = "M";
      return;
    }
    const x = (middle(index, values.length) / 100) * width;
    path += `${pen}${x.toFixed(1)} ${(height * (1 - value / top)).toFixed(1)}`;
    pen = "L";
  });
  return path;
}

const FLAT = 0.42;
/** Where a curve's handles are, as parts of a stage after its flat end and before the next one. */
const HANDLES = [0.33, 0.27] as const;
const HALF_MIN = 1.25;

/**
 * The outline of a line as wide as each stage's count: flat at first, then a curve to the next stage.
 * Nothing is drawn thinner than a hair, so that a small count is not taken for none; zero is none.
 */
export function flowPath(values: readonly number[], width: number, height: number): string {
  const largest = Math.max(...values, 1);
  const [mid, reach] = [height / 2, height / 2 - 2];
  const half = values.map((value) => (value === 0 ? 0 : Math.max(HALF_MIN, (reach * value) / largest)));
  const stage = width / values.length;
  const y = (index: number, sign: 1 | -1) => (mid + sign * (half[index] ?? 0)).toFixed(2);
  /** Between stage `i` and the next: where the flat ends, the two handles, where the next begins. */
  const xs = (i: number) => {
    const [flat, next] = [(i + FLAT) * stage, (i + 1) * stage];
    return [flat, flat + stage * HANDLES[0], next - stage * HANDLES[1], next].map((x) => x.toFixed(1));
  };
  let path = `M0 ${y(0, -1)}`;
  for (let i = 0; i < half.length - 1; i += 1) {
    const [flat, from, to, next] = xs(i);
    path += `L${flat} ${y(i, -1)}C${from} ${y(i, -1)} ${to} ${y(i + 1, -1)} ${next} ${y(i + 1, -1)}`;
  }
  const last = half.length - 1;
  path += `L${width} ${y(last, -1)}L${width} ${y(last, 1)}`;
  for (let i = last - 1; i >= 0; i -= 1) {
    const [flat, from, to, next] = xs(i);
    path += `L${next} ${y(i + 1, 1)}C${to} ${y(i + 1, 1)} ${from} ${y(i, 1)} ${flat} ${y(i, 1)}`;
  }
  return `${path}L0 ${y(0, 1)}Z`;
}
