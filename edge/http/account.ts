import { Hono } from "hono";
import { apiKeys } from "./api-keys.ts";
import { me } from "./me.ts";
import { network } from "./network.ts";
import { authenticated } from "./support/auth.ts";
import { drain } from "./support/body.ts";
import type { HttpEnv } from "./support/context.ts";

/**
 * The account zone, mounted at `/api/v1`: whoever asks is known before anything else happens. Its type is what
 * `hono/client` in the dashboard speaks.
 */
export const account = new Hono<HttpEnv>()
  .use(async (c, next) => {
    await next();
    await drain(c.req.raw);
  })
  .use(authenticated())
  .route("/me", me)
  .route("/network", network)
  .route("/api-keys", apiKeys);
