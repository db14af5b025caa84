import { type Context, Hono } from "hono";
import type { Result } from "../../shared/result.ts";
import { callProgress } from "../journeys/call-progress.ts";
import { inboundCall } from "../journeys/inbound-call.ts";
import { dialEnded } from "../journeys/phone/after-dial.ts";
import { recordingReady } from "../journeys/phone/recordings.ts";
import { gathered } from "../journeys/phone/steps.ts";
import type { Failure } from "../platform/problem.ts";
import type { RawRequest, Rendered } from "../telephony/port.ts";
import { readBody } from "./support/body.ts";
import { type HttpEnv, problem } from "./support/context.ts";

/** A provider's webhook has a few hundred bytes; hostile ones are read to their end and refused. */
const BODY_LIMIT_BYTES = 65_536;

/** `/v1/telephony/*`: the providers' trust zone. What a request may do its signature decides, in the journey. */
export const telephony = new Hono<HttpEnv>()
  .post("/:account/voice", async (c) => {
    const request = await rawRequest(c);
    return answer(
      c,
      request.ok ? await inboundCall(c.var.services, c.req.param("account"), request.value) : request,
    );
  })
  .post("/:account/status", async (c) => {
    const request = await rawRequest(c);
    return answer(
      c,
      request.ok ? await callProgress(c.var.services, c.req.param("account"), request.value) : request,
    );
  })
  .post("/:account/dial/:call", async (c) => {
    const request = await rawRequest(c);
    if (!request.ok) return answer(c, request);
    return answer(
      c,
      await dialEnded(c.var.services, c.req.param("account"), c.req.param("call"), request.value),
    );
  })
  .post("/:account/gather/:call/:step", async (c) => {
    const request = await rawRequest(c);
    if (!request.ok) return answer(c, request);
    const { account, call, step } = c.req.param();
    return answer(c, await gathered(c.var.services, account, call, step, request.value));
  })
  .post("/:account/recording", async (c) => {
    const request = await rawRequest(c);
    return answer(
      c,
      request.ok ? await recordingReady(c.var.services, c.req.param("account"), request.value) : request,
    );
  })
  .post("/*", async (c) => {
    // Read to its end all the same, else workerd resets the connection.
    await readBody(c.req.raw, BODY_LIMIT_BYTES);
    return problem(c, { kind: "not_found", what: "webhook" });
  });

/** The request as the provider signed it: at our public address, with the path and query as they came. */
async function rawRequest(c: Context<HttpEnv>): Promise<Result<RawRequest, Failure>> {
  const body = await readBody(c.req.raw, BODY_LIMIT_BYTES);
  if (!body.ok) return body;
  const pathAndQuery = /^[^:]+:\/\/[^/?#]*([^#]*)/.exec(c.req.raw.url)?.[1] ?? "";
  const url = c.var.services.config.public_url + pathAndQuery;
  return { ok: true, value: { url, headers: c.req.raw.headers, body: body.value } };
}

function answer(c: Context<HttpEnv>, result: Result<Rendered, Failure>): Response {
  if (!result.ok) return problem(c, result.error);
  const { content_type, body } = result.value;
  return new Response(body, { headers: { "content-type": content_type, "cache-control": "no-store" } });
}
