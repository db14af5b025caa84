import { useEffect, useState } from "preact/hooks";

/**
 * The browser's time, rounded down to `step_ms` and moving on with it: what depends on it (a query's `to`)
 * changes at most so often.
 */
export function useNow(step_ms: number): number {
  const read = () => Math.floor(Date.now() / step_ms) * step_ms;
  const [now, setNow] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => setNow(read()), Math.min(step_ms, 60_000));
    return () => clearInterval(timer);
  }, [step_ms]);
  return now;
}
