import { auditRow } from "../../accounts/store.ts";
import type { CallEvent } from "../../calls/model/event.ts";
import { lastPlainTold } from "../../calls/model/hand-over.ts";
import { legsOfCalls } from "../../calls/store.ts";
import { pauseStatement, readTarget, type TargetRow } from "../../campaigns/targets.ts";
import { write } from "../../platform/db.ts";
import { isPaused } from "../../routing/model/pause.ts";
import { attemptIn, attemptOf, isGone, UNANSWERED_MAX } from "../../routing/model/unanswered.ts";
import { lastCallsOf, leaveLines } from "../../routing/slots-store.ts";
import type { Services } from "../../services.ts";
import { campaignChanged } from "../change-plans.ts";
import type { Recorded } from "./record.ts";

/** Some of a target's calls are still on the line, or ended by their caller. */
const LOOKED_AT = 4 * UNANSWERED_MAX;
const REASON = "Five calls in a row were not answered.";

type Told = Extract<CallEvent, { kind: "instructed" }>;

/**
 * What a stored report means for the targets that the call was sent to: those that are done with it are free for others
 * (the end of the call frees the rest), and one that has left five calls in a row unanswered is paused, which its page
 * and the audit log say. Done again it changes nothing. Throws what D1 throws.
 */
export async function followTargets(services: Services, { call, events, folded }: Recorded): Promise<void> {
  // As they rang: a round that was answered blind may be stored behind later ones.
  const rounds = events
    .filter((event): event is CallEvent & Told => event.kind === "instructed" && event.action === "dial")
    .sort((a, b) => a.received_at - b.received_at);
  const phones = rounds.flatMap((round) => round.phones ?? []);
  if (!phones.some(({ target_id }) => target_id !== null)) return;
  const { db } = services.network(call.network_id);
  if (folded.ended_at === null) await write(db, ...leaveLines(db, call.id, doneWith(rounds, events)));
  for (const { target_id, target } of phones) {
    const leg = folded.legs.find((one) => one.target === target);
    if (target_id !== null && attemptOf(leg?.status) === "unanswered") {
      await pauseIfGone(services, call.network_id, target_id);
    }
  }
}

/**
 * Targets and groups that the call has left: those of earlier rounds that the last one does not ring again, all of them
 * where something else was told since, and of phones that rang at once those whose own leg has ended.
 */
function doneWith(rounds: readonly Told[], events: readonly CallEvent[]): string[] {
  const plain = lastPlainTold(events);
  // A buyer may ring beside a qualifier who talks on.
  const last = plain?.action === "dial" ? rounds.slice(rounds.findLastIndex(({ warm }) => !warm)) : [];
  const current = new Set(last.flatMap(({ slots }) => slots ?? []).map(({ scope_id }) => scope_id));
  const left = rounds
    .flatMap(({ slots }) => slots ?? [])
    .filter(({ kind, scope_id }) => (kind === "target" || kind === "group") && !current.has(scope_id))
    .map(({ scope_id }) => scope_id);
  const ended = new Set(
    events.flatMap((event) => (event.kind === "leg" && event.final ? [event.target] : [])),
  );
  const lost = last.flatMap(({ phones }) => phones ?? []).filter(({ target }) => ended.has(target));
  return [...left, ...lost.flatMap(({ target_id }) => target_id ?? [])];
}

async function pauseIfGone(services: Services, network_id: string, target_id: string): Promise<void> {
  const { db } = services.network(network_id);
  const target = await readTarget(db, network_id, target_id);
  if (!target || isPaused(target, services.clock.now())) return;
  const { created_at, resumed_at, resume_at } = target;
  const since = Math.max(created_at, resumed_at ?? 0, resume_at ?? 0);
  const sent = (await lastCallsOf(db, target_id, LOOKED_AT)).filter(({ taken_at }) => taken_at >= since);
  const legs = await legsOfCalls(
    db,
    sent.map(({ call_id }) => call_id),
  );
  const attempts = sent.map(({ call_id }) =>
    attemptIn(legs.get(call_id) ?? [], target.number, target.rings_at_once),
  );
  if (isGone(attempts)) await pause(services, network_id, target);
}

async function pause(services: Services, network_id: string, { id, campaign_id }: TargetRow): Promise<void> {
  const { db } = services.network(network_id);
  const at = services.clock.now();
  // The network's own doing, by the phone's.
  const actor = {
    network_id,
    organization_id: network_id,
    kind: "network",
    role: "owner",
    actor_id: "routing",
    via: "user",
  } as const;
  const entry = {
    id: services.ids.next("audit"),
    at,
    action: "targets.pause",
    subject_id: id,
    detail: { reason: REASON },
    request_id: services.request_id,
  };
  const paused = pauseStatement(db, id, { paused_at: at, pause_reason: REASON, resume_at: null });
  await write(db, paused, auditRow(db, actor, entry));
  services.log.error("target paused", { target_id: id, reason: REASON });
  await campaignChanged(services, network_id, campaign_id);
}
