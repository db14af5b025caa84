import { and, asc, eq, gt, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { NewWebhook, Webhook, WebhookInput, WebhookPatch } from "../../shared/api/webhooks.ts";
import { WEBHOOK_EVENTS, WEBHOOK_LIMITS } from "../../shared/api/webhooks.ts";
import { HOUR_MS, type Instant } from "../../shared/instant.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { OrganizationRow } from "../accounts/store.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { Vault } from "../platform/crypto.ts";
import type { Db, Statement } from "../platform/db.ts";
import type { PageAsk } from "../platform/paging.ts";
import type { Failure } from "../platform/problem.ts";
import { webhookDeliveries, webhooks } from "./tables.ts";

export type WebhookRow = typeof webhooks.$inferSelect;
export type WebhookGround = Ground & { vault: Vault };

const SECRET_BYTES = 32;

export function webhookView(row: WebhookRow): Webhook {
  const { id, organization_id, url, method, events, statuses, description, status } = row;
  const { failing_since, last_delivered_at, created_at, retired_at } = row;
  const both_secrets_until = row.secret_before_until;
  const state = { status, failing_since, last_delivered_at, both_secrets_until, created_at, retired_at };
  return { id, organization_id, url, method, events, statuses, description, ...state };
}

/** A network sees the webhooks of everyone it manages, the two sides their own. */
function visibleTo(viewer: Viewer): SQL[] {
  const where: SQL[] = [eq(webhooks.network_id, viewer.network_id)];
  if (viewer.kind !== "network") where.push(eq(webhooks.organization_id, viewer.organization_id));
  return where;
}

export function listWebhooks(db: Db, viewer: Viewer, page: PageAsk): Promise<WebhookRow[]> {
  const where = visibleTo(viewer);
  if (page.after !== null) where.push(gt(webhooks.id, page.after));
  if (!page.retired) where.push(isNull(webhooks.retired_at));
  return db
    .select()
    .from(webhooks)
    .where(and(...where))
    .orderBy(asc(webhooks.id))
    .limit(page.limit + 1);
}

export async function findWebhook(db: Db, viewer: Viewer, id: string): Promise<WebhookRow | null> {
  const [row] = await db
    .select()
    .from(webhooks)
    .where(and(...visibleTo(viewer), eq(webhooks.id, id)))
    .limit(1);
  return row ?? null;
}

/** Whoever in this network is to be told something now. */
export function enabledWebhooks(db: Db, network_id: string): Promise<WebhookRow[]> {
  return db
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.network_id, network_id), eq(webhooks.status, "enabled")))
    .orderBy(asc(webhooks.id));
}

/** The text of a secret as Standard Webhooks has it. Shown once, kept sealed. */
async function newSecret({ ids, vault }: WebhookGround, id: string) {
  const secret = `whsec_${btoa(String.fromCharCode(...ids.bytes(SECRET_BYTES)))}`;
  return { secret, secret_sealed: await vault.seal(secret, id) };
}

/**
 * A new webhook of this organization. Its secret is in the result only; the answer kept for an `Idempotency-Key` is
 * without it. Errors: `conflict` when it has ten.
 */
export async function createWebhook(
  ground: WebhookGround,
  owner: OrganizationRow,
  input: WebhookInput,
): Promise<Result<Change<NewWebhook>, Failure>> {
  const { db, ids, now } = ground;
  const used = await db.$count(
    webhooks,
    and(
      eq(webhooks.network_id, owner.network_id),
      eq(webhooks.organization_id, owner.id),
      isNull(webhooks.retired_at),
    ),
  );
  if (used >= WEBHOOK_LIMITS.webhooks) {
    const detail = `An organization has at most ${WEBHOOK_LIMITS.webhooks} webhooks: retire one first.`;
    return err({ kind: "conflict", detail });
  }
  const id = ids.next("webhook");
  const { secret, secret_sealed } = await newSecret(ground, id);
  const row: WebhookRow = {
    id,
    network_id: owner.network_id,
    organization_id: owner.id,
    organization_kind: owner.kind,
    url: input.url,
    method: input.method ?? "POST",
    events: input.events ?? (input.method === "GET" ? ["call.judged"] : [...WEBHOOK_EVENTS]),
    statuses: input.statuses ?? null,
    description: input.description ?? null,
    status: "enabled",
    secret_sealed,
    secret_before_sealed: null,
    secret_before_until: null,
    failing_since: null,
    last_delivered_at: null,
    created_at: now,
    retired_at: null,
  };
  const view = webhookView(row);
  return ok({
    result: { ...view, secret },
    kept: view,
    subject_id: id,
    statements: [db.insert(webhooks).values(row)],
    detail: { organization_id: owner.id, url: row.url, method: row.method, events: row.events },
  });
}

/** Another address, other events, on or off. What waits for one that is off waits until it is on again. */
export function changeWebhook({ db }: Ground, row: WebhookRow, patch: WebhookPatch): Change<Webhook> {
  const { url = row.url, events = row.events, description = row.description, status = row.status } = patch;
  // At another address, or after a rest, it is tried anew.
  const is_fresh = url !== row.url || status !== row.status;
  const { statuses = row.statuses } = patch;
  const settings = { url, events, statuses, description, status };
  const next = { ...settings, failing_since: is_fresh ? null : row.failing_since };
  return {
    result: webhookView({ ...row, ...next }),
    subject_id: row.id,
    statements: [db.update(webhooks).set(next).where(eq(webhooks.id, row.id))],
    detail: { ...patch },
  };
}

/** Another secret from now on. Messages are signed with the one before, too, for a day: a receiver may take either. */
export async function rotateSecret(
  ground: WebhookGround,
  { id, ...row }: WebhookRow,
): Promise<Change<NewWebhook>> {
  const { secret, secret_sealed } = await newSecret(ground, id);
  const next = {
    secret_sealed,
    secret_before_sealed: row.secret_sealed,
    secret_before_until: ground.now + WEBHOOK_LIMITS.both_secrets_h * HOUR_MS,
  };
  const view = webhookView({ id, ...row, ...next });
  return {
    result: { ...view, secret },
    kept: view,
    subject_id: id,
    statements: [ground.db.update(webhooks).set(next).where(eq(webhooks.id, id))],
    detail: {},
  };
}

/** Takes it out of use for good. What still waits is not sent. */
export function retireWebhook({ db, now }: Ground, row: WebhookRow): Change<null> {
  const statements = retiring(db, eq(webhooks.id, row.id), now);
  return { result: null, subject_id: row.id, statements, detail: { url: row.url } };
}

/** The same for all that an organization has: whoever is out is told nothing more. */
export function retireWebhooksOf(db: Db, organization: OrganizationRow, now: Instant): Statement[] {
  const { network_id, id } = organization;
  return retiring(
    db,
    sql`${webhooks.network_id} = ${network_id} AND ${webhooks.organization_id} = ${id}`,
    now,
  );
}

function retiring(db: Db, which: SQL, now: Instant): Statement[] {
  const retired = db
    .update(webhooks)
    .set({ retired_at: now, status: "disabled", failing_since: null })
    .where(and(which, isNull(webhooks.retired_at)));
  const given_up = db
    .update(webhookDeliveries)
    .set({ status: "failed", next_at: null })
    .where(
      and(
        inArray(webhookDeliveries.webhook_id, db.select({ id: webhooks.id }).from(webhooks).where(which)),
        eq(webhookDeliveries.status, "waiting"),
      ),
    );
  return [retired, given_up];
}

/** What an attempt says of its webhook. A server that answers 410 wants nothing more (Standard Webhooks). */
export function noteAttempt(
  db: Db,
  webhook_id: string,
  { at, is_delivered, is_gone }: { at: Instant; is_delivered: boolean; is_gone: boolean },
): Statement {
  const next = is_delivered
    ? { last_delivered_at: at, failing_since: null }
    : {
        failing_since: sql`coalesce(${webhooks.failing_since}, ${at})`,
        ...(is_gone && { status: "disabled" as const }),
      };
  return db.update(webhooks).set(next).where(eq(webhooks.id, webhook_id));
}

/** The secrets that sign now, the newest first. */
export async function secretsOf(vault: Vault, row: WebhookRow, now: Instant): Promise<string[]> {
  const sealed = [row.secret_sealed];
  if (row.secret_before_sealed !== null && now < (row.secret_before_until ?? 0)) {
    sealed.push(row.secret_before_sealed);
  }
  return Promise.all(sealed.map((one) => vault.open(one, row.id)));
}
