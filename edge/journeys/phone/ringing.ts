import { type Instant, SECOND_MS } from "../../../shared/instant.ts";
import type { CallEvent } from "../../calls/model/event.ts";

/** A caller hears ringing for so long, over all phones together, unless the call flow says otherwise. */
const RING_MAX_S = 300;

/**
 * True when the caller has heard ringing for as long as it may at this place of the flow: no further phone is rung. One
 * that rings already rings its own time out. While nobody can be asked, the ringing began with the call.
 */
export function isRingingOver(
  events: readonly CallEvent[],
  { path, rang_at, at }: { path: string; rang_at: Instant; at: Instant },
  ring_max_s = RING_MAX_S,
): boolean {
  const first = events.find(
    (event) =>
      event.kind === "instructed" && event.action === "dial" && !event.warm && (event.path ?? "") === path,
  );
  return at - (first?.received_at ?? rang_at) >= ring_max_s * SECOND_MS;
}
