import type { Context } from "hono";
import { findKeptAnswer, keepAnswer } from "../../accounts/kept-answers.ts";
import { isConflict, write } from "../../platform/db.ts";
import { type KeptAnswer, requestHash } from "../../platform/idempotency.ts";
import { bodyText } from "./body.ts";
import { type HttpEnv, problem } from "./context.ts";

const UNSAFE = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * For an unsafe request with an `Idempotency-Key`: the first answer again when this key was answered in the last
 * 24 h, a problem when it came with another request, else null, and `c.var.idempotent` says where the answer is
 * to be kept. Refusals are not kept: they changed nothing, so asking again is safe.
 */
export async function answeredBefore(c: Context<HttpEnv>): Promise<Response | null> {
  const key = c.req.header("idempotency-key");
  if (key === undefined || !UNSAFE.has(c.req.method)) return null;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    return problem(c, { kind: "malformed", detail: "Idempotency-Key has 1 to 255 printable characters." });
  }
  const body = await bodyText(c);
  if (!body.ok) return problem(c, body.error);
  const { services, viewer } = c.var;
  const { pathname, search } = new URL(c.req.url);
  const request = {
    organization_id: viewer.organization_id,
    key,
    request_hash: await requestHash(c.req.method, pathname + search, body.value),
    received_at: services.clock.now(),
  };
  c.set("idempotent", request);
  const kept = await findKeptAnswer(services.network(viewer.network_id).db, request);
  return kept ? repeat(c, kept) : null;
}

/** The kept answer of this request's key, if a twin of the request was answered meanwhile. */
export async function answeredMeanwhile(c: Context<HttpEnv>): Promise<Response | null> {
  const request = c.var.idempotent;
  if (!request) return null;
  const kept = await findKeptAnswer(c.var.services.network(c.var.viewer.network_id).db, request);
  return kept ? repeat(c, kept) : null;
}

/**
 * Keeps the answer of a handler that did not keep it in its own write (`commit` does). Between its change and
 * this row the process may die, so only handlers whose change may be repeated rely on it.
 */
export async function keepAfterwards(c: Context<HttpEnv>): Promise<void> {
  const request = c.var.idempotent;
  if (!request || !c.res.ok) return;
  const { db } = c.var.services.network(c.var.viewer.network_id);
  const body = await c.res.clone().text();
  try {
    await write(db, ...keepAnswer(db, request, c.res.status, body));
  } catch (error) {
    // A twin of this request was first; its answer is the one that is kept.
    if (!isConflict(error)) throw error;
  }
}

function repeat(c: Context<HttpEnv>, kept: KeptAnswer): Response {
  if (kept.request_hash !== c.var.idempotent?.request_hash)
    return problem(c, { kind: "idempotency_mismatch" });
  const headers = { "content-type": "application/json", "idempotency-replayed": "true" };
  return new Response(kept.body === "" ? null : kept.body, { status: kept.status, headers });
}
