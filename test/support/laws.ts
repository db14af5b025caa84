/**
 * How many cases a law is tried with: few and from a fixed seed in `npm test`, many from a printed one in
 * `npm run verify`. Hand it to `fc.assert(property, law(200))`.
 */
export function law(short_runs: number): { numRuns: number; seed: number } {
  const long_runs = Number(process.env.VERIFY_RUNS ?? "0");
  const seed = Number(process.env.VERIFY_SEED ?? "20261121");
  return { numRuns: Math.max(short_runs, long_runs), seed };
}
