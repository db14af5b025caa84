import type { Attribution, Call } from "../../shared/api/calls.ts";
import type { Instant } from "../../shared/instant.ts";
import type { CallEvent } from "./model/event.ts";

type TimelineStep = NonNullable<Call["timeline"]>[number];

/**
 * A call's life, step by step, in the order in which we heard of it. `attribution` is the viewer's own view of it;
 * whom we dialled is told only with `targets`.
 */
export function timelineOf(
  events: readonly CallEvent[],
  attributed: { at: Instant; attribution: Attribution } | null,
  see: { targets: boolean },
): TimelineStep[] {
  const steps = events.map((event) => stepOf(event, see.targets));
  if (attributed) {
    const { method, confidence } = attributed.attribution;
    const detail = `${method.replaceAll("_", " ")}, ${Math.min(confidence, 0.999).toFixed(3)}`;
    steps.push({ kind: "attributed", at: attributed.at, detail });
  }
  const rank = (kind: string) => (kind === "judged" ? 2 : kind === "attributed" ? 1 : 0);
  return steps.sort((a, b) => a.at - b.at || rank(a.kind) - rank(b.kind));
}

function stepOf(event: CallEvent, targets: boolean): TimelineStep {
  const at = event.received_at;
  switch (event.kind) {
    case "ringing":
      return { kind: "ringing", at, detail: `called ${event.to}` };
    case "instructed": {
      const whom = targets && event.target !== null ? ` ${event.target}` : "";
      const blind = event.blind ? ", while the database was silent" : "";
      return { kind: "instructed", at, detail: `${event.action}${whom}${blind}` };
    }
    case "progress": {
      const length = event.duration_s === null ? "" : ` after ${event.duration_s} s`;
      return { kind: event.status, at, detail: `the call: ${words(event.status)}${length}` };
    }
    case "leg": {
      const length = event.connected_s === null ? "" : `, ${event.connected_s} s`;
      const whom = targets && event.target !== null ? ` ${event.target}` : "";
      return {
        kind: `leg_${event.status}`,
        at,
        detail: `the target${whom}: ${words(event.status)}${length}`,
      };
    }
    case "judged_again":
      return { kind: "judged", at, detail: event.reason };
  }
}

function words(status: string): string {
  return status.replaceAll("_", " ");
}
