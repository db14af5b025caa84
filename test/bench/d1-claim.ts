import { type SideWorker, startSideWorker } from "./side-worker.ts";

/**
 * The best lease that D1 alone can make, for comparison: one batch that takes the longest-idle number through an
 * index and writes the session clustered by number and moment. It does nothing else: no site, no source, no token,
 * no quota.
 */
const CLAIM_WORKER = `
const CLAIM = "UPDATE number SET available_at = ?2, session_id = ?3 WHERE id = (SELECT id FROM number" +
  " WHERE available_at <= ?1 ORDER BY available_at LIMIT 1) RETURNING id, e164";
const SESSION = "INSERT INTO session SELECT n.id, ?1, ?2, ?3, ?4 FROM number n WHERE n.available_at = ?2 AND n.session_id = ?3";
export default { async fetch(request, env) {
  const body = await request.text();
  const now = Number(request.headers.get("ringtrail-now"));
  const until = now + 60000;
  const id = crypto.randomUUID();
  const [claimed] = await env.DB.batch([
    env.DB.prepare(CLAIM).bind(now, until, id),
    env.DB.prepare(SESSION).bind(now, until, id, body),
  ]);
  const number = claimed.results[0];
  if (!number) return new Response("empty", { status: 503 });
  return Response.json({ lease: id, expires_at: until, renew_after_s: 30, swaps: [{ find: "+14155550132", replace: number.e164 }] });
} };`;

const TABLES = [
  "CREATE TABLE number (id INTEGER PRIMARY KEY, e164 TEXT NOT NULL, available_at INTEGER NOT NULL, session_id TEXT)",
  "CREATE INDEX number_idle ON number (available_at)",
  `CREATE TABLE session (number_id INTEGER NOT NULL, leased_at INTEGER NOT NULL, held_until INTEGER NOT NULL,
    id TEXT NOT NULL, visit TEXT NOT NULL, PRIMARY KEY (number_id, leased_at)) WITHOUT ROWID`,
];

/** Starts it with so many numbers; it takes the requests of the lease benchmark. */
export async function startD1Claim(numbers: number): Promise<SideWorker> {
  const claim = await startSideWorker("claim", { script: CLAIM_WORKER, d1Databases: { DB: "claim" } });
  const d1 = await claim.miniflare.getD1Database("DB");
  await d1.batch([
    ...TABLES.map((sql) => d1.prepare(sql)),
    d1
      .prepare(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
         INSERT INTO number SELECT i, '+1628' || substr('0000000' || i, -7), 0, NULL FROM n`,
      )
      .bind(numbers),
  ]);
  return claim;
}
