/**
 * How many cases a law is tried with: few and from a fixed seed in `npm test`, many from a printed one in
 * `npm run verify`. Hand it to `fc.assert(property, law(200))`. A law that a promise of so many cases hangs on
 * names them as `long_runs_least`.
 */
export function law(short_runs: number, long_runs_least = 0): { numRuns: number; seed: number } {
  const asked = Number(process.env.VERIFY_RUNS ?? "0");
  const long_runs = asked === 0 ? 0 : Math.max(asked, long_runs_least);
  const seed = Number(process.env.VERIFY_SEED ?? "20261121");
  return { numRuns: Math.max(short_runs, long_runs), seed };
}
