/** Terms after which the series below are exact to double precision for their reduced arguments. */
const LOG_TERMS = 24;
const EXP_TERMS = 18;

/**
 * `base` to the power of `exponent`, for a positive base and an exponent within (0, 1]. Only + − × ÷, which IEEE 754
 * defines to the bit: `Math.pow` may differ from engine to engine, and a replay must not.
 */
export function power(base: number, exponent: number): number {
  if (exponent === 1 || base <= 0) return base;
  return exponential(exponent * logarithm(base));
}

/** The natural logarithm: halved or doubled into [0.75, 1.5), then 2·artanh((x − 1)/(x + 1)). */
function logarithm(value: number): number {
  let x = value;
  let twos = 0;
  for (; x >= 1.5; x /= 2) twos += 1;
  for (; x < 0.75; x *= 2) twos -= 1;
  const z = (x - 1) / (x + 1);
  const square = z * z;
  let sum = 0;
  for (let k = LOG_TERMS; k >= 0; k--) sum = sum * square + 1 / (2 * k + 1);
  return twos * Math.LN2 + 2 * z * sum;
}

/** Its inverse: the fraction by Taylor's series, the whole twos by doubling or halving. */
function exponential(value: number): number {
  const twos = Math.round(value / Math.LN2);
  const x = value - twos * Math.LN2;
  let sum = 1;
  for (let k = EXP_TERMS; k >= 1; k--) sum = 1 + (sum * x) / k;
  for (let i = 0; i < twos; i++) sum *= 2;
  for (let i = 0; i > twos; i--) sum /= 2;
  return sum;
}
