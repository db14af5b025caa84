import autocannon from "autocannon";
import { type Figure, median, round } from "./figure.ts";

/** A kind of request; `next` makes the one to send, so that no two are alike. `status` is that of its answers, 200 unless told. */
export type Load = {
  url: string;
  status?: number;
  next(): { path: string; body: string; headers: Record<string, string> };
};

const RUNS = 7;
const RUN_S = 2;
/** Some thousand requests: until then the engine still compiles what it runs. */
const WARM_UP_S = 4;

type Run = { per_s: number; p99_ms: number };

/** One run. Throws when anything else than the expected status comes back: that would be no measurement. */
async function runOnce(load: Load, connections: number, duration_s: number): Promise<Run> {
  const result = await autocannon({
    url: load.url,
    connections,
    duration: duration_s,
    requests: [
      {
        method: "POST",
        setupRequest: (request: autocannon.Request) => {
          const { path, body, headers } = load.next();
          return { ...request, path, body, headers };
        },
      },
    ],
  } as autocannon.Options);
  const answered = result.statusCodeStats?.[`${load.status ?? 200}`]?.count ?? 0;
  const failures = result["2xx"] - answered + result.non2xx + result.errors + result.timeouts;
  if (failures > 0) throw new Error(`${failures} of ${result.requests.total} requests to ${load.url} failed`);
  return { per_s: result.requests.total / result.duration, p99_ms: result.latency.p99 };
}

/** Product and reference in turn, the ratio pair by pair, the median of several pairs. */
export async function compare(
  name: string,
  product: Load,
  reference: Load,
  connections: number,
): Promise<Figure> {
  const runs = await pairsOf(product, reference, connections);
  const pairs = runs.map((pair) => ({ value: pair.product.per_s, reference: pair.reference.per_s }));
  return {
    name: `${name}, ${connections} connection${connections === 1 ? "" : "s"}`,
    ratio: round(median(pairs.map((pair) => pair.value / pair.reference))),
    value: round(median(pairs.map((pair) => pair.value)), 0),
    reference: round(median(pairs.map((pair) => pair.reference)), 0),
    unit: "requests/s",
    better: "higher",
    runs: RUNS,
  };
}

/** How long the slowest hundredth of requests waits, with so many connections that each wait for their answer. */
export async function compareP99(
  name: string,
  product: Load,
  reference: Load,
  connections: number,
): Promise<Figure> {
  const runs = await pairsOf(product, reference, connections);
  return {
    name: `${name}, p99, ${connections} connections`,
    ratio: round(median(runs.map((pair) => pair.product.p99_ms / Math.max(1, pair.reference.p99_ms)))),
    value: round(median(runs.map((pair) => pair.product.p99_ms)), 0),
    reference: round(median(runs.map((pair) => pair.reference.p99_ms)), 0),
    unit: "ms",
    better: "lower",
    runs: RUNS,
  };
}

/** Product and reference in turn, after both are warm. */
async function pairsOf(product: Load, reference: Load, connections: number) {
  await runOnce(reference, connections, WARM_UP_S);
  await runOnce(product, connections, WARM_UP_S);
  const runs: { product: Run; reference: Run }[] = [];
  for (let run = 0; run < RUNS; run++) {
    runs.push({
      product: await runOnce(product, connections, RUN_S),
      reference: await runOnce(reference, connections, RUN_S),
    });
  }
  return runs;
}
