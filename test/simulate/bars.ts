import { type Metrics, meanOf, measure, p90, standardError } from "./metrics.ts";
import { judgeByTruth } from "./oracle.ts";
import { freezeCalls, judge, learn } from "./product.ts";
import type { Reference } from "./reference.ts";
import { judgeByLastHolder, LAST_HOUR_S } from "./rivals.ts";
import { type PoolKind, runWorld } from "./world.ts";

/** Who judges: the truth's own densities, the product cold and fitted, the field's two rules, and a second implementation. */
export type Judge =
  | "optimum"
  | "cold"
  | "fitted"
  | "last_holder"
  | "within_an_hour"
  | "reference_cold"
  | "reference_fitted";

export type WorldResult = { seed: number; kind: PoolKind; metrics: Partial<Record<Judge, Metrics>> };

export type Study = { learned: number; judged: number };

/** One world in one pool, judged by everybody on the same calls: those after the ones that were learned from. */
export function studyWorld(
  seed: number,
  kind: PoolKind,
  { learned, judged }: Study,
  reference: Reference | null,
): WorldResult {
  const world = runWorld(seed, kind, learned + judged);
  const frozen = freezeCalls(world);
  const metrics: WorldResult["metrics"] = {
    optimum: measure(judgeByTruth(world, learned)),
    cold: measure(judge(world, frozen, learn(world, frozen, 0), learned)),
    fitted: measure(judge(world, frozen, learn(world, frozen, learned), learned)),
    last_holder: measure(judgeByLastHolder(world, learned)),
    within_an_hour: measure(judgeByLastHolder(world, learned, LAST_HOUR_S)),
  };
  if (reference) {
    metrics.reference_cold = measure(reference.judge(world, 0, learned));
    metrics.reference_fitted = measure(reference.judge(world, learned, learned));
  }
  return { seed, kind, metrics };
}

/** The figures of one judge over worlds: what the bars are about. */
export type Summary = {
  worlds: number;
  joined: number;
  regret: { mean: number; p90: number };
  ece: number;
  overclaimed: { mean: number; p90: number; worst: number };
  wrong_money: number;
  paid: number;
};

export function summarize(results: readonly WorldResult[], judge: Judge): Summary {
  const own = results.flatMap(({ metrics }) => {
    const [mine, best] = [metrics[judge], metrics.optimum];
    return mine && best ? [{ mine, regret: best.joined - mine.joined }] : [];
  });
  const over = own.map(({ mine }) => mine.overclaimed);
  const regrets = own.map(({ regret }) => regret);
  return {
    worlds: own.length,
    joined: meanOf(own.map(({ mine }) => mine.joined)),
    regret: { mean: meanOf(regrets), p90: p90(regrets) },
    ece: meanOf(own.map(({ mine }) => mine.ece)),
    overclaimed: { mean: meanOf(over), p90: p90(over), worst: Math.max(...over) },
    wrong_money: meanOf(own.map(({ mine }) => mine.wrong_money)),
    paid: meanOf(own.map(({ mine }) => mine.paid / Math.max(1, mine.calls))),
  };
}

/** The most that is allowed, by how much was learned and in which pool. */
export type Bar = {
  regret: [mean: number, p90: number];
  ece: number;
  overclaimed: [mean: number, p90: number, worst: number];
  wrong_money: number;
};

export function barFor(judge: "cold" | "fitted", kind: PoolKind): Bar {
  if (judge === "cold") {
    return { regret: [0.035, 0.065], ece: 0.08, overclaimed: [0.015, 0.045, 0.15], wrong_money: 0.035 };
  }
  return kind === "ample"
    ? { regret: [0.018, 0.035], ece: 0.04, overclaimed: [0.005, 0.015, 0.03], wrong_money: 0.025 }
    : { regret: [0.018, 0.035], ece: 0.045, overclaimed: [0.007, 0.02, 0.045], wrong_money: 0.03 };
}

/** Every bar that is not kept, in words; empty when all are. */
export function missedBars(summary: Summary, bar: Bar): string[] {
  const checks: [string, number, number][] = [
    ["regret mean", summary.regret.mean, bar.regret[0]],
    ["regret p90", summary.regret.p90, bar.regret[1]],
    ["ECE", summary.ece, bar.ece],
    ["claimed - actual mean", summary.overclaimed.mean, bar.overclaimed[0]],
    ["claimed - actual p90", summary.overclaimed.p90, bar.overclaimed[1]],
    ["claimed - actual worst", summary.overclaimed.worst, bar.overclaimed[2]],
    ["wrong money", summary.wrong_money, bar.wrong_money],
  ];
  return checks.flatMap(([name, value, most]) =>
    value <= most ? [] : [`${name} ${value.toFixed(4)} > ${most}`],
  );
}

const PAIRED = ["regret", "ece", "overclaimed", "wrong_money"] as const;
export type Paired = Record<(typeof PAIRED)[number], { difference: number; standard_error: number }>;

/** This model less the reference, world by world: below zero is better. */
export function compareWithReference(
  results: readonly WorldResult[],
  judge: "cold" | "fitted",
): Paired | null {
  const pairs = results.flatMap(({ metrics }) => {
    const [mine, other] = [metrics[judge], metrics[`reference_${judge}`]];
    return mine && other ? [{ mine, other }] : [];
  });
  if (pairs.length === 0) return null;
  const of = (difference: (mine: Metrics, other: Metrics) => number) => {
    const values = pairs.map(({ mine, other }) => difference(mine, other));
    return { difference: meanOf(values), standard_error: standardError(values) };
  };
  return {
    regret: of((mine, other) => other.joined - mine.joined),
    ece: of((mine, other) => mine.ece - other.ece),
    overclaimed: of((mine, other) => mine.overclaimed - other.overclaimed),
    wrong_money: of((mine, other) => mine.wrong_money - other.wrong_money),
  };
}

const JUDGES: readonly Judge[] = [
  "optimum",
  "cold",
  "reference_cold",
  "fitted",
  "reference_fitted",
  "within_an_hour",
  "last_holder",
];

/** The whole study as a Markdown table, one row for each judge. */
export function barsTable(results: readonly WorldResult[], kinds: readonly PoolKind[]): string {
  const lines = [
    "| pool | judge | joined | regret mean / p90 | ECE | claimed − actual ≥ 0.9 mean / p90 / worst | wrong money | paid |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
  ];
  for (const kind of kinds) {
    const own = results.filter((result) => result.kind === kind);
    for (const judge of JUDGES) {
      const { worlds, joined, regret, ece, overclaimed, wrong_money, paid } = summarize(own, judge);
      if (worlds === 0) continue;
      const over = [overclaimed.mean, overclaimed.p90, overclaimed.worst].map((one) => one.toFixed(4));
      lines.push(
        `| ${kind} | ${judge} | ${joined.toFixed(3)} | ${regret.mean.toFixed(4)} / ${regret.p90.toFixed(4)} | ${ece.toFixed(4)} | ` +
          `${over.join(" / ")} | ${wrong_money.toFixed(4)} | ${paid.toFixed(3)} |`,
      );
    }
  }
  return lines.join("\n");
}
