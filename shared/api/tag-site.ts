/**
 * What the per-site tag knows about its site. The Worker writes this as JSON in place of the token
 * `__RINGTRAIL_SITE__` (exactly one occurrence) of the built per-site tag. `host` is an origin, optionally with a
 * path, without a trailing slash.
 */
export type TagSite = { key: string; host: string };
