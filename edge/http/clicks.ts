import { Hono } from "hono";
import { followClick } from "../journeys/follow-click.ts";
import { type HttpEnv, problem } from "./support/context.ts";

/** `/c/{linkKey}`: publishers' tracking links, as strangers' browsers follow them. */
export const clicks = new Hono<HttpEnv>().get("/:key", async (c) => {
  const header = (name: string): string | null => c.req.header(name) ?? null;
  // A local run has no edge that knows where the visitor is: headers say it, as for leases.
  const edge = __LOCAL__ ? undefined : (c.req.raw.cf as { regionCode?: string } | undefined);
  const followed = await followClick(c.var.services, {
    link_key: c.req.param("key"),
    query: new URL(c.req.url).search,
    user_agent: header("user-agent") ?? "",
    purpose: header("sec-purpose") ?? header("purpose"),
    is_probe: c.req.method === "HEAD",
    gpc: header("sec-gpc") === "1",
    country: header("cf-ipcountry"),
    region_code: __LOCAL__ ? header("cf-region-code") : (edge?.regionCode ?? null),
  });
  if (!followed.ok) return problem(c, followed.error);
  return c.body(null, 302, {
    location: followed.value.location,
    // Each click gets a token of its own, and no search engine shall keep one.
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow",
  });
});
