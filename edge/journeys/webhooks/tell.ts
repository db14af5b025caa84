import type { Call } from "../../../shared/api/calls.ts";
import type { MessageType } from "../../../shared/api/webhooks.ts";
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
  type MarkRow,
  marksOf,
  toldOf,
} from "../../webhooks/deliveries.ts";
import { bodyOf } from "../../webhooks/model/message.ts";
import { newsOf, type Sight } from "../../webhooks/model/news.ts";
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
  let taken = 0;
  for (let after = 0; taken < marks_max; ) {
    const marks = await marksOf(db, network_id, after, Math.min(MARKS_PER_PAGE, marks_max - taken));
    const last = marks.at(-1);
    if (!last) break;
    // After the marks: a webhook that was made meanwhile is told of what came after it, and what is seen now is new
    // enough for all of them, for what happens since counts its mark up.
    const hooks = await enabledWebhooks(db, network_id);
    const seen: Seen = new Map();
    for (const mark of marks) await tellAlone(services, mark, hooks, seen);
    after = last.id;
    taken += marks.length;
  }
  return taken;
}

/** A mark that fails stays, and is no other's hindrance. */
async function tellAlone(
  services: Services,
  mark: MarkRow,
  hooks: readonly WebhookRow[],
  seen: Seen,
): Promise<void> {
  const { db } = services.network(mark.network_id);
  try {
    await write(db, ...(await messagesOf(services, mark, hooks, seen)), clearMark(db, mark));
  } catch (error) {
    const { subject_id: subject, type } = mark;
    services.log.error("webhooks not told", { subject, type, ...errorFields(error) });
  }
}

async function messagesOf(
  services: Services,
  mark: MarkRow,
  hooks: readonly WebhookRow[],
  seen: Seen,
): Promise<Statement[]> {
  const { db } = services.network(mark.network_id);
  const told = isOfCall(mark) && hooks.length > 0 ? await toldOf(db, mark.subject_id) : [];
  const statements: Statement[] = [];
  for (const hook of hooks) {
    const shown = await shownTo(services, hook, mark, seen);
    const type = newsOf(
      mark.type,
      hook,
      shown,
      told.filter(({ webhook_id }) => webhook_id === hook.id),
    );
    if (type === null) continue;
    const data = shown?.data ?? { call: { id: mark.subject_id } };
    const about = { data, fingerprint: shown?.fingerprint ?? "", occurred_at: mark.occurred_at };
    const key = `${mark.id}.${mark.count}`;
    const subject = subjectOf(mark);
    statements.push(addDelivery(db, await newDelivery(services, hook, { type, key, ...about, ...subject })));
  }
  return statements;
}

const isOfCall = ({ type }: MarkRow): boolean => type.startsWith("call.");

function subjectOf(mark: MarkRow): Pick<DeliveryRow, "call_id" | "dispute_id"> {
  const { subject_id } = mark;
  return isOfCall(mark)
    ? { call_id: subject_id, dispute_id: null }
    : { call_id: null, dispute_id: subject_id };
}

type Data = { call?: Partial<Call>; [name: string]: unknown };
/** A subject as an organization sees it. */
type Shown = Sight & { data: Data };
/** … by both their ids: what ends is often judged in the same breath. */
type Seen = Map<string, Shown | null>;

/** Null where the webhook's organization may not see the subject of a mark. */
async function shownTo(
  services: Services,
  hook: WebhookRow,
  mark: MarkRow,
  seen: Seen,
): Promise<Shown | null> {
  const key = `${hook.organization_id} ${mark.subject_id}`;
  const known = seen.get(key);
  if (known !== undefined) return known;
  const viewer = viewerOf(hook);
  const data = await (isOfCall(mark) ? callData : disputeData)(services, viewer, mark.subject_id);
  const shown = data && {
    data,
    status: data.call && statusOf(data.call, viewer.kind),
    fingerprint: await services.vault.fingerprint(JSON.stringify(data), hook.network_id),
  };
  seen.set(key, shown);
  return shown;
}

async function callData(services: Services, viewer: Viewer, call_id: string): Promise<Data | null> {
  const call = await showCallBriefly(services, viewer, call_id);
  return call && { call };
}

async function disputeData(services: Services, viewer: Viewer, dispute_id: string): Promise<Data | null> {
  const file = await findDispute(services.network(viewer.network_id).db, viewer, dispute_id);
  if (!file) return null;
  const { shows } = await sightOf(services, viewer);
  return { dispute: disputeView(file, { ...viewer, sees_publishers: shows.publishers }) };
}

/** A webhook sees what its organization's admins see: nobody below them may make one. */
function viewerOf({ id, network_id, organization_id, organization_kind: kind }: WebhookRow): Viewer {
  return { network_id, organization_id, kind, role: "admin", actor_id: id, via: "api_key" };
}

type NewDelivery = Pick<DeliveryRow, "call_id" | "dispute_id" | "occurred_at" | "fingerprint"> & {
  type: MessageType;
  data: Data;
  /** By which it is made once; null for one that stands for itself. */
  key: string | null;
};

/** A message that waits to be sent at once; its body, or a postback's address, sealed for it. */
export async function newDelivery(
  services: Services,
  { id: webhook_id, network_id, method, url, organization_kind }: WebhookRow,
  { data, key, ...news }: NewDelivery,
): Promise<DeliveryRow> {
  const now = services.clock.now();
  const id = services.ids.next("delivery");
  const { type, occurred_at } = news;
  const body =
    method === "GET"
      ? filledIn(url, { id, type, occurred_at, call: data.call ?? null }, organization_kind)
      : bodyOf({ id, type, occurred_at, data });
  return {
    ...{ id, network_id, webhook_id, mark: key ?? id, ...news },
    body_sealed: await services.vault.seal(body, id),
    status: "waiting",
    attempts: [],
    next_at: now,
    queued_at: now,
    created_at: now,
  };
}
