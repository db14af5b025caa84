import { callerNumber } from "../../calls/model/caller.ts";
import { stepFlow, voicemailOf } from "../../routing/model/ivr.ts";
import type { CampaignPart } from "../../routing/model/plan.ts";
import { announcementFor } from "../../routing/model/route.ts";
import type { Services } from "../../services.ts";
import type { Instruction } from "../../telephony/port.ts";
import { campaignMark, dialWords, type FlowPlace, flowInstruction } from "./flow.ts";
import { callerOf, type Line, rangAt, type Told } from "./line.ts";

/** How long a phone may ring of which nothing else is said. */
const RING_S = 30;

/**
 * What was told, as an instruction. The same telling gives the same words: of the flow only the path is kept with the
 * call, for a flow's versions never change.
 */
export function instructionOf(
  services: Services,
  line: Line,
  told: Told,
  campaign: CampaignPart | null,
  call_id: string,
): Instruction {
  const { account } = line.visitor;
  const flow = campaign?.call_flow?.flow ?? null;
  const place: FlowPlace = {
    hooks: `${services.config.public_url}/v1/telephony/${account.account_id}`,
    call_id,
    provider_call_id: line.provider_call_id,
    version: campaign?.call_flow?.version ?? 0,
    path: told.path ?? "",
    sent_to: told.routed_to?.campaign_id ?? null,
  };
  const caller = callerOf(line);
  const rang_at = rangAt(line);
  const step = stepFlow(flow, place.path, {
    at: rang_at,
    region: caller.region,
    is_hidden: caller.number === null,
  });
  if (told.action === "dial" && told.target !== null) {
    const connect =
      step.kind === "connect" ? step : stepFlow(null, "", { at: rang_at, region: null, is_hidden: false });
    if (connect.kind === "connect") {
      const heard = wasHeard(line, told) ? { ...connect, before: [] } : connect;
      return dial(told, place, dialWords(heard, place, ends(line), told.warm === true));
    }
  }
  if (told.reason === "call_flow" && step.kind !== "connect") return flowInstruction(step, place);
  if (told.action === "voicemail") return flowInstruction(voicemailOf(flow), place);
  const say = told.say ?? announcementFor(told.reason);
  return told.action === "reject" ? { action: "reject", say } : { action: "message", say };
}

/** True of the next phones at the same place of the flow: what comes before the ringing was heard with the first ones. */
function wasHeard({ history }: Line, { round = 1, path = "", flow_version }: Told): boolean {
  return (history?.events ?? []).some(
    (event) =>
      event.kind === "instructed" &&
      event.action === "dial" &&
      (event.round ?? 1) < round &&
      (event.path ?? "") === path &&
      event.flow_version === flow_version,
  );
}

/**
 * What the end of this dial says by itself: which it was, where the call goes on when a qualifier has taken it, and what
 * the call is under.
 */
function dialMarks({ round, role, path = "" }: Told, { version, sent_to }: FlowPlace): string {
  const marks = [
    ...(round === undefined ? [] : [`round=${round}`]),
    ...(role === "qualifier" ? [`qualifier=${path}`] : []),
    ...(version === 0 ? [] : [`flow=${version}`]),
    ...campaignMark(sent_to),
  ];
  return marks.length === 0 ? "" : `?${marks.join("&")}`;
}

function ends({ parties }: Line) {
  return { number: parties.to, caller: callerNumber(parties.from) };
}

function dial(told: Told, place: FlowPlace, words: ReturnType<typeof dialWords>): Instruction {
  const { phone, callbacks, ...heard } = words;
  const phones = told.phones ?? [{ target: told.target ?? "" }];
  return {
    action: "dial",
    ...heard,
    phones: phones.map(({ target }) => ({ target, ...phone })),
    timeout_s: told.timeout_s ?? RING_S,
    callbacks: {
      dial_action: `${place.hooks}/dial/${place.call_id}${dialMarks(told, place)}`,
      leg_status: `${place.hooks}/status`,
      ...callbacks,
    },
  };
}
