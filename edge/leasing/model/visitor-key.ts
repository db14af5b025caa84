/** How a visitor with an id is known to the Pool: the id is the site's own, so two sites may use the same one. */
export function visitorKeyOfId(site_id: string, visitor: string): string {
  return `${site_id}/${visitor}`;
}

/** How a visitor without an id is known, in memory only: a keyed fingerprint that is another one every day. */
export function visitorKeyOfFingerprint(site_id: string, fingerprint: string): string {
  return `${site_id}#${fingerprint}`;
}
