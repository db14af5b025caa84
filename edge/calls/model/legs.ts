import type { CallLeg } from "../../../shared/api/calls.ts";
import { type Instant, SECOND_MS } from "../../../shared/instant.ts";
import type { CallEvent, LegStatus } from "./event.ts";

export type LegEvent = Extract<CallEvent, { kind: "leg" }>;
/** An agent was asked to press a key, and did, or would not. */
export type ScreenEvent = Extract<CallEvent, { kind: "screened" | "accepted" }>;

/** One dialled leg, folded from all that was reported of it. */
export type FoldedLeg = {
  target: string | null;
  role: "qualifier" | "buyer";
  status: LegStatus;
  /** The longest it was reported to be connected; null while unreported. */
  connected_s: number | null;
  /** When its end was first reported to us. */
  reported_at: Instant | null;
  /** When we first heard of it. */
  first_at: Instant;
};

/**
 * A final word outranks a passing one, a leg that was answered every way of not being, and "failed" (which is also
 * our guess for a call whose end is lost) none of what a provider knows better.
 */
export const STATUS_RANK: Readonly<Record<LegStatus, number>> = {
  ringing: 0,
  answered: 1,
  failed: 2,
  canceled: 3,
  no_answer: 4,
  busy: 5,
  completed: 6,
};

/** The status that stands when several were reported, in whatever order. */
export function strongest(statuses: readonly LegStatus[]): LegStatus {
  return statuses.reduce((a, b) => (STATUS_RANK[b] > STATUS_RANK[a] ? b : a), "ringing");
}

/**
 * Joins the reports of each leg: by the provider's leg id, else by whom it rang. `dialled` is whom we told to dial.
 * A leg whose agent had to press a key was answered when the key was pressed, and not at all if it never was.
 */
export function foldLegs(
  events: readonly LegEvent[],
  dialled: string | null,
  screens: readonly ScreenEvent[] = [],
): FoldedLeg[] {
  const byId = new Map<string, LegEvent[]>();
  const nameless: LegEvent[] = [];
  for (const event of events) {
    if (event.leg_id === null) nameless.push(event);
    else byId.set(event.leg_id, [...(byId.get(event.leg_id) ?? []), event]);
  }
  const byTarget = new Map<string, LegEvent[]>();
  for (const event of nameless) {
    const target = event.target ?? dialled ?? "";
    byTarget.set(target, [...(byTarget.get(target) ?? []), event]);
  }
  for (const [target, group] of byTarget) {
    const named = Array.from(byId.values()).filter((events) =>
      events.some((event) => event.target === target),
    );
    // The end of a dial that nobody took may name no leg: it is that of the one leg that rang this phone.
    if (named.length === 1 && named[0]) {
      named[0].push(...group);
      byTarget.delete(target);
    }
  }
  const groups = [...sortedByName(byId), ...sortedByName(byTarget)].map((group) =>
    screened(foldLeg(group, dialled), group, screens),
  );
  return groups.sort((a, b) => a.first_at - b.first_at);
}

function sortedByName(groups: Map<string, LegEvent[]>): LegEvent[][] {
  return Array.from(groups)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => group);
}

function foldLeg(events: readonly LegEvent[], dialled: string | null): Folding {
  const reports = events.filter((event) => event.final);
  const lengths = events.flatMap((event) => event.connected_s ?? []);
  const targets = events.flatMap((event) => event.target ?? []).sort();
  return {
    target: targets[0] ?? dialled,
    role: events.some((event) => event.role === "buyer") ? "buyer" : "qualifier",
    status: strongest(events.map((event) => event.status)),
    connected_s: lengths.length === 0 ? null : Math.max(...lengths),
    reported_at: reports.length === 0 ? null : Math.min(...reports.map((event) => event.received_at)),
    first_at: Math.min(...events.map((event) => event.received_at)),
  };
}

type Folding = FoldedLeg & { first_at: Instant };

/**
 * What a provider reports of a leg begins when the phone was picked up; the caller is let through by the key. An agent
 * who was asked for none may have been alone, too, and heard no more than a whisper.
 */
function screened(leg: Folding, group: readonly LegEvent[], screens: readonly ScreenEvent[]): Folding {
  const own = screens.filter((event) => isOf(event, leg, group));
  const asked = own.filter((event) => event.kind === "screened").map((event) => event.received_at);
  const isRefused = own.some((event) => event.kind === "accepted" && !event.is_accepted);
  if (asked.length === 0 && !isRefused) return leg;
  const taken = own
    .filter((event) => event.kind === "accepted" && event.is_accepted)
    .map((event) => event.received_at);
  if (taken.length === 0) {
    const status = leg.reported_at === null ? "ringing" : wasAnswered(leg) ? "no_answer" : leg.status;
    return { ...leg, status, connected_s: leg.reported_at === null ? null : 0 };
  }
  const waited_s = Math.round(Math.max(0, Math.min(...taken) - Math.min(...asked)) / SECOND_MS);
  return { ...leg, connected_s: leg.connected_s === null ? null : Math.max(0, leg.connected_s - waited_s) };
}

/** By the provider's id where both have one, else by the phone. */
function isOf(event: ScreenEvent, leg: Folding, group: readonly LegEvent[]): boolean {
  const ids = group.flatMap(({ leg_id }) => leg_id ?? []);
  if (event.leg_id !== null && ids.length > 0) return ids.includes(event.leg_id);
  return event.target === null || event.target === leg.target;
}

/** True when somebody picked up. */
export function wasAnswered(leg: FoldedLeg): boolean {
  return leg.status === "answered" || leg.status === "completed";
}

/** A leg as the API shows it: a leg that was picked up stays "answered". */
export function legView(leg: FoldedLeg): CallLeg {
  return {
    target: leg.target ?? "",
    role: leg.role,
    status: wasAnswered(leg) ? "answered" : leg.status,
    connected_s: leg.connected_s,
  };
}
