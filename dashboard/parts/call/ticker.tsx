import type { Call } from "../../../shared/api/calls.ts";
import { duration } from "../../format.ts";
import { useNow } from "./use-now.ts";
import { phaseOf } from "./verdict.ts";

/**
 * How long a call has been ringing or talking, ticking: `0:34`. The browser's clock may differ from the
 * server's by a little; it never reads less than zero. Nothing once the call is over.
 */
export function Ticker({ call }: { call: Call }) {
  const phase = phaseOf(call);
  const now = useNow(phase !== "over");
  if (phase === "over") return null;
  const since = phase === "talking" ? (call.answered_at ?? call.started_at) : call.started_at;
  return <span role="timer">{duration(Math.max(0, Math.floor((now - since) / 1_000)))}</span>;
}
