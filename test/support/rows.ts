import { openDatabase } from "./database.ts";

/** A row of any table by the names of its columns. */
export type Row = Record<string, unknown>;
type Column = { name: string; type: string; notnull: number; dflt_value: string | null; pk: number };

/** Where filling in will not do: what is checked, and what refers to something. */
const VALUES: Record<string, Row> = {
  api_keys: { organization_kind: "network", role: "admin" },
  invitations: { organization_kind: "network", role: "admin", revoked_at: 1 },
  attribution_steps: { none: 0.5 },
  calls: { status: "ringing" },
  pools: { campaign_id: "cmp_1", lease_ttl_s: 60 },
  sites: { campaign_id: "cmp_1", pool_id: "pools id", gpc: "static" },
  user_sessions: { user_id: "users id" },
  organizations: { id: "org_n", network_id: "org_network", kind: "publisher" },
  campaigns: {
    id: "cmp_1",
    advertiser_id: "org_n",
    currency: "USD",
    attribution_floor: 0.9,
    uncertain_payout: "split",
  },
  enrollments: { id: "enr_1", campaign_id: "cmp_1", publisher_id: "org_n" },
  telephony_accounts: { id: "tel_1", provider: "sandbox" },
  numbers: { key: 1, telephony_account_id: "tel_1", retired_at: 1 },
  campaign_terms: { campaign_id: "cmp_1" },
  call_flows: { campaign_id: "cmp_1" },
  enrollment_versions: { enrollment_id: "enr_1", status: "approved" },
  number_assignments: { number_key: 1, campaign_id: "cmp_1", to_at: 2 },
  tracking_links: { campaign_id: "cmp_1", publisher_id: "org_n" },
  verdicts: { side: "payout", status: "pending" },
  disputes: { side: "payout", claim: "restore", opened_by: "publisher", currency: "USD" },
  dispute_decisions: { decision: "partial" },
  webhook_deliveries: { status: "failed" },
  ledger_entries: { transaction_id: "txn_1", account: "payable" },
  ledger_transactions: { id: "txn_1", kind: "charge", currency: "USD" },
};

/** A migrated D1 whose tables are filled by what the schema itself says of their columns and keys. */
export async function openRows() {
  const database = await openDatabase();
  const sql = (text: string, ...values: unknown[]) => database.sql(text, ...values) as Promise<Row[]>;

  async function columnsOf(table: string): Promise<Column[]> {
    return (await sql(
      `SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info('${table}')`,
    )) as Column[];
  }

  /** Adds a row with these values; what else must be there is filled in. */
  async function put(table: string, values: Row = {}): Promise<void> {
    const row: Row = {};
    for (const { name, type, notnull, dflt_value } of await columnsOf(table)) {
      if (notnull === 1 && dflt_value === null) row[name] = type === "INTEGER" ? 1 : `${table} ${name}`;
    }
    Object.assign(row, VALUES[table], values);
    const names = Object.keys(row);
    await sql(
      `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
      ...Object.values(row),
    );
  }

  /** The columns of every key that a row of the table is known by. */
  async function keysOf(table: string): Promise<string[][]> {
    const indexes = await sql(
      `SELECT l.name AS at, i.name FROM pragma_index_list('${table}') l, pragma_index_info(l.name) i
       WHERE l."unique" = 1 AND l.partial = 0 ORDER BY l.name, i.seqno`,
    );
    return [...Map.groupBy(indexes, (row) => row.at).values()].map((key) =>
      key.map((row) => String(row.name)),
    );
  }

  return { sql, put, columnsOf, keysOf, close: () => database.close() };
}
