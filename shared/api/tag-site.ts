/** What a site may have compiled into its tag. The build names its variants by these, in this order. */
export const TAG_OPTIONS = ["embedded", "vanity", "labels", "lazy", "google_ads"] as const;

/**
 * What the per-site tag knows about its site. The Worker writes this as JSON in place of the token
 * `__RINGTRAIL_SITE__` (exactly one occurrence) of the built per-site tag. `host` is an origin, optionally with a
 * path, without a trailing slash.
 */
export type TagSite = {
  /** The site key. */
  site: string;
  host: string;
  /** Only with the option that needs it: the site's `swap_numbers` (lazy) … */
  find?: readonly string[];
  /** … the data attributes to swap in (labels) … */
  labels?: readonly string[];
  /** … and the conversion, `AW-…/…` (google_ads). */
  google_ads?: string;
};
