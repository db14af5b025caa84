import { INTEGRITY, SITE_TEMPLATE, VERSION, VERSIONED } from "built:tag";
import { Hono } from "hono";
import type { TagSite } from "../../shared/api/tag-site.ts";
import { siteSettings } from "../inventory/site-settings.ts";
import { sha256Hex } from "../platform/crypto.ts";
import { type HttpEnv, problem } from "./support/context.ts";

const JAVASCRIPT = "text/javascript; charset=utf-8";
const SITE_FILE = /^([A-Za-z0-9_-]{4,40})\.js$/;

/** The tag as pages load it: per site with its settings inside, or immutable and hashed for `integrity=`. */
export const tag = new Hono<HttpEnv>()
  .get("/t/:file", async (c) => {
    const { services } = c.var;
    const key = SITE_FILE.exec(c.req.param("file"))?.[1];
    const settings = key ? await siteSettings(services, key) : null;
    if (!settings?.ok) return problem(c, settings?.error ?? { kind: "not_found", what: "site" });

    const site: TagSite = {
      key: settings.value.site_key,
      host: services.config.public_url,
    };
    // A function as replacement, so that `$` in a setting stays what it is.
    const script = SITE_TEMPLATE.replace("__RINGTRAIL_SITE__", () => JSON.stringify(site));
    const etag = `"${(await sha256Hex(script)).slice(0, 20)}"`;
    const headers = {
      "content-type": JAVASCRIPT,
      "cache-control": "public, max-age=300, stale-while-revalidate=3600, stale-if-error=86400",
      "cross-origin-resource-policy": "cross-origin",
      "x-content-type-options": "nosniff",
      etag,
    };
    if (c.req.header("if-none-match") === etag) return c.body(null, 304, headers);
    return c.body(script, 200, headers);
  })
  .get("/tag/latest.json", (c) => {
    const src = `${c.var.services.config.public_url}/tag/${VERSION}/ringtrail.js`;
    return c.json({ version: VERSION, src, integrity: INTEGRITY }, 200, {
      "cache-control": "public, max-age=300",
    });
  })
  .get("/tag/:version/ringtrail.js", (c) => {
    if (c.req.param("version") !== VERSION)
      return problem(c, { kind: "not_found", what: "version of the tag" });
    return c.body(VERSIONED, 200, {
      "content-type": JAVASCRIPT,
      "cache-control": "public, max-age=31536000, immutable",
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
      "x-content-type-options": "nosniff",
    });
  });
