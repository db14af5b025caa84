import type { Viewer } from "../../edge/accounts/viewer.ts";
import type { openDatabase } from "../support/database.ts";

type Database = Awaited<ReturnType<typeof openDatabase>>;
type Row = Record<string, unknown>;

/** A small network in the database: two campaigns of two advertisers, two publishers, three pools, sites and numbers. */
export type TestNetwork = {
  id: string;
  campaigns: { id: string; advertiser_id: string; currency: string }[];
  publishers: { id: string; alias: string }[];
  pools: { id: string; campaign_id: string; publisher_id: string | null }[];
  sites: { id: string; pool_id: string; campaign_id: string; publisher_id: string | null }[];
  /** The second is a publisher's. */
  numbers: {
    key: number;
    e164: string;
    label: string | null;
    sub1: string | null;
    publisher_id: string | null;
  }[];
  viewer(kind: Viewer["kind"], organization_id?: string): Viewer;
};

/** Writes many rows of one table in one statement: the way from Node into the database is slow. */
export async function insertRows(
  { sql }: { sql: (text: string, rows: string) => Promise<unknown> },
  table: string,
  rows: readonly Row[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const names = Object.keys(first);
  const values = names.map((name) => `value ->> '$.${name}'`).join(", ");
  const text = JSON.stringify(rows);
  await sql(`INSERT INTO ${table} (${names.join(", ")}) SELECT ${values} FROM json_each(?)`, text);
}

let made = 0;

export async function makeNetwork(database: Database, timezone = "UTC"): Promise<TestNetwork> {
  made += 1;
  const tag = String(made).padStart(5, "0");
  const id = `org_network${tag}`;
  const organization = (name: string, kind: string, alias: string) => ({
    id: `org_${name}${tag}`,
    network_id: id,
    kind,
    name,
    alias,
    timezone,
    created_at: 1,
  });
  const advertisers = [
    organization("redwood", "advertiser", "A-1"),
    organization("seaside", "advertiser", "A-2"),
  ];
  const publishers = [
    organization("fernhill", "publisher", "P-1042"),
    organization("brook", "publisher", "P-2077"),
  ];
  await insertRows(database, "organizations", [
    { ...organization("network", "network", "N-1") },
    ...advertisers,
    ...publishers,
  ]);
  const campaigns = advertisers.map((advertiser, i) => ({
    id: `cmp_${i}${tag}`,
    network_id: id,
    advertiser_id: advertiser.id,
    name: `Campaign ${i}`,
    timezone,
    currency: i === 0 ? "USD" : "EUR",
    destination_number: "+14155550199",
    attribution_floor: 0.9,
    uncertain_payout: "withhold",
    bill_own_traffic: 0,
    created_at: 1,
    updated_at: 1,
  }));
  await insertRows(database, "campaigns", campaigns);
  const pools = [null, publishers[0]!.id, null].map((publisher_id, i) => ({
    id: `pol_${i}${tag}`,
    key: made * 10 + i,
    network_id: id,
    campaign_id: campaigns[i === 2 ? 1 : 0]!.id,
    publisher_id,
    name: `Pool ${i}`,
    lease_ttl_s: 1800,
    cooldown_s: 900,
    late_window_s: 0,
    created_at: 1,
  }));
  await insertRows(database, "pools", pools);
  // An own site, one in a publisher's pool, one of another publisher in a shared pool, an own one of the other campaign,
  // and an own one that draws from a publisher's pool.
  const sites = [
    { pool: 0, publisher_id: null },
    { pool: 1, publisher_id: publishers[0]!.id },
    { pool: 0, publisher_id: publishers[1]!.id },
    { pool: 2, publisher_id: null },
    { pool: 1, publisher_id: null },
  ].map(({ pool, publisher_id }, i) => ({
    id: `sit_${i}${tag}`,
    key: `site${i}${tag}`,
    network_id: id,
    campaign_id: pools[pool]!.campaign_id,
    pool_id: pools[pool]!.id,
    publisher_id,
    origins: "[]",
    swap_numbers: "[]",
    gpc: "static",
    created_at: 1,
  }));
  await insertRows(database, "sites", sites);
  await insertRows(database, "telephony_accounts", [
    {
      id: `tel_${tag}`,
      network_id: id,
      provider: "sandbox",
      name: "Sandbox",
      account_sid: "SB",
      auth_token_sealed: "",
      created_at: 1,
    },
  ]);
  const numbers = [null, "Billboard", ""].map((label, i) => ({
    key: made * 10 + i,
    id: `num_${i}${tag}`,
    network_id: id,
    telephony_account_id: `tel_${tag}`,
    e164: `+1628${tag}${i}0`,
    label,
    sub1: i === 0 ? "spring" : null,
    created_at: 1,
  }));
  await insertRows(database, "numbers", numbers);
  return {
    id,
    campaigns,
    publishers,
    pools,
    sites,
    numbers: numbers.map((number, i) => ({ ...number, publisher_id: i === 1 ? publishers[0]!.id : null })),
    viewer: (kind, organization_id = id) => ({
      network_id: id,
      organization_id,
      kind,
      role: "owner",
      actor_id: "key_test",
      via: "api_key",
    }),
  };
}

/** Says in the database whose the network's numbers are, of all times. */
export function assignNumbers(database: Database, network: TestNetwork): Promise<void> {
  const rows = network.numbers.map(({ key, publisher_id }) => ({
    id: `asg_${key}`,
    network_id: network.id,
    number_key: key,
    from_at: 1,
    campaign_id: network.campaigns[0]!.id,
    publisher_id,
  }));
  return insertRows(database, "number_assignments", rows);
}
