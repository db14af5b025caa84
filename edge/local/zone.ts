import { Hono } from "hono";
import { demoRoutes } from "../demo/routes.ts";
import type { HttpEnv } from "../http/support/context.ts";
import { localRoutes } from "./routes.ts";

/** Everything a local run has on top: the demo and `/__local`. */
export const localZone = new Hono<HttpEnv>().route("/__local", localRoutes).route("/demo", demoRoutes);
