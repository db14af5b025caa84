import { randomBytes } from "node:crypto";
import type { Role } from "../../shared/api/organizations.ts";
import { type Inventory, stockUp } from "./inventory.ts";
import { type Ask, startWorld, type World } from "./world.ts";

export type Who =
  | "admin"
  | "analyst"
  | "billing"
  | "viewer"
  | "advertiser"
  | "publisher"
  | "stranger"
  | "other_publisher";

/** Who the people of a stage are, by the kind of their organization and their role. */
export const PEOPLE = {
  admin: { kind: "network", role: "admin" },
  analyst: { kind: "network", role: "analyst" },
  billing: { kind: "network", role: "billing" },
  viewer: { kind: "network", role: "viewer" },
  advertiser: { kind: "advertiser", role: "admin" },
  publisher: { kind: "publisher", role: "admin" },
} as const;

/**
 * A world with two networks in it: "Larkspur" with an advertiser, a publisher and everything a call needs, and a
 * stranger's, who must never see anything of it.
 */
export type Stage = {
  world: World;
  /** What Larkspur has. */
  own: Inventory;
  /** What the stranger's network has. */
  foreign: Inventory;
  keys: Record<Who, string>;
  other_publisher_id: string;
  /** Asks as somebody; the body is JSON. */
  as(who: Who, path: string, init?: Ask): Promise<Response>;
  /** The JSON of an answer that must be 2xx. */
  json<T = Record<string, unknown>>(who: Who, path: string, init?: Ask): Promise<T>;
  /** A number that nobody has used yet. */
  e164(): string;
  /** How many rows there are in every table that a request of the API can change. */
  rows(): Promise<Record<string, number>>;
  stop(): Promise<void>;
};

const TABLES = [
  "organizations",
  "api_keys",
  "directory_entries",
  "memberships",
  "invitations",
  "audit_log",
  "idempotency_keys",
  "campaigns",
  "campaign_terms",
  "enrollments",
  "enrollment_versions",
  "telephony_accounts",
  "pools",
  "numbers",
  "number_assignments",
  "sites",
  "tracking_links",
  "targets",
  "target_groups",
  "campaign_routing",
  "call_flows",
  "disputes",
  "dispute_decisions",
];

export async function setStage(options: { provider_apis?: Record<string, string> } = {}): Promise<Stage> {
  let spent = 0;
  const world = await startWorld(options);
  const own = await stockUp(world);
  const strangersKey = `rt_test_${randomBytes(16).toString("hex")}`;
  await world.json("/__local/bootstrap", { json: { api_key: strangersKey, name: "Stranger" } });
  const strangers: World = {
    ...world,
    json: (path, init) => world.json(path, { key: strangersKey, ...init }),
  };
  const foreign = await stockUp(strangers, { prefix: "+1646555" });

  const makeKey = async (role: Role, organization_id?: string): Promise<string> => {
    const json = { name: role, role, ...(organization_id && { organization_id }) };
    return (await world.json<{ key: string }>("/api/v1/api-keys", { json })).key;
  };
  const other = await world.json<{ id: string }>("/api/v1/publishers", { json: { name: "Bluegate Leads" } });
  const keys: Stage["keys"] = {
    admin: world.key,
    analyst: await makeKey("analyst"),
    billing: await makeKey("billing"),
    viewer: await makeKey("viewer"),
    advertiser: await makeKey("admin", own.advertiser_id),
    publisher: await makeKey("admin", own.publisher_id),
    other_publisher: await makeKey("admin", other.id),
    stranger: strangersKey,
  };
  return {
    world,
    own,
    foreign,
    keys,
    other_publisher_id: other.id,
    as: (who, path, init) => world.ask(`/api/v1${path}`, { key: keys[who], ...init }),
    json: (who, path, init) => world.json(`/api/v1${path}`, { key: keys[who], ...init }),
    e164: () => `+1212555${String(++spent).padStart(4, "0")}`,
    async rows() {
      const counts = TABLES.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`);
      const row = await world.d1.prepare(`SELECT ${counts.join(", ")}`).first<Record<string, number>>();
      return row ?? {};
    },
    stop: () => world.stop(),
  };
}
