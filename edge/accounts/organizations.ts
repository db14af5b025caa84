import { and, eq, isNull } from "drizzle-orm";
import type { Network, NetworkPatch, Organization } from "../../shared/api/organizations.ts";
import type { Change, Ground } from "../platform/change.ts";
import type { OrganizationRow } from "./store.ts";
import { apiKeys, organizations } from "./tables.ts";
import type { Viewer } from "./viewer.ts";

export type SideKind = "advertiser" | "publisher";

const ALIAS_LETTER = { advertiser: "A", publisher: "P" } as const;

export function organizationView(row: OrganizationRow): Organization {
  const { id, kind, name, alias, created_at, retired_at } = row;
  return { id, kind, name, alias, created_at, retired_at };
}

export function networkView(row: OrganizationRow): Network {
  const { id, name, timezone, shows_callers, shows_publishers, created_at } = row;
  return { id, name, timezone, shows_callers, shows_publishers, created_at };
}

/** A new advertiser or publisher of the viewer's network; its days begin in the network's time zone. */
export function createOrganization(
  ground: Ground,
  viewer: Viewer,
  network: OrganizationRow,
  kind: SideKind,
  name: string,
): Change<Organization> {
  const row: OrganizationRow = {
    id: ground.ids.next("organization"),
    network_id: viewer.network_id,
    kind,
    name,
    alias: `${ALIAS_LETTER[kind]}-${fiveDigits(ground.ids.bytes(4))}`,
    timezone: network.timezone,
    shows_callers: false,
    shows_publishers: false,
    created_at: ground.now,
    retired_at: null,
  };
  return {
    result: organizationView(row),
    subject_id: row.id,
    statements: [],
    directory: [ground.db.insert(organizations).values(row)],
    detail: { name },
  };
}

/** By chance, not counted up: an alias must not tell how many publishers a network has. */
function fiveDigits(bytes: Uint8Array): number {
  const value = bytes.reduce((sum, byte) => (sum * 256 + byte) % 90_000, 0);
  return 10_000 + value;
}

export function renameOrganization(
  ground: Ground,
  row: OrganizationRow,
  patch: { name?: string | undefined },
): Change<Organization> {
  const name = patch.name ?? row.name;
  return {
    result: organizationView({ ...row, name }),
    subject_id: row.id,
    statements: [],
    directory: [ground.db.update(organizations).set({ name }).where(eq(organizations.id, row.id))],
    detail: patch,
  };
}

/** Takes an organization out of use; its keys are revoked with it, and no membership of it counts any more. */
export function retireOrganization(ground: Ground, row: OrganizationRow): Change<null> {
  const { db, now } = ground;
  return {
    result: null,
    subject_id: row.id,
    statements: [],
    directory: [
      db
        .update(organizations)
        .set({ retired_at: now })
        .where(and(eq(organizations.id, row.id), isNull(organizations.retired_at))),
      db
        .update(apiKeys)
        .set({ revoked_at: now })
        .where(
          and(
            eq(apiKeys.network_id, row.network_id),
            eq(apiKeys.organization_id, row.id),
            isNull(apiKeys.revoked_at),
          ),
        ),
    ],
    detail: {},
  };
}

export function changeNetwork(ground: Ground, row: OrganizationRow, patch: NetworkPatch): Change<Network> {
  const next = {
    name: patch.name ?? row.name,
    timezone: patch.timezone ?? row.timezone,
    shows_callers: patch.shows_callers ?? row.shows_callers,
    shows_publishers: patch.shows_publishers ?? row.shows_publishers,
  };
  return {
    result: networkView({ ...row, ...next }),
    subject_id: row.id,
    statements: [],
    directory: [ground.db.update(organizations).set(next).where(eq(organizations.id, row.id))],
    detail: patch,
  };
}
