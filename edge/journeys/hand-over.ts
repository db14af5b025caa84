import type { HandOver } from "../../shared/api/hand-over.ts";
import { isId } from "../../shared/id.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { CallEvent } from "../calls/model/event.ts";
import { handOverOf } from "../calls/model/hand-over.ts";
import { type CallHistory, readCall, readHistory } from "../calls/store.ts";
import { startDeadline } from "../platform/deadline.ts";
import type { Failure } from "../platform/problem.ts";
import { readAccount } from "../routing/store.ts";
import type { Services } from "../services.ts";
import type { DialInstruction } from "../telephony/port.ts";
import { providerOf } from "../telephony/providers.ts";
import type { ApiFailure, HandOverApi } from "../telephony/rest/port.ts";
import { apiOfAccount } from "./phone/account-api.ts";
import { answerCall } from "./phone/connect.ts";
import { blankLine, type Line } from "./phone/line.ts";
import { openLine } from "./phone/look-up.ts";
import { partiesOfRow } from "./phone/owner.ts";
import { callIdOr, recordEvents } from "./phone/record.ts";

/** Nobody waits on a line: caller and qualifier talk. */
const PATIENCE_MS = 8_000;

const conflict = (detail: string) => err<Failure>({ kind: "conflict", detail });

/** A call that a qualifier may hand on now, and how its provider rings a further phone. */
type Ready = { line: Line; history: CallHistory; api: HandOverApi };

/**
 * Rings the buyer that the call's menu says comes after the qualifier, while the qualifier talks on: chosen like
 * every target, with its place under caps taken. Nothing of the call changes before the buyer has picked up. Errors:
 * `not_found`; `conflict` when no qualifier is on the line, a buyer is rung already, nobody is open, or the account's
 * provider offers no such way; `too_many_requests`; `unavailable`.
 */
export async function bringInBuyer(
  services: Services,
  network_id: string,
  call_id: string,
): Promise<Result<HandOver, Failure>> {
  const ready = await makeReady(services, network_id, call_id);
  if (!ready.ok) return ready;
  const { line, history, api } = ready.value;
  const event_key = `${line.provider_call_id}:warm:${history.seq}`;
  const deadline = startDeadline(PATIENCE_MS);
  const moment = { kind: "warm" } as const;
  const { instruction } = await answerCall(services, line, {
    event_key,
    events: [],
    candidates: null,
    moment,
    deadline,
  }).finally(() => deadline.cancel());
  const phone = instruction.action === "dial" ? instruction.phones[0] : undefined;
  if (instruction.action !== "dial" || !phone) return conflict("No buyer is open for this call now.");
  const { target } = phone;
  const rung = await ring(api, line, instruction, target);
  await note(services, line, event_key, target, rung);
  if (!rung.ok) return err(failureOf(rung.error));
  const told = await toldTo(services, line, target);
  return ok({ call_id: history.row.id, target, target_id: told });
}

async function makeReady(
  services: Services,
  network_id: string,
  call_id: string,
): Promise<Result<Ready, Failure>> {
  const { db } = services.network(network_id);
  const row = isId("call", call_id) ? await readCall(db, network_id, call_id) : null;
  if (!row) return err({ kind: "not_found", what: "call" });
  if (row.ended_at !== null) return conflict("The call is over.");
  const history = await readHistory(db, row.telephony_account_id, row.provider_call_id);
  const account = await readAccount(db, row.telephony_account_id);
  const provider = account && providerOf(account.provider);
  if (!history || !account || !provider) return err({ kind: "not_found", what: "call" });
  const { qualifier, buyer } = handOverOf(history.events);
  if (buyer) return conflict("A buyer is rung or on the line already.");
  if (!qualifier) return conflict("Nobody is on the line who may hand the caller on.");
  const api = await apiOfAccount(services, account);
  if (!api) return conflict("The account's API cannot be asked: give it what it needs first.");
  if (!api.hand_over) {
    return conflict("This provider hands callers on only when the qualifier hangs up.");
  }
  const blank = blankLine({
    visitor: { account, provider, database_is_silent: false },
    provider_call_id: row.provider_call_id,
    call_id: callIdOr(services, row.id),
    parties: await partiesOfRow(services, row),
    at: services.clock.now(),
  });
  const deadline = startDeadline(PATIENCE_MS);
  const line = await openLine(services, { ...blank, history }, deadline).finally(() => deadline.cancel());
  if (!line || line.usage === null)
    return err({ kind: "unavailable", detail: "The call cannot be looked up now." });
  return ok({ line, history, api: api.hand_over });
}

/** The buyer sees the network's number: a provider's API may not show the caller's. */
function ring(api: HandOverApi, line: Line, dial: DialInstruction, target: string) {
  const { caller_id, timeout_s, callbacks } = dial;
  const of = `of=${encodeURIComponent(line.provider_call_id)}`;
  return api.ring({
    from: caller_id ?? line.parties.to,
    to: target,
    timeout_s,
    answer_url: callbacks.whisper ?? "",
    status_url: `${callbacks.leg_status}?${of}`,
  });
}

/** What became of the ringing: a phone that could not be rung has ended, so that another may be. */
async function note(
  services: Services,
  line: Line,
  event_key: string,
  target: string,
  rung: Awaited<ReturnType<HandOverApi["ring"]>>,
): Promise<void> {
  const at = { received_at: services.clock.now(), provider_at: null };
  const event: CallEvent = rung.ok
    ? { event_key: `${event_key}:called`, ...at, kind: "called", target, ring_id: rung.value.ring_id }
    : {
        event_key: `${event_key}:failed`,
        ...at,
        kind: "leg",
        leg_id: null,
        target,
        role: "buyer",
        status: "failed",
        connected_s: 0,
        final: true,
      };
  const { provider_call_id, call_id, visitor } = line;
  await recordEvents(services, {
    account: visitor.account,
    provider_call_id,
    parties: null,
    events: [event],
    call_id,
    candidates: null,
  });
}

async function toldTo(services: Services, line: Line, target: string): Promise<string | null> {
  const { account_id, network_id } = line.visitor.account;
  const history = await readHistory(services.network(network_id).db, account_id, line.provider_call_id);
  const { buyer } = handOverOf(history?.events ?? []);
  return buyer?.told.phones?.find((phone) => phone.target === target)?.target_id ?? null;
}

function failureOf(failure: ApiFailure): Failure {
  switch (failure.kind) {
    case "rate_limited":
      return { kind: "too_many_requests", retry_after_s: failure.retry_after_s };
    case "unreachable":
      return {
        kind: "unavailable",
        detail: "The provider cannot be asked now; caller and qualifier talk on.",
      };
    case "unauthorized":
      return { kind: "conflict", detail: "The provider does not accept the account's id and API token." };
    case "not_found":
      return { kind: "conflict", detail: "The provider knows no such account." };
    case "not_available":
    case "refused":
      return { kind: "conflict", detail: `The provider refused: ${failure.detail}` };
  }
}
