import type { CallRecording } from "../../shared/api/calls.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import type { CallEvent } from "./model/event.ts";

export type RecordedEvent = Extract<CallEvent, { kind: "recorded" }>;

/** Where a recording's copy lies in the archive. */
export function recordingKey(call: { network_id: string; id: string }, recording_id: string): string {
  return `recordings/${call.network_id}/${call.id}/${recording_id}`;
}

/**
 * The recordings of a call that this side may hear: the network all of them, the others as the call flow said then. None
 * whose time has come.
 */
export function recordingsFor(events: readonly CallEvent[], kind: OrganizationKind): RecordedEvent[] {
  return events
    .filter((event) => event.kind === "recorded")
    .filter((event) => mayHear(event, kind) && !isOver(events, event.recording_id));
}

/** True of a recording whose time has come, wherever it may still be kept. */
export function isOver(events: readonly CallEvent[], recording_id: string): boolean {
  return events.some(
    (event) => (event.kind === "withdrawn" || event.kind === "erased") && event.recording_id === recording_id,
  );
}

export function mayHear({ heard_by }: RecordedEvent, kind: OrganizationKind): boolean {
  return kind === "network" || heard_by.includes(kind);
}

export function recordingView({ recording_id, of, duration_s, received_at }: RecordedEvent): CallRecording {
  return { id: recording_id, of, duration_s, recorded_at: received_at };
}
