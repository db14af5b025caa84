import type { Call } from "../../../shared/api/calls.ts";
import type { MessageType, WebhookEvent } from "../../../shared/api/webhooks.ts";
import type { Viewer } from "../../accounts/viewer.ts";
import { type Statement, write } from "../../platform/db.ts";
import { errorFields } from "../../platform/log.ts";
import { findDispute } from "../../reporting/disputes.ts";
import type { Services } from "../../services.ts";
import { disputeView } from "../../settlement/dispute-views.ts";
import {
  addDelivery,
  clearMark,
  type DeliveryRow,
  lastToldOf,
  type MarkRow,
  marksOf,
} from "../../webhooks/deliveries.ts";
import { bodyOf } from "../../webhooks/model/message.ts";
import { filledIn, statusOf } from "../../webhooks/model/postback.ts";
import { enabledWebhooks, type WebhookRow } from "../../webhooks/store.ts";
import { showCallBriefly, sightOf } from "../show-calls.ts";

/** Marks that are read at once. */
const MARKS_PER_PAGE = 50;

/**
 * Makes messages of what happened in a network since the last time, for each webhook that wants to know and whose
 * organization may see it: as it is now, in its eyes. A mark goes in the write that stores its messages, so none is lost,
 * and of two who do this at once only one has made them. Answers how many marks were taken; the rest waits.
 */
export async function tellWebhooks(
  services: Services,
  network_id: string,
  marks_max: number,
): Promise<number> {
  const { db } = services.network(network_id);
  let hooks: WebhookRow[] | null = null;
  let taken = 0;
  for (let after = 0; taken < marks_max; ) {
    const marks = await marksOf(db, network_id, after, Math.min(MARKS_PER_PAGE, marks_max - taken));
    if (marks.length === 0) break;
    hooks ??= await enabledWebhooks(db, network_id);
    for (const mark of marks) await tellAlone(services, mark, hooks);
    after = marks.at(-1)?.id ?? after;
    taken += marks.length;
  }
  return taken;
}

/** A mark that fails stays, and is no other's hindrance. */
async function tellAlone(services: Services, mark: MarkRow, hooks: readonly WebhookRow[]): Promise<void> {
  try {
    await write(
      services.network(mark.network_id).db,
      ...(await messagesOf(services, mark, hooks)),
      clear(services, mark),
    );
  } catch (error) {
    services.log.error("webhooks not told", {
      subject: mark.subject_id,
      type: mark.type,
      ...errorFields(error),
    });
  }
}

const clear = (services: Services, mark: MarkRow): Statement =>
  clearMark(services.network(mark.network_id).db, mark);

async function messagesOf(
  services: Services,
  mark: MarkRow,
  hooks: readonly WebhookRow[],
): Promise<Statement[]> {
  const { db } = services.network(mark.network_id);
  const is_call = mark.type.startsWith("call.");
  const told = is_call ? await lastToldOf(db, mark.subject_id) : new Map();
  const seen = new Map<string, Promise<Seen | null>>();
  const statements: Statement[] = [];
  for (const hook of hooks) {
    const look = seen.get(hook.organization_id) ?? seenBy(services, hook, mark);
    seen.set(hook.organization_id, look);
    const news = newsFor(hook, mark, await look, [...(told.get(hook.id)?.values() ?? [])]);
    if (news) statements.push(addDelivery(db, await deliveryOf(services, hook, mark, news)));
  }
  return statements;
}

/** What a message says, and its fingerprint. */
type Seen = { data: Record<string, unknown>; fingerprint: string };
type News = Seen & { type: MessageType };

/** The subject of a mark as the webhook's organization may see it; null when it may not. */
async function seenBy(services: Services, hook: WebhookRow, mark: MarkRow): Promise<Seen | null> {
  const viewer = viewerOf(hook);
  const data = mark.type.startsWith("call.")
    ? await callData(services, viewer, mark.subject_id)
    : await disputeData(services, viewer, mark.subject_id);
  return data && { data, fingerprint: await fingerprintOf(services, hook.network_id, data) };
}

async function callData(services: Services, viewer: Viewer, call_id: string) {
  const call = await showCallBriefly(services, viewer, call_id);
  return call && { call };
}

async function disputeData(services: Services, viewer: Viewer, dispute_id: string) {
  const file = await findDispute(services.network(viewer.network_id).db, viewer, dispute_id);
  if (!file) return null;
  const { shows } = await sightOf(services, viewer);
  return { dispute: disputeView(file, { ...viewer, sees_publishers: shows.publishers }) };
}

/** A webhook sees what its organization's admins see: nobody below them may make one. */
function viewerOf({ id, network_id, organization_id, organization_kind }: WebhookRow): Viewer {
  return {
    network_id,
    organization_id,
    kind: organization_kind,
    role: "admin",
    actor_id: id,
    via: "api_key",
  };
}

const fingerprintOf = (services: Services, network_id: string, data: Record<string, unknown>) =>
  services.vault.fingerprint(JSON.stringify(data), network_id);

/**
 * What a webhook is to be told of a mark; null for nothing. A judgement that changed nothing in these eyes is no news,
 * and that a call is gone is news to whom it was shown.
 */
function newsFor(
  hook: WebhookRow,
  mark: MarkRow,
  seen: Seen | null,
  told: readonly DeliveryRow[],
): News | null {
  const wants = (type: WebhookEvent) => hook.events.includes(type);
  const last = told.at(-1);
  if (!seen) {
    const is_withdrawn = last !== undefined && last.type !== "call.withdrawn" && wants("call.withdrawn");
    const data = { call: { id: mark.subject_id } };
    return is_withdrawn ? { type: "call.withdrawn", data, fingerprint: "" } : null;
  }
  if (!wants(mark.type)) return null;
  const { call } = seen.data;
  const is_judged = mark.type === "call.judged";
  const stands = is_judged ? statusOf(call as Partial<Call>, hook.organization_kind) : undefined;
  if (is_judged && hook.statuses && !hook.statuses.some((status) => status === stands)) return null;
  const before = told.find(({ type }) => type === mark.type);
  const is_known =
    mark.type === "call.judged" &&
    last?.type !== "call.withdrawn" &&
    before?.fingerprint === seen.fingerprint;
  return is_known ? null : { type: mark.type, ...seen };
}

async function deliveryOf(
  services: Services,
  hook: WebhookRow,
  mark: MarkRow,
  { type, data, fingerprint }: News,
): Promise<DeliveryRow> {
  const { subject_id, occurred_at } = mark;
  const subject = mark.type.startsWith("call.")
    ? { call_id: subject_id, dispute_id: null }
    : { call_id: null, dispute_id: subject_id };
  return newDelivery(services, hook, {
    ...{ mark: `${mark.id}.${mark.count}`, type, data, fingerprint, occurred_at },
    ...subject,
  });
}

type NewDelivery = News &
  Pick<DeliveryRow, "call_id" | "dispute_id" | "occurred_at"> & { mark: string | null };

/** A message that waits to be sent at once; its body, or a postback's address, sealed for it. */
export async function newDelivery(
  services: Services,
  { id: webhook_id, network_id, method, url, organization_kind }: WebhookRow,
  { data, mark, ...news }: NewDelivery,
): Promise<DeliveryRow> {
  const now = services.clock.now();
  const id = services.ids.next("delivery");
  const { type, occurred_at } = news;
  const call = (data.call ?? null) as Partial<Call> | null;
  const body =
    method === "GET"
      ? filledIn(url, { id, type, occurred_at, call }, organization_kind)
      : bodyOf({ id, type, occurred_at, data });
  return {
    ...{ id, network_id, webhook_id, mark: mark ?? id, ...news },
    body_sealed: await services.vault.seal(body, id),
    status: "waiting",
    attempts: [],
    next_at: now,
    queued_at: now,
    created_at: now,
  };
}
