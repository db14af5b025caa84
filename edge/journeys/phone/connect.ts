import type { CallEvent } from "../../calls/model/event.ts";
import { before, type Deadline } from "../../platform/deadline.ts";
import { errorFields } from "../../platform/log.ts";
import { hasCap, type Usage, withFull } from "../../routing/model/usage.ts";
import { isCapReached, usageOfCampaigns } from "../../routing/slots-store.ts";
import type { Services } from "../../services.ts";
import type { Instruction } from "../../telephony/port.ts";
import type { FrozenCandidates } from "./candidates.ts";
import { type Decision, decide, type Moment } from "./decide.ts";
import { instructionOf } from "./instruct.ts";
import { writeDown } from "./journal.ts";
import { judgeIfReported } from "./judge.ts";
import { type Line, type Told, toldFor, toldKey } from "./line.ts";
import { campaignOf } from "./place.ts";
import { type News, type Recorded, recordEvents } from "./record.ts";

/** What asks, and what is stored along with the answer. */
export type Asking = {
  /** Of the request's event: the answer's own key is made from it, so that the same request is answered once. */
  event_key: string;
  /** What the request said: a ring, keys, the end of a leg. */
  events: readonly CallEvent[];
  /** What is stored besides when nothing is left to say: that the call is over. */
  if_done?: readonly CallEvent[];
  candidates: FrozenCandidates | null;
  moment: Moment;
  deadline: Deadline;
};

/** How often a call chooses again because others took the last places meanwhile. */
const TRIES = 8;
const JOURNAL_PATIENCE_MS = 100;
/** Nothing is left to say. */
const DONE: Instruction = { action: "end" };

export type Answered = { instruction: Instruction; call_id: string };

/**
 * Tells a call what comes next and stores it, with the places it takes under caps, in one write: however many ring at
 * once, a cap of N lets N through, and the next of them chooses again. When the database fails or is late the answer
 * stands all the same and is journaled. A request that was answered before gets the same answer.
 */
export async function answerCall(services: Services, line: Line, asking: Asking): Promise<Answered> {
  const earlier = line.history && toldFor(line.history.events, asking.event_key);
  if (earlier && line.history) {
    const { id } = line.history.row;
    const campaign = await campaignOf(services, line, asking.deadline);
    return { instruction: said(services, line, { told: earlier, campaign }, id), call_id: id };
  }
  const stored = line.usage === null ? { tried: null } : await storeAnswer(services, line, asking);
  if ("answered" in stored) return stored.answered;
  // The write may have arrived after all: what it says is what the caller hears.
  const decision = stored.tried ?? (await decide(services, { ...line, usage: null }, asking.moment));
  const blind = { ...decision, told: decision.told && { ...decision.told, blind: true } };
  await writeDown(services, newsOf(line, asking, blind.told), JOURNAL_PATIENCE_MS);
  return { instruction: said(services, line, blind, line.call_id), call_id: line.call_id };
}

/** What became of storing an answer: it was given, or it could not be stored in time; null when none was decided. */
type Stored = { answered: Answered } | { tried: Decision | null };

async function storeAnswer(services: Services, line: Line, asking: Asking): Promise<Stored> {
  let now = line;
  for (let tries = 0; tries < TRIES; tries++) {
    const decided = await before(asking.deadline, decide(services, now, asking.moment));
    if (decided.kind === "failed") services.log.error("call not read", errorFields(decided.error));
    if (decided.kind !== "done") return { tried: null };
    const tried = decided.value;
    const news = newsOf(now, asking, tried.told);
    const outcome = await before(asking.deadline, recordEvents(services, news, now));
    if (outcome.kind === "done") {
      if (!outcome.value.ok) return { tried };
      return { answered: await answerOf(services, now, asking, tried, outcome.value.value) };
    }
    if (outcome.kind === "late") return { tried };
    if (!isCapReached(outcome.error)) {
      services.log.error("call not recorded", errorFields(outcome.error));
      return { tried };
    }
    const seen = await before(asking.deadline, usageAfter(services, now, tried));
    if (seen.kind !== "done") return { tried: null };
    now = { ...now, usage: seen.value };
  }
  services.log.error("caps kept filling up", { provider_call_id: line.provider_call_id });
  return { tried: null };
}

/** What caps have used once a slot was refused. Where only one of the slots has a cap, that one is full: nobody is asked. */
async function usageAfter(
  services: Services,
  { visitor, plan, usage }: Line,
  { told, campaign }: Decision,
): Promise<Usage> {
  const capped = (told?.slots ?? []).filter(({ caps }) => caps !== null && hasCap(caps));
  const [only] = capped;
  if (usage && only && capped.length === 1 && !told?.routed_to) return withFull(usage, only);
  const ids = [plan?.campaign.id, campaign?.id].filter((id) => id !== undefined);
  return usageOfCampaigns(services.network(visitor.account.network_id).db, ids);
}

async function answerOf(
  services: Services,
  line: Line,
  asking: Asking,
  decision: Decision,
  recorded: Recorded,
): Promise<Answered> {
  const { call, events } = recorded;
  // Who is turned away has no leg that could report: the reason can be stored at once, and books nothing.
  const judged = judgeIfReported(services, recorded);
  services.later(judged.catch((error) => services.log.error("call not judged", errorFields(error))));
  // The same request, delivered twice at once: whoever was stored first has said it.
  const told = toldFor(events, asking.event_key);
  return { instruction: said(services, line, { ...decision, told }, call.id), call_id: call.id };
}

function said(services: Services, line: Line, { told, campaign }: Decision, call_id: string): Instruction {
  return told ? instructionOf(services, line, told, campaign, call_id) : DONE;
}

function newsOf(line: Line, asking: Asking, told: Told | null): News {
  const { event_key, events, if_done = [], candidates } = asking;
  const { visitor, provider_call_id, parties, call_id, at } = line;
  const answer: CallEvent[] = told
    ? [
        {
          event_key: toldKey(event_key),
          received_at: at,
          provider_at: events[0]?.provider_at ?? null,
          ...told,
        },
      ]
    : [...if_done];
  return {
    account: visitor.account,
    provider_call_id,
    parties,
    events: [...events, ...answer],
    call_id,
    candidates,
  };
}
