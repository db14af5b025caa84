/** What is known of a site's surroundings. */
export type SiteFacts = {
  publisher_id: string | null;
  pool_publisher_id: string | null;
  pool_numbers: number;
  /** Static numbers of the site's publisher in its campaign. */
  static_numbers: number;
};

/** What will go wrong, or less well than it could, with a site as it is set up now; for its owner to read. */
export function siteWarnings(site: SiteFacts): string[] {
  const warnings: string[] = [];
  if (site.pool_numbers === 0) {
    warnings.push(
      "The pool has no numbers yet: visitors see the page's own number and calls are not tracked.",
    );
  }
  if (site.publisher_id !== null && site.static_numbers === 0) {
    warnings.push(
      "The publisher has no static number in this campaign to fall back on: when no number can be leased, " +
        "visitors see the page's own number and the publisher earns nothing for their calls.",
    );
  }
  if (site.publisher_id !== null && site.pool_publisher_id === null) {
    warnings.push(
      "The pool is shared with other sites: a call that fits visitors of several publishers may stay unpaid. " +
        "A pool of the publisher's own proves every call to its numbers.",
    );
  }
  return warnings;
}
