import { type SideWorker, startSideWorker } from "./side-worker.ts";

/**
 * The least that a lease from a Durable Object can cost: one call with the request's text, one row a lease, all of a
 * turn in one transaction. It knows no site, source, visitor, quota or token, and D1 gets no copy.
 */
const BARE_WORKER = `
import { DurableObject } from "cloudflare:workers";
const ROWS_AT_ONCE = 20;
export class Bare extends DurableObject {
  turn = null;
  leases = 0;
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE session (number_key INTEGER NOT NULL, leased_at INTEGER NOT NULL, visit TEXT NOT NULL, PRIMARY KEY (number_key, leased_at)) WITHOUT ROWID");
  }
  async lease(visit) {
    const turn = (this.turn ??= { visits: [], saved: scheduler.wait(0).then(() => this.save()) });
    turn.visits.push(visit);
    await turn.saved;
    return "+16285550101";
  }
  save() {
    const { visits } = this.turn;
    this.turn = null;
    const write = () => {
      for (let from = 0; from < visits.length; from += ROWS_AT_ONCE) {
        const rows = visits.slice(from, from + ROWS_AT_ONCE);
        const values = rows.flatMap((visit) => [++this.leases % 20000, this.leases, visit]);
        this.ctx.storage.sql.exec("INSERT INTO session VALUES " + rows.map(() => "(?, ?, ?)").join(", "), ...values);
      }
    };
    if (visits.length <= ROWS_AT_ONCE) write();
    else this.ctx.storage.transactionSync(write);
  }
}
export default { async fetch(request, env) {
  const replace = await env.POOL.get(env.POOL.idFromName("bare")).lease(await request.text());
  const swaps = [{ find: "+14155550132", replace }];
  return Response.json({ lease: "lse_" + "x".repeat(40), expires_at: Date.now(), renew_after_s: 30, swaps });
} };`;

/** Starts it; it takes the requests of the lease benchmark. */
export function startBarePool(): Promise<SideWorker> {
  return startSideWorker("bare", {
    script: BARE_WORKER,
    durableObjects: { POOL: { className: "Bare", useSQLite: true } },
  });
}
