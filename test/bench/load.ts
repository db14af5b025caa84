import autocannon from "autocannon";
import { type Figure, median, round } from "./figure.ts";

/** A kind of request; `next` makes the one to send, so that no two are alike. */
export type Load = {
  url: string;
  next(): { path: string; body: string; headers: Record<string, string> };
};

const RUNS = 3;
const RUN_S = 3;
const WARM_UP_S = 1;
/** A run with more failures than this is not a measurement. */
const FAILURES_MAX = 0;

/** Requests a second. Throws when anything but 2xx comes back. */
async function requestsPerSecond(load: Load, connections: number, duration_s: number): Promise<number> {
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
  const failures = result.non2xx + result.errors + result.timeouts;
  if (failures > FAILURES_MAX)
    throw new Error(`${failures} of ${result.requests.total} requests to ${load.url} failed`);
  return result.requests.total / result.duration;
}

/** Product and reference in turn, the ratio pair by pair, the median of several pairs. */
export async function compare(
  name: string,
  product: Load,
  reference: Load,
  connections: number,
): Promise<Figure> {
  await requestsPerSecond(reference, connections, WARM_UP_S);
  await requestsPerSecond(product, connections, WARM_UP_S);
  const pairs: { value: number; reference: number }[] = [];
  for (let run = 0; run < RUNS; run++) {
    const value = await requestsPerSecond(product, connections, RUN_S);
    pairs.push({ value, reference: await requestsPerSecond(reference, connections, RUN_S) });
  }
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
