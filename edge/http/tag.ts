import { INTEGRITY, OVERLAY, SITE_TEMPLATE, TYPES, VERSION, VERSIONED } from "built:tag";
import { Hono } from "hono";
import { tagSite, tagVariant } from "../inventory/model/tag-variant.ts";
import { siteSettings } from "../inventory/site-settings.ts";
import { earlierTag, keepTag } from "../journeys/pinned-tags.ts";
import { sha256Hex } from "../platform/crypto.ts";
import { type HttpEnv, problem } from "./support/context.ts";

const JAVASCRIPT = "text/javascript; charset=utf-8";
const SITE_FILE = /^([A-Za-z0-9_-]{4,40})\.js$/;
/** Read by any page: nothing of it depends on who asks. */
const PUBLIC = {
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
};
/** Settings change: five minutes, and longer only while the Worker cannot be asked. */
const SHORT = "public, max-age=300, stale-while-revalidate=3600, stale-if-error=86400";

/** The tag as pages load it: per site with its settings inside, or immutable and hashed for `integrity=`. */
export const tag = new Hono<HttpEnv>()
  .get("/t/:file", async (c) => {
    const { services } = c.var;
    const key = SITE_FILE.exec(c.req.param("file"))?.[1];
    const settings = key ? await siteSettings(services, key) : null;
    if (!settings?.ok) return problem(c, settings?.error ?? { kind: "not_found", what: "site" });

    const template = await templateOf(tagVariant(settings.value.tag_options));
    const site = JSON.stringify(tagSite(services.config.public_url, settings.value));
    // A function as replacement, so that `$` in a setting stays what it is.
    const script = template.replace("__RINGTRAIL_SITE__", () => site);
    const etag = `"${(await sha256Hex(script)).slice(0, 20)}"`;
    const headers = { ...PUBLIC, "content-type": JAVASCRIPT, "cache-control": SHORT, etag };
    // Weak comparison in a list (RFC 9110 §13.1.2): a network that compresses on the way writes `W/` before it.
    if (c.req.header("if-none-match")?.includes(etag)) return c.body(null, 304, headers);
    return c.body(script, 200, headers);
  })
  .get("/tag/latest.json", (c) => {
    keepTag(c.var.services, VERSION, VERSIONED);
    const src = `${c.var.services.config.public_url}/tag/${VERSION}/ringtrail.js`;
    const snippet = `<script async src="${src}" integrity="${INTEGRITY}" crossorigin="anonymous" data-site="SITEKEY"></script>`;
    const facts = { version: VERSION, src, integrity: INTEGRITY, snippet };
    return c.json(facts, 200, { "cache-control": "public, max-age=300" });
  })
  .get("/tag/overlay.js", (c) =>
    c.body(OVERLAY, 200, { ...PUBLIC, "content-type": JAVASCRIPT, "cache-control": SHORT }),
  )
  .get("/tag/ringtrail.d.ts", (c) =>
    c.body(TYPES, 200, { ...PUBLIC, "content-type": "text/plain; charset=utf-8", "cache-control": SHORT }),
  )
  .get("/tag/:version/ringtrail.js", async (c) => {
    const { services } = c.var;
    const version = c.req.param("version");
    const script = version === VERSION ? VERSIONED : await earlierTag(services, version);
    if (script === null) return problem(c, { kind: "not_found", what: "version of the tag" });
    if (script === VERSIONED) keepTag(services, VERSION, VERSIONED);
    return c.body(script, 200, {
      ...PUBLIC,
      "content-type": JAVASCRIPT,
      "cache-control": "public, max-age=31536000, immutable",
    });
  });

/** The build with these options: loaded with the first page that asks for one. */
async function templateOf(variant: string): Promise<string> {
  if (variant === "") return SITE_TEMPLATE;
  const { VARIANTS } = await import("built:tag-variants");
  return VARIANTS[variant] ?? SITE_TEMPLATE;
}
