/**
 * What the per-site tag knows about its site. The Worker writes this as JSON in place of the token
 * `"__RINGTRAIL_SITE__"` (quotes included, exactly one occurrence) of the built `dist/tag/site.js`.
 * `host` is an origin, optionally with a path, without a trailing slash. `find` lists the site's
 * `swap_numbers`, so that a tag may look for them before it asks.
 */
export type TagSite = { key: string; host: string; find: readonly string[] };
