import { err, ok, type Result } from "../../../shared/result.ts";
import type { ToldOutcome } from "./import-lines.ts";

type Call = { id: string; provider_call_id: string };

/** Finds the call that a line names among those that are there for whoever sent it, or what is wrong with its names. */
export function callFinder(
  calls: readonly Call[],
): (told: Pick<ToldOutcome, "call_id" | "provider_call_id">) => Result<Call, string> {
  const byId = new Map(calls.map((call) => [call.id, call]));
  const byProvider = new Map<string, Call[]>();
  for (const call of calls) {
    byProvider.set(call.provider_call_id, [...(byProvider.get(call.provider_call_id) ?? []), call]);
  }
  return ({ call_id, provider_call_id }) => {
    const found = call_id === null ? byProvider.get(provider_call_id ?? "") : [byId.get(call_id)];
    const [call, other] = found ?? [];
    if (!call) return err("there is no such call");
    if (other) return err("calls of several telephony accounts have this provider_call_id: give the call_id");
    if (provider_call_id !== null && call.provider_call_id !== provider_call_id)
      return err("call_id and provider_call_id name two calls");
    return ok(call);
  };
}
