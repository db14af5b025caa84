import type { Context } from "hono";
import { err, ok, type Result } from "../../../shared/result.ts";
import type { Failure } from "../../platform/problem.ts";
import type { HttpEnv } from "./context.ts";

/** No resource of the account API is larger. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/**
 * Reads a body as UTF-8 text, at most `limit_bytes` of it. A body that is too large is still drained to its end,
 * else workerd resets the connection. HTTP framing holds a body to its Content-Length, so one that is announced
 * as small enough is read in one go, several times faster; without one bytes are counted as they come.
 */
export async function readBody(request: Request, limit_bytes: number): Promise<Result<string, Failure>> {
  const announced_bytes = Number(request.headers.get("content-length") ?? Number.NaN);
  if (announced_bytes <= limit_bytes) {
    const text = await request.text();
    return text.length <= limit_bytes ? ok(text) : err({ kind: "too_large", limit_bytes });
  }
  const body = await countedBody(request, limit_bytes);
  return body.ok ? ok(await body.value.text()) : body;
}

/**
 * The same for what is stored as it is written: bytes that are no UTF-8 are malformed, where `readBody` would read each
 * as U+FFFD and a name would be another one afterwards.
 */
async function readUtf8(request: Request, limit_bytes: number): Promise<Result<string, Failure>> {
  const body = await countedBody(request, limit_bytes);
  if (!body.ok) return body;
  try {
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
    return ok(strict.decode(await body.value.arrayBuffer()));
  } catch {
    return err({ kind: "malformed", detail: "The body is not UTF-8." });
  }
}

async function countedBody(request: Request, limit_bytes: number): Promise<Result<Blob, Failure>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size_bytes = 0;
  for await (const chunk of bytesOf(request)) {
    size_bytes += chunk.byteLength;
    if (size_bytes <= limit_bytes) chunks.push(chunk);
  }
  if (size_bytes > limit_bytes) return err({ kind: "too_large", limit_bytes });
  return ok(new Blob(chunks));
}

/** The bytes of a body as they come. */
export async function* bytesOf(request: Request): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  // Not looked at before: the platform makes a stream for who asks.
  if (request.body) yield* request.body as unknown as AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** A JSON object from a text; anything else is malformed. `__proto__` stays a plain, harmless key. */
export function parseObject(text: string): Result<Record<string, unknown>, Failure> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return ok(value as Record<string, unknown>);
    }
  } catch {
    // falls through: the same answer as for a JSON value that is no object
  }
  return err({ kind: "malformed", detail: "The body is not a JSON object." });
}

/** The body of an account request, kept on the context: validation and idempotency both look at it. */
export async function bodyText(c: Context<HttpEnv>): Promise<Result<string, Failure>> {
  if (c.var.body_text !== undefined) return ok(c.var.body_text);
  const text = await readUtf8(c.req.raw, BODY_LIMIT_BYTES);
  if (text.ok) c.set("body_text", text.value);
  return text;
}

/** Reads what nobody read: workerd resets a kept-alive connection whose body was left unread. */
export async function drain(request: Request): Promise<void> {
  if (request.body && !request.bodyUsed) await request.body.pipeTo(new WritableStream());
}
