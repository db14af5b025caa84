import type { CallLeg } from "../../../shared/api/calls.ts";
import type { Instant } from "../../../shared/instant.ts";
import type { CallEvent, LegStatus } from "./event.ts";

export type LegEvent = Extract<CallEvent, { kind: "leg" }>;

/** One dialled leg, folded from all that was reported of it. */
export type FoldedLeg = {
  target: string | null;
  role: "qualifier" | "buyer";
  status: LegStatus;
  /** The longest it was reported to be connected; null while unreported. */
  connected_s: number | null;
  /** When its end was first reported to us. */
  reported_at: Instant | null;
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

/** Joins the reports of each leg: by the provider's leg id, else by whom it rang. `dialled` is whom we told to dial. */
export function foldLegs(events: readonly LegEvent[], dialled: string | null): FoldedLeg[] {
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
  const groups = [...sortedByName(byId), ...sortedByName(byTarget)].map((group) => foldLeg(group, dialled));
  return groups.sort((a, b) => a.first_at - b.first_at).map(({ first_at: _, ...leg }) => leg);
}

function sortedByName(groups: Map<string, LegEvent[]>): LegEvent[][] {
  return Array.from(groups)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => group);
}

function foldLeg(events: readonly LegEvent[], dialled: string | null): FoldedLeg & { first_at: Instant } {
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
