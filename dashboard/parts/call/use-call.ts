import { useEffect, useState } from "preact/hooks";
import type { Call } from "../../../shared/api/calls.ts";
import type { LedgerEntry } from "../../../shared/api/ledger.ts";
import { ask, client } from "../../api.ts";
import { type Resource, useResource } from "../../query.ts";
import { endingOf, phaseOf } from "./verdict.ts";

const LIVE_EVERY_S = 2;
const WAITING_EVERY_S = 15;

/** How often a call is worth asking for again: often while the phone is busy, seldom while its verdict is open. */
export function refreshEvery(call: Call | null): number | undefined {
  if (call === null) return undefined;
  if (phaseOf(call) !== "over") return LIVE_EVERY_S;
  return endingOf(call) === "pending" ? WAITING_EVERY_S : undefined;
}

/** One call and, for who may read `money`, its ledger entries, kept current while it goes on. A null id loads nothing. */
export function useCall(
  id: string | null,
  money: boolean,
): { call: Resource<Call>; entries: Resource<LedgerEntry[]> } {
  const [every_s, setEvery] = useState<number | undefined>(undefined);
  const call = useResource<Call>(
    id === null ? null : `call ${id}`,
    (signal) => ask(client.calls[":id"].$get, { param: { id: id ?? "" } }, signal),
    every_s === undefined ? {} : { every_s },
  );
  const wanted = refreshEvery(call.data);
  useEffect(() => setEvery(wanted), [wanted]);
  // A new verdict has new postings: the key follows it.
  const verdict = call.data ? `${call.data.revenue?.status} ${call.data.payout?.status}` : "";
  const entries = useResource<LedgerEntry[]>(
    id === null || call.data === null || !money ? null : `ledger ${id} ${verdict}`,
    async (signal) => (await ask(client.ledger.$get, { query: { call_id: id, limit: 200 } }, signal)).data,
  );
  return { call, entries };
}
