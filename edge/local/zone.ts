import { Hono } from "hono";
import type { AppAt } from "../demo/client.ts";
import { demoRoutes } from "../demo/routes.ts";
import type { HttpEnv } from "../http/support/context.ts";
import type { Services } from "../services.ts";
import { localRoutes } from "./routes.ts";

/** Everything a local run has on top: the demo and `/__local`. `appAt` sends a request through the whole app. */
export function localZone(appAt: (services: Services) => AppAt) {
  return new Hono<HttpEnv>().route("/__local", localRoutes).route("/demo", demoRoutes(appAt));
}
