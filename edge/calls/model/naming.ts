import type { CallEvent } from "./event.ts";
import type { LegEvent, ScreenEvent } from "./legs.ts";

/** Whose leg a report is about: a provider names the phone that it rang in some of its reports only. */

export type InstructedEvent = Extract<CallEvent, { kind: "instructed" }>;

/**
 * A leg that is named nowhere is that of the phone we had told to ring last before, if that was one: the round that its end
 * brought about was told in the same moment. What it is for is what it was rung for.
 */
export function named(
  event: LegEvent,
  targets: ReadonlyMap<string, string>,
  rounds: readonly InstructedEvent[],
): LegEvent {
  const known = event.target ?? targets.get(event.leg_id ?? "") ?? null;
  const before = rounds.filter((round) => round.received_at < event.received_at);
  const own = before.findLast((round) => known !== null && rungIn(round).includes(known));
  // What a dial reports without a name is of no phone that was rung beside it.
  const round = own ?? before.findLast(({ warm }) => !warm) ?? before.at(-1) ?? rounds[0];
  if (!round) return event;
  const target = known ?? (phonesOf(round) > 1 ? null : round.target);
  return { ...event, target, role: round.role ?? event.role };
}

/** Whom each leg rang, where one of its reports says so. */
export function targetsById(reports: readonly LegEvent[]): Map<string, string> {
  return new Map(
    reports.flatMap(({ leg_id, target }) =>
      leg_id !== null && target !== null ? [[leg_id, target] as const] : [],
    ),
  );
}

/** True of a leg whose agent had to press a key, or to wait, before the caller was let through. */
export function isScreened({ leg_id, target }: LegEvent, screens: readonly ScreenEvent[]): boolean {
  return screens.some((event) =>
    event.leg_id !== null && leg_id !== null ? event.leg_id === leg_id : event.target === target,
  );
}

/** The phones of a round; one may be unknown. */
export function rungIn({ target, phones }: InstructedEvent): (string | null)[] {
  return phones?.map((phone) => phone.target) ?? [target];
}

export function phonesOf({ phones }: InstructedEvent): number {
  return phones?.length ?? 1;
}
