import { valueIn } from "../bins.ts";
import type { Device } from "../candidate.ts";
import { factorFor, type Parameters } from "../parameters.ts";
import { DEVICES, phaseOfBin, type Tally } from "./tally.ts";

/** How many calls the prior of a factor, which is 1, counts for. */
const FACTOR_PRIOR = 10;

/** No factor lies outside, whatever was counted. */
const FACTOR_MIN = 0.05;
const FACTOR_MAX = 20;

/** A ratio of counted to expected calls, shrunk towards 1. */
export function factorOf(counted: number, expected: number, prior = FACTOR_PRIOR): number {
  return Math.min(FACTOR_MAX, Math.max(FACTOR_MIN, (counted + prior) / (expected + prior)));
}

/** How often the visitors of each device and publisher call, against what the delays alone expect. */
export function learnFactors(
  parameters: Parameters,
  exposure: Tally,
  counted: Tally,
): Pick<Parameters, "device" | "publisher"> {
  const { on, left } = parameters;
  const rateOf = (row_bin: number) => {
    const { phase, bin } = phaseOfBin(row_bin);
    return valueIn(phase === "on" ? on : left, bin);
  };
  const device = perDevice((one, phase) => {
    let expected = 0;
    exposure.each((bin, publisher_id, of, seconds) => {
      if (of !== one || phaseOfBin(bin).phase !== phase) return;
      expected += rateOf(bin) * factorFor(parameters.publisher, publisher_id) * seconds;
    });
    return factorOf(
      countWhere(counted, (bin, _publisher, of) => of === one && phaseOfBin(bin).phase === phase),
      expected,
    );
  });
  const expected = new Map<string, number>();
  exposure.each((bin, publisher_id, of, seconds) => {
    if (publisher_id === null) return;
    const more = rateOf(bin) * device[of][phaseOfBin(bin).phase] * seconds;
    expected.set(publisher_id, (expected.get(publisher_id) ?? 0) + more);
  });
  const publisher = [...expected]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, calls]): [string, number] => [
      id,
      factorOf(
        countWhere(counted, (_bin, of) => of === id),
        calls,
      ),
    ]);
  return { device, publisher: Object.fromEntries(publisher) };
}

function perDevice(factor: (device: Device, phase: "on" | "left") => number): Parameters["device"] {
  const [mobile, desktop] = DEVICES.map((one) => ({ on: factor(one, "on"), left: factor(one, "left") }));
  const even = { on: 1, left: 1 };
  return { mobile: mobile ?? even, desktop: desktop ?? even };
}

function countWhere(
  counted: Tally,
  where: (row_bin: number, publisher_id: string | null, device: Device) => boolean,
): number {
  let sum = 0;
  counted.each((bin, publisher_id, device, amount) => {
    if (where(bin, publisher_id, device)) sum += amount;
  });
  return sum;
}
