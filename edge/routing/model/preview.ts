import { type AdmitAsk, admitCall, type LookedAt, type Route, type RungPhone } from "./route.ts";

/** What would become of a call, as far as the phones go: rounds of them, and what comes when nobody answers. */
export type Foreseen = {
  first: Route;
  rounds: { targets: string[]; timeout_s: number }[];
  /** Everybody who was looked at; of those rung in any round, nothing stands against them. */
  considered: LookedAt[];
  /** Null where nothing is rung, or the call just ends. */
  otherwise: Pick<Route, "action" | "target" | "reason"> | null;
};

/** No campaign has as many rounds: each rings a target that none before it did. */
const ROUNDS_MAX = 250;

/** Plays a call through by the same choice as a ring makes, as if nobody ever answered. */
export function foresee(ask: AdmitAsk): Foreseen {
  const first = admitCall(ask);
  const rounds: Foreseen["rounds"] = [];
  const rung: RungPhone[] = [];
  let route = first;
  while (isRound(route) && rounds.length < ROUNDS_MAX) {
    rounds.push({ targets: route.phones.map(({ target }) => target), timeout_s: route.timeout_s });
    rung.push(...route.phones);
    route = admitCall({ ...ask, rung });
  }
  const { action, target, reason } = route;
  return {
    first,
    rounds,
    considered: first.considered.map((one) => ({
      ...one,
      reason: rung.some(isSame(one)) ? null : one.reason,
    })),
    otherwise: rounds.length === 0 || action === "end" ? null : { action, target, reason },
  };
}

/** The destination number after everybody else is what comes otherwise, not a round of its own. */
function isRound({ action, reason }: Route): boolean {
  return action === "dial" && (reason === "target" || reason === "next_target" || reason === "destination");
}

function isSame(one: RungPhone) {
  return ({ target_id, target }: RungPhone) => target_id === one.target_id && target === one.target;
}
