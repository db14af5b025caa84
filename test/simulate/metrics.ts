/** One call as somebody judged it, beside the truth. */
export type Judged = {
  /** The probability of the joined lease, or of none. */
  confidence: number;
  is_right: boolean;
  publisher_confidence: number;
  /** Whether the likeliest publisher is the one whose visitor called. */
  is_publisher_right: boolean;
};

export type Metrics = {
  calls: number;
  /** The share of calls joined to their true lease, or rightly to none. */
  joined: number;
  /** Expected calibration error, 15 bins of as many calls each. */
  ece: number;
  /** How much surer than right, over calls joined with 0.9 or more. */
  overclaimed: number;
  /** Calls joined with 0.9 or more, and the wrong ones of them. */
  sure: number;
  sure_wrong: number;
  /** The share of calls paid at a floor of 0.9 that went to the wrong publisher. */
  wrong_money: number;
  paid: number;
};

const ECE_BINS = 15;
export const FLOOR = 0.9;

export function measure(judged: readonly Judged[]): Metrics {
  const calls = judged.length;
  const share = (part: number, of: number) => (of === 0 ? 0 : part / of);
  const sure = judged.filter(({ confidence }) => confidence >= FLOOR);
  const paid = judged.filter(({ publisher_confidence }) => publisher_confidence >= FLOOR);
  const sure_wrong = sure.filter(({ is_right }) => !is_right).length;
  const claimed = sure.reduce((sum, { confidence }) => sum + confidence, 0);
  return {
    calls,
    joined: share(judged.filter(({ is_right }) => is_right).length, calls),
    ece: calibrationError(judged),
    overclaimed: share(claimed - (sure.length - sure_wrong), sure.length),
    sure: sure.length,
    sure_wrong,
    wrong_money: share(paid.filter((one) => !one.is_publisher_right).length, paid.length),
    paid: paid.length,
  };
}

function calibrationError(judged: readonly Judged[]): number {
  const sorted = [...judged].sort((a, b) => a.confidence - b.confidence);
  let error = 0;
  for (let bin = 0; bin < ECE_BINS; bin++) {
    const part = sorted.slice(
      Math.floor((bin * sorted.length) / ECE_BINS),
      Math.floor(((bin + 1) * sorted.length) / ECE_BINS),
    );
    const gap = part.reduce((sum, { confidence, is_right }) => sum + confidence - (is_right ? 1 : 0), 0);
    error += Math.abs(gap) / Math.max(1, sorted.length);
  }
  return error;
}

export function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
}

/** The value that nine of ten do not exceed. */
export function p90(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(0.9 * sorted.length) - 1)] ?? 0;
}

/** The standard error of a mean. */
export function standardError(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return Math.sqrt(variance / values.length);
}
