import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../support/database.ts";

/** The database refuses the impossible: each invariant of ARCHITECTURE.md that it keeps, and an attempt to break it. */

let database: Awaited<ReturnType<typeof openDatabase>>;
const sql = (text: string, ...values: unknown[]) => database.sql(text, ...values);
const refused = (attempt: Promise<unknown>, reason: RegExp) => expect(attempt).rejects.toThrow(reason);

beforeAll(async () => {
  database = await openDatabase();
  await sql(
    "INSERT INTO organizations VALUES ('org_n', 'org_n', 'network', 'N', 'N-1', 'UTC', 0, 0, 1, NULL)",
  );
  await sql(
    "INSERT INTO organizations VALUES ('org_a', 'org_n', 'advertiser', 'A', 'A-1', 'UTC', 0, 0, 1, NULL)",
  );
  await sql(
    `INSERT INTO campaigns (id, network_id, advertiser_id, name, timezone, currency, destination_number, attribution_floor,
      uncertain_payout, bill_own_traffic, created_at, updated_at) VALUES ('cmp_1', 'org_n', 'org_a', 'C', 'UTC', 'USD', '+14155550100', 0.9, 'withhold', 0, 1, 1)`,
  );
  await sql(
    "INSERT INTO telephony_accounts VALUES ('tel_1', 'org_n', 'twilio', 'T', 'AC1', 'sealed', NULL, 1, NULL)",
  );
  for (const [id, key] of [
    ["pol_1", 1],
    ["pol_2", 2],
  ]) {
    await sql(
      "INSERT INTO pools (id, key, network_id, campaign_id, name, lease_ttl_s, cooldown_s, late_window_s, created_at) VALUES (?, ?, 'org_n', 'cmp_1', 'P', 1800, 900, 86400, 1)",
      id,
      key,
    );
  }
  await sql(
    "INSERT INTO numbers (key, id, network_id, telephony_account_id, e164, created_at) VALUES (1, 'num_1', 'org_n', 'tel_1', '+14155550101', 1)",
  );
});
afterAll(() => database.close());

describe("numbers", () => {
  const assign = (id: string, from_at: number, to_at: number | null, pool: string) =>
    sql(
      "INSERT INTO number_assignments VALUES (?, 'org_n', 1, ?, ?, 'cmp_1', ?, NULL, 0)",
      id,
      from_at,
      to_at,
      pool,
    );

  it("are in one pool at a time", async () => {
    await assign("asg_1", 1_000, null, "pol_1");
    await refused(assign("asg_2", 2_000, null, "pol_2"), /one assignment at a time|UNIQUE/);
    await refused(assign("asg_3", 500, 1_001, "pol_2"), /one assignment at a time/);
    await assign("asg_0", 500, 1_000, "pol_2"); // half-open: they touch, they do not overlap
  });

  it("have assignments that can only be closed, once", async () => {
    await refused(
      sql("UPDATE number_assignments SET pool_id = 'pol_2' WHERE id = 'asg_1'"),
      /only be closed/,
    );
    await sql("UPDATE number_assignments SET to_at = 3000 WHERE id = 'asg_1'");
    await refused(sql("UPDATE number_assignments SET to_at = 4000 WHERE id = 'asg_1'"), /only be closed/);
    await refused(sql("DELETE FROM number_assignments WHERE id = 'asg_1'"), /never deleted/);
  });

  it("are in use once", async () => {
    const twin = sql(
      "INSERT INTO numbers (key, id, network_id, telephony_account_id, e164, created_at) VALUES (2, 'num_2', 'org_n', 'tel_1', '+14155550101', 1)",
    );
    await refused(twin, /UNIQUE/);
  });
});

describe("sessions", () => {
  const columns =
    "number_key, leased_at, network_id, pool_id, site_id, revision, expires_at, held_until, last_seen_at, landing_url, landing_path, referrer, source, medium, campaign, term, content, channel, click_ids, device, publisher_proof, data, tel_clicks";
  const session = (number_key: number, leased_at: number, held_until: number) =>
    sql(
      `INSERT INTO sessions (${columns}) VALUES (?, ?, 'org_n', 'pol_1', 'sit_1', 1, ?, ?, ?, '', '', '', '', '', '', '', '', '', '{}', 'desktop', 'none', '{}', '[]')`,
      number_key,
      leased_at,
      leased_at,
      held_until,
      leased_at,
    );

  it("never overlap on one number, whichever is written first", async () => {
    await session(7, 1_000, 2_000);
    await session(7, 3_000, 4_000);
    await refused(session(7, 1_999, 2_500), /two sessions/);
    await refused(session(7, 2_500, 3_001), /two sessions/);
    await refused(session(7, 500, 5_000), /two sessions/);
    await session(7, 2_000, 3_000); // fits exactly between
    await session(8, 1_500, 9_000); // another number
  });

  it("cannot be stretched into the next one, or moved", async () => {
    await refused(
      sql("UPDATE sessions SET held_until = 3001 WHERE number_key = 7 AND leased_at = 2000"),
      /two sessions/,
    );
    await refused(
      sql("UPDATE sessions SET number_key = 9 WHERE number_key = 7 AND leased_at = 2000"),
      /two sessions/,
    );
    await sql("UPDATE sessions SET held_until = 9000 WHERE number_key = 7 AND leased_at = 3000");
  });
});

describe("the ledger", () => {
  const line = (transaction: string, number: number, account: string, amount: unknown) =>
    sql("INSERT INTO ledger_entries VALUES (?, ?, ?, 'org_n', ?)", transaction, number, account, amount);
  const seal = (id: string, kind: string, posting_key: string, reverses: string | null = null) =>
    sql(
      "INSERT INTO ledger_transactions VALUES (?, 'org_n', 'cal_1', ?, 'USD', 1, ?, ?, 'r', 1)",
      id,
      kind,
      reverses,
      posting_key,
    );
  const pair = async (id: string, amount: number) => {
    await line(id, 1, "receivable", amount);
    await line(id, 2, "margin", -amount);
  };

  it("refuses a transaction that does not balance", async () => {
    await line("txn_1", 1, "receivable", 70);
    await line("txn_1", 2, "margin", -69);
    await refused(seal("txn_1", "charge", "k1"), /must balance/);
    await line("txn_2", 1, "receivable", 70);
    await refused(seal("txn_2", "charge", "k2"), /must balance/);
  });

  it("refuses a line after the seal, a fraction and a zero", async () => {
    await pair("txn_3", 70);
    await seal("txn_3", "charge", "cal_1/charge/1");
    await refused(line("txn_3", 3, "margin", 5), /sealed/);
    await refused(line("txn_4", 1, "margin", 1.5), /REAL|datatype|cannot store/i);
    await refused(line("txn_4", 1, "margin", 0), /CHECK/);
  });

  it("books a call once on each side until it is reversed", async () => {
    await pair("txn_5", 70);
    await refused(seal("txn_5", "charge", "cal_1/charge/2"), /booked already/);
    await pair("txn_6", -70);
    await seal("txn_6", "reversal", "cal_1/reversal/1", "txn_3");
    await pair("txn_7", -70);
    await refused(seal("txn_7", "reversal", "cal_1/reversal/2", "txn_3"), /UNIQUE/);
    await seal("txn_5", "charge", "cal_1/charge/2");
    await pair("txn_8", 70);
    await refused(seal("txn_8", "adjustment", "cal_1/charge/2"), /UNIQUE/);
  });

  it("is adjusted once on each side until that is reversed, and never beyond what is booked", async () => {
    // The charge of 70 stands.
    await pair("txn_a1", -71);
    await refused(seal("txn_a1", "adjustment", "cal_1/adjustment/revenue/1"), /beyond what is booked/);
    await pair("txn_a2", -30);
    await seal("txn_a2", "adjustment", "cal_1/adjustment/revenue/1");
    await pair("txn_a3", -1);
    await refused(seal("txn_a3", "adjustment", "cal_1/adjustment/revenue/2"), /booked already/);
    await pair("txn_a4", 30);
    await seal("txn_a4", "reversal", "cal_1/adjustment/revenue/1/reversal", "txn_a2");
    await pair("txn_a5", -70);
    await seal("txn_a5", "adjustment", "cal_1/adjustment/revenue/2");
  });

  it("is never edited", async () => {
    await refused(
      sql("UPDATE ledger_entries SET amount_micros = 1 WHERE transaction_id = 'txn_3'"),
      /append-only/,
    );
    await refused(sql("DELETE FROM ledger_entries WHERE transaction_id = 'txn_3'"), /append-only/);
    await refused(sql("UPDATE ledger_transactions SET posted_at = 2 WHERE id = 'txn_3'"), /append-only/);
    await refused(sql("DELETE FROM ledger_transactions WHERE id = 'txn_3'"), /append-only/);
  });
});

describe("disputes", () => {
  const dispute = (id: string, side = "revenue") =>
    sql(
      "INSERT INTO disputes VALUES (?, 'org_n', 'cal_1', ?, 'reverse', 'network', 'org_n', 'org_a', NULL, 'USD', 70, 45, 'r', 'd', 'key_k', 1)",
      id,
      side,
    );
  const decide = (id: string, decision: string, credit = 0) =>
    sql("INSERT INTO dispute_decisions VALUES (?, 'org_n', ?, ?, 0, 'n', 'key_k', 2)", id, decision, credit);

  it("are open one at a time for a call and side, and decided once", async () => {
    await dispute("dsp_1");
    await dispute("dsp_2", "payout");
    await refused(dispute("dsp_3"), /disputed already/);
    await refused(decide("dsp_1", "declined", 5), /CHECK/);
    await decide("dsp_1", "partial", 5);
    await refused(decide("dsp_1", "accepted"), /UNIQUE/);
    await dispute("dsp_3");
  });
});

describe("facts", () => {
  it("are append-only", async () => {
    await sql(
      "INSERT INTO call_events VALUES ('evt_1', 'org_n', 'cal_1', 1, 'tel_1', 'k', 1, 'ringing', '{}')",
    );
    await sql("INSERT INTO candidate_snapshots VALUES ('cal_1', 'org_n', 1, 0, '{}', '{}')");
    await sql(
      "INSERT INTO attributions VALUES ('atr_1', 'org_n', 'cal_1', 1, NULL, 'first', 'm', '{}', 1, NULL)",
    );
    await sql(
      "INSERT INTO verdicts VALUES ('vrd_1', 'org_n', 'cal_1', 'payout', 1, 'pending', NULL, NULL, 0, '[]', 1, NULL)",
    );
    await sql("INSERT INTO campaign_terms VALUES ('trm_1', 'org_n', 'cmp_1', 1, 1, '{}', 1)");
    await sql("INSERT INTO audit_log VALUES ('aud_1', 'org_n', 1, 'system', 'a', 's', '{}', 'req_1')");
    await sql("INSERT INTO signals VALUES ('sig_1', 'org_n', 'cal_1', 'sold', 'true', NULL, 1, 1, 'key_1')");
    await sql("INSERT INTO snapshot_corrections VALUES ('cal_1', 1, 'org_n', 1, 'late', '{}', '{}')");
    for (const table of [
      "call_events",
      "signals",
      "snapshot_corrections",
      "candidate_snapshots",
      "attributions",
      "verdicts",
      "campaign_terms",
      "audit_log",
    ]) {
      await refused(sql(`UPDATE ${table} SET network_id = 'org_x'`), /append-only|frozen|immutable/);
      await refused(sql(`DELETE FROM ${table}`), /append-only|frozen|immutable/);
    }
  });

  it("of a tracking link never change: whose it is was proven by its clicks", async () => {
    await sql(
      "INSERT INTO tracking_links VALUES ('lnk_1', 'k', 'org_n', 'cmp_1', 'org_a', 'https://a.example/', NULL, NULL, NULL, NULL, NULL, 1, NULL)",
    );
    await refused(
      sql("UPDATE tracking_links SET publisher_id = 'org_n'"),
      /keeps its campaign and publisher/,
    );
    await sql("UPDATE tracking_links SET landing_url = 'https://b.example/'");
  });

  it("of one call have one order, and each is kept once", async () => {
    const event = (id: string, seq: number, key: string) =>
      sql(
        "INSERT INTO call_events VALUES (?, 'org_n', 'cal_1', ?, 'tel_1', ?, 1, 'progress', '{}')",
        id,
        seq,
        key,
      );
    await refused(event("evt_2", 1, "another"), /UNIQUE/);
    await refused(event("evt_3", 2, "k"), /UNIQUE/);
    await event("evt_4", 2, "k2");
  });

  it("are judged once a version", async () => {
    const twin = sql(
      "INSERT INTO verdicts VALUES ('vrd_2', 'org_n', 'cal_1', 'payout', 1, 'paid', NULL, NULL, 5, '[]', 2, NULL)",
    );
    await refused(twin, /UNIQUE/);
  });
});
