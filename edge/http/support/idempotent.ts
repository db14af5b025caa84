import type { Context } from "hono";
import { err, ok, type Result } from "../../../shared/result.ts";
import { findKeptAnswer, keepAnswer } from "../../accounts/kept-answers.ts";
import { isConflict, write } from "../../platform/db.ts";
import {
  type IdempotentRequest,
  type KeptAnswer,
  requestHash,
  requestHasher,
} from "../../platform/idempotency.ts";
import type { Failure } from "../../platform/problem.ts";
import { bodyText, bytesOf } from "./body.ts";
import { type HttpEnv, problem } from "./context.ts";

const UNSAFE = new Set(["POST", "PUT", "PATCH", "DELETE"]);
const KEY = /^[\x21-\x7e]{1,255}$/;
const NO_KEY: Failure = { kind: "malformed", detail: "Idempotency-Key has 1 to 255 printable characters." };

/**
 * For an unsafe request with an `Idempotency-Key`: the first answer again when this key was answered in the last
 * 24 h, a problem when it came with another request, else null, and `c.var.idempotent` says where the answer is
 * to be kept. Refusals are not kept: they changed nothing, so asking again is safe.
 */
export async function answeredBefore(c: Context<HttpEnv>): Promise<Response | null> {
  const key = c.req.header("idempotency-key");
  if (key === undefined || !UNSAFE.has(c.req.method)) return null;
  if (!KEY.test(key)) return problem(c, NO_KEY);
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

/** A body that is too large to be held. */
export type StreamedBody = {
  bytes: AsyncGenerator<Uint8Array<ArrayBuffer>>;
  /** Where its answer is to be kept; null without an `Idempotency-Key`. To be asked when all bytes were read. */
  request(): Promise<IdempotentRequest | null>;
};

/**
 * The body of a request that is read as it comes. With an `Idempotency-Key` that was answered before, it is only compared
 * with the first one, and what there is to answer comes back instead.
 */
export async function streamedBody(c: Context<HttpEnv>): Promise<Result<StreamedBody, Response>> {
  const key = c.req.header("idempotency-key");
  if (key === undefined) return ok({ bytes: bytesOf(c.req.raw), request: async () => null });
  if (!KEY.test(key)) return err(problem(c, NO_KEY));
  const { services, viewer } = c.var;
  const { pathname, search } = new URL(c.req.url);
  const hasher = requestHasher(c.req.method, pathname + search);
  const { organization_id } = viewer;
  const asked = { organization_id, key, received_at: services.clock.now() };
  const bytes = hashed(bytesOf(c.req.raw), hasher.add);
  const request = async () => {
    const whole: IdempotentRequest = { ...asked, request_hash: await hasher.hash() };
    c.set("idempotent", whole);
    return whole;
  };
  const { db } = services.network(viewer.network_id);
  const kept = await findKeptAnswer(db, { ...asked, request_hash: "" });
  if (!kept) return ok({ bytes, request });
  for await (const _ of bytes);
  await request();
  return err(repeat(c, kept));
}

async function* hashed(
  bytes: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  add: (chunk: Uint8Array<ArrayBuffer>) => Promise<void>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const chunk of bytes) {
    await add(chunk);
    yield chunk;
  }
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
