import { and, eq, isNull } from "drizzle-orm";
import type { Clock } from "../../platform/clock.ts";
import { toBase64Url, utf8, type Vault } from "../../platform/crypto.ts";
import { type Db, isConflict, write } from "../../platform/db.ts";
import type { Ids } from "../../platform/ids.ts";
import { organizations } from "../tables.ts";
import type { Viewer } from "../viewer.ts";
import type { Auth } from "./auth.ts";
import { memberships } from "./tables.ts";

/** What people's sign-in needs of the services. */
export type Ground = {
  config: { public_url: string };
  clock: Clock;
  ids: Ids;
  vault: Vault;
  directory: { db: Db };
  network(network_id: string): { db: Db };
};

export type Person = { id: string; name: string; email: string };
export type Membership = typeof memberships.$inferSelect;

/** Which of one's organizations one works in: a preference, never a right. Every request checks the membership. */
export const ORGANIZATION_COOKIE = "ringtrail.organization";

let opened: Promise<Auth> | null = null;

/** better-auth, loaded when the first person comes by. */
export function authOf(ground: Ground): Promise<Auth> {
  opened ??= open(ground).catch((error) => {
    opened = null;
    throw error;
  });
  return opened;
}

async function open({ config, vault, directory }: Ground): Promise<Auth> {
  const [{ openAuth }, first, second] = await Promise.all([
    import("./auth.ts"),
    vault.mac("people", utf8("1")),
    vault.mac("people", utf8("2")),
  ]);
  return openAuth(directory.db, config.public_url, toBase64Url(first) + toBase64Url(second));
}

/** The person behind the session cookie, or null. Without one of our cookies nothing is loaded or read. */
export async function personOf(ground: Ground, headers: Headers): Promise<Person | null> {
  if (!/\bringtrail\.session_token=/.test(headers.get("cookie") ?? "")) return null;
  const auth = await authOf(ground);
  const found = await auth.api.getSession({ headers });
  if (!found) return null;
  const { id, name, email } = found.user;
  return { id, name, email };
}

/** Where a person may work, by the names of today: an organization that was retired lets nobody in. */
export async function membershipsOf(ground: Ground, user_id: string): Promise<Membership[]> {
  const rows = await ground.directory.db
    .select({ membership: memberships, name: organizations.name })
    .from(memberships)
    .innerJoin(organizations, eq(organizations.id, memberships.organization_id))
    .where(and(eq(memberships.user_id, user_id), isNull(organizations.retired_at)));
  return rows.map(({ membership, name }) => ({ ...membership, organization_name: name })).sort(byJoining);
}

/** In the order of joining: the first is where a person begins. Of those of one moment, the one that is his own. */
export function byJoining(a: Membership, b: Membership): number {
  const own = (one: Membership) => Number(one.role === "owner");
  return a.created_at - b.created_at || own(b) - own(a) || (a.organization_id < b.organization_id ? -1 : 1);
}

/** The viewer a person is in this organization, or null: the one place where a role of a person is decided. */
export async function viewerOf(
  ground: Ground,
  person: Person,
  wanted: string | undefined,
): Promise<Viewer | null> {
  const mine = await membershipsOf(ground, person.id);
  const chosen = mine.find((one) => one.organization_id === wanted) ?? mine[0];
  if (!chosen) return null;
  return {
    network_id: chosen.network_id,
    organization_id: chosen.organization_id,
    kind: chosen.organization_kind,
    role: chosen.role,
    actor_id: person.id,
    via: "user",
  };
}

/** True when the person may work in this organization. */
export async function isMember(ground: Ground, user_id: string, organization_id: string): Promise<boolean> {
  const mine = await membershipsOf(ground, user_id);
  return mine.some((one) => one.organization_id === organization_id);
}

/** A new person's own network, with that person as its owner. Does nothing for who is a member somewhere. */
export async function foundNetwork(ground: Ground, person: Person, name: string): Promise<void> {
  if ((await membershipsOf(ground, person.id)).length > 0) return;
  const created_at = ground.clock.now();
  const id = ground.ids.next("organization");
  const { db } = ground.network(id);
  const network = db.insert(organizations).values({
    id,
    network_id: id,
    kind: "network",
    name,
    alias: "N-1000",
    timezone: "UTC",
    created_at,
  });
  const own = { id, kind: "network", name, network_id: id } as const;
  await write(db, network, joinStatement(ground, person.id, own, "owner"));
}

/** Makes a person a member; somebody who is one already stays as they are. */
export async function join(
  ground: Ground,
  user_id: string,
  organization: { id: string; kind: Membership["organization_kind"]; name: string; network_id: string },
  role: Membership["role"],
): Promise<void> {
  try {
    await write(ground.directory.db, joinStatement(ground, user_id, organization, role));
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

function joinStatement(
  { directory, clock }: Ground,
  user_id: string,
  organization: { id: string; kind: Membership["organization_kind"]; name: string; network_id: string },
  role: Membership["role"],
) {
  return directory.db.insert(memberships).values({
    user_id,
    organization_id: organization.id,
    organization_kind: organization.kind,
    organization_name: organization.name,
    network_id: organization.network_id,
    role,
    created_at: clock.now(),
  });
}
