/** Seeded chance: the same seed gives the same world on every machine. */
export type Chance = {
  /** Uniform in [0, 1). */
  next(): number;
  between(low: number, high: number): number;
  /** Uniform in the logarithm. */
  scale(low: number, high: number): number;
  normal(): number;
  exponential(mean: number): number;
  lognormal(median: number, sigma: number): number;
  gamma(shape: number): number;
  /** Shares that add up to 1. */
  dirichlet(shapes: readonly number[]): number[];
  poisson(mean: number): number;
  /** A place of the list, by these weights. */
  pick(weights: readonly number[]): number;
};

/** Mulberry32 (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c), and what can be made of it. */
export function seeded(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + (high - low) * next();
  const scale = (low: number, high: number) => Math.exp(between(Math.log(low), Math.log(high)));
  const normal = () => {
    let u = 0;
    while (u === 0) u = next();
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * next());
  };
  /** Marsaglia and Tsang, "A simple method for generating gamma variables" (2000). */
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * (next() || 1e-12) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v <= 0) continue;
      if (Math.log(next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const poisson = (mean: number) => {
    if (mean >= 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    let count = 0;
    for (let product = next(); product > Math.exp(-mean); product *= next()) count++;
    return count;
  };
  return {
    next,
    between,
    scale,
    normal,
    exponential: (mean) => -mean * Math.log(1 - next()),
    lognormal: (median, sigma) => median * Math.exp(sigma * normal()),
    gamma,
    dirichlet(shapes) {
      const parts = shapes.map(gamma);
      const sum = parts.reduce((a, b) => a + b, 0);
      return parts.map((part) => part / sum);
    },
    poisson,
    pick(weights) {
      let left = next() * weights.reduce((a, b) => a + b, 0);
      for (const [place, weight] of weights.entries()) {
        left -= weight;
        if (left < 0) return place;
      }
      return weights.length - 1;
    },
  };
}
