import type { TagOptions } from "../../../shared/api/tag-options.ts";
import { TAG_OPTIONS, type TagSite } from "../../../shared/api/tag-site.ts";

/** The name of the build that has a site's options compiled in, and no others: `TAG_OPTIONS` in their order. */
export function tagVariant(options: TagOptions): string {
  return TAG_OPTIONS.filter((option) => options[option] !== undefined && options[option] !== false).join();
}

/** What goes into a site's tag: of the settings only those that its options read. */
export function tagSite(
  host: string,
  site: { site_key: string; swap_numbers: readonly string[]; tag_options: TagOptions },
): TagSite {
  const { labels, lazy, google_ads } = site.tag_options;
  return {
    site: site.site_key,
    host,
    ...(lazy === true && { find: site.swap_numbers }),
    ...(labels && { labels }),
    ...(google_ads !== undefined && { google_ads }),
  };
}
