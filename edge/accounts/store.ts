import { and, asc, eq, gt, isNull, type SQL, sql } from "drizzle-orm";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Db, Statement } from "../platform/db.ts";
import type { PageAsk } from "../platform/paging.ts";
import { apiKeys, auditLog, directoryEntries, organizations } from "./tables.ts";
import type { Viewer } from "./viewer.ts";

export type OrganizationRow = typeof organizations.$inferSelect;
export type ApiKeyRow = typeof apiKeys.$inferSelect;

/** An organization of this network, retired or not. */
export async function findOrganization(
  db: Db,
  network_id: string,
  id: string,
): Promise<OrganizationRow | null> {
  const [row] = await db
    .select()
    .from(organizations)
    .where(and(eq(organizations.network_id, network_id), eq(organizations.id, id)))
    .limit(1);
  return row ?? null;
}

/** The aliases of these organizations, by id: what the other side reads instead of a name. */
export async function aliasesOf(
  db: Db,
  network_id: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: organizations.id, alias: organizations.alias })
    .from(organizations)
    .where(
      and(
        eq(organizations.network_id, network_id),
        sql`${organizations.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
      ),
    );
  return new Map(rows.map(({ id, alias }) => [id, alias]));
}

export function listOrganizations(
  db: Db,
  viewer: Viewer,
  kind: OrganizationKind,
  page: PageAsk,
): Promise<OrganizationRow[]> {
  const where: SQL[] = [eq(organizations.network_id, viewer.network_id), eq(organizations.kind, kind)];
  if (page.after !== null) where.push(gt(organizations.id, page.after));
  if (!page.retired) where.push(isNull(organizations.retired_at));
  return db
    .select()
    .from(organizations)
    .where(and(...where))
    .orderBy(asc(organizations.id))
    .limit(page.limit + 1);
}

/** A network sees the keys of everyone it manages, the two sides their own. */
export function listApiKeys(db: Db, viewer: Viewer, page: PageAsk): Promise<ApiKeyRow[]> {
  const where = keysOf(viewer);
  if (page.after !== null) where.push(gt(apiKeys.id, page.after));
  if (!page.retired) where.push(isNull(apiKeys.revoked_at));
  return db
    .select()
    .from(apiKeys)
    .where(and(...where))
    .orderBy(asc(apiKeys.id))
    .limit(page.limit + 1);
}

export async function findApiKey(db: Db, viewer: Viewer, id: string): Promise<ApiKeyRow | null> {
  const [row] = await db
    .select()
    .from(apiKeys)
    .where(and(...keysOf(viewer), eq(apiKeys.id, id)))
    .limit(1);
  return row ?? null;
}

function keysOf(viewer: Viewer): SQL[] {
  const where: SQL[] = [eq(apiKeys.network_id, viewer.network_id)];
  if (viewer.kind !== "network") where.push(eq(apiKeys.organization_id, viewer.organization_id));
  return where;
}

export type AuditEntry = {
  id: string;
  at: Instant;
  action: string;
  subject_id: string;
  detail: Record<string, unknown>;
  request_id: string;
};

/** The audit log's row for a change; goes into the same write as the change. */
export function auditRow(db: Db, viewer: Viewer, entry: AuditEntry): Statement {
  return db.insert(auditLog).values({ network_id: viewer.network_id, actor: viewer.actor_id, ...entry });
}

/** Tells the directory which network an outside key belongs to. */
export function directoryEntry(
  db: Db,
  kind: (typeof directoryEntries.$inferInsert)["kind"],
  key: string,
  network_id: string,
): Statement {
  return db.insert(directoryEntries).values({ key, kind, network_id });
}
