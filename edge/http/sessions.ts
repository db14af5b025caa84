import { type Context, Hono } from "hono";
import * as v from "valibot";
import { ListOf, ListQuery } from "../../shared/api/common.ts";
import { Session } from "../../shared/api/sessions.ts";
import { namesOf, ownSitesOf } from "../inventory/behind-sessions.ts";
import { freshenSessions } from "../journeys/fresh-sessions.ts";
import type { LeaseRef } from "../leasing/pool-port.ts";
import { decodeSessionId } from "../leasing/session-id.ts";
import { type NetworkWords, sessionView } from "../leasing/session-view.ts";
import { findSession, listSessions, type SessionRow } from "../leasing/store.ts";
import { signLease } from "../leasing/token.ts";
import { decodeCursor, PAGE_LIMIT_DEFAULT, toPage } from "../platform/paging.ts";
import { groundOf } from "./support/commit.ts";
import { type HttpEnv, problem } from "./support/context.ts";
import { may } from "./support/may.ts";
import { described } from "./support/openapi.ts";
import { queryOf } from "./support/validate.ts";

const moment = v.pipe(
  v.string(),
  v.regex(/^\d{1,15}$/, "must be integer milliseconds since the epoch"),
  v.transform(Number),
);
const sessionsQuery = v.strictObject({
  ...ListQuery,
  from: v.optional(moment),
  to: v.optional(moment),
  pool_id: v.optional(v.string()),
  site_id: v.optional(v.string()),
});

/** `/sessions`: visits that were shown a number of their own. */
export const sessions = new Hono<HttpEnv>()
  .get(
    "/",
    may("sessions.list"),
    described({
      summary: "List sessions, newest first",
      description: "`from` and `to` bound the moment a number was given out, half-open, in milliseconds.",
      answers: { 200: ListOf(Session) },
    }),
    queryOf(sessionsQuery),
    async (c) => {
      const query = c.req.valid("query");
      const cursor = decodeCursor(query.cursor, ["number", "number"]);
      if (!cursor.ok) return problem(c, cursor.error);
      const [leased_at, number_key] = (cursor.value ?? []) as number[];
      const after: LeaseRef | null =
        leased_at === undefined || number_key === undefined ? null : { leased_at, number_key };
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT;
      const { db } = groundOf(c);
      const own_sites = await freshen(c);
      const rows = await listSessions(db, c.var.viewer, own_sites, query, { limit, after });
      const words = await networkWords(c, rows);
      const view = (row: SessionRow) => sessionView(row, words.get(row) ?? null);
      return c.json(
        toPage(rows, limit, (row) => [row.leased_at, row.number_key], view),
        200,
      );
    },
  )
  .get(
    "/:id",
    may("sessions.read"),
    described({ summary: "One session", answers: { 200: Session } }),
    async (c) => {
      const ref = decodeSessionId(c.req.param("id"));
      if (!ref) return problem(c, { kind: "not_found", what: "session" });
      const own_sites = await freshen(c);
      const row = await findSession(groundOf(c).db, c.var.viewer, own_sites, ref);
      if (!row) return problem(c, { kind: "not_found", what: "session" });
      const words = await networkWords(c, [row]);
      return c.json(sessionView(row, words.get(row) ?? null), 200);
    },
  );

/** Asks the viewer's pools for sessions that D1 does not have yet. Answers an advertiser's own sites. */
async function freshen(c: Context<HttpEnv>): Promise<string[]> {
  const { viewer, services } = c.var;
  const { campaigns } = await freshenSessions(services, viewer);
  return viewer.kind === "advertiser" ? ownSitesOf(groundOf(c).db, viewer.network_id, campaigns) : [];
}

/** Lease, number and visitor of each session, for a network; nothing for the two sides. */
async function networkWords(
  c: Context<HttpEnv>,
  rows: readonly SessionRow[],
): Promise<Map<SessionRow, NetworkWords>> {
  const words = new Map<SessionRow, NetworkWords>();
  const { viewer, services } = c.var;
  if (viewer.kind !== "network" || rows.length === 0) return words;
  const names = await namesOf(groundOf(c).db, {
    pool_ids: [...new Set(rows.map((row) => row.pool_id))],
    number_keys: [...new Set(rows.map((row) => row.number_key))],
  });
  for (const row of rows) {
    const pool_key = names.pool_keys.get(row.pool_id);
    const lease_id = pool_key === undefined ? null : await signLease(services.vault, { ...row, pool_key });
    words.set(row, {
      lease_id,
      number_id: names.number_ids.get(row.number_key) ?? null,
      visitor: row.visitor,
    });
  }
  return words;
}
