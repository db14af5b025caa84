/** What `GET /tag/latest.json` answers: the newest immutable tag. */
export type LatestTag = { version: string; src: string; integrity: string };

/** The tag with its exact bytes pinned: it changes only when the page does. */
export function pinnedSnippet({ src, integrity }: LatestTag, site_key: string): string {
  return `<script async src="${src}" integrity="${integrity}" crossorigin="anonymous" data-site="${site_key}"></script>`;
}

/** What a page's Content-Security-Policy must allow for the tag of this host. */
export function policyOf(snippet: string): string | null {
  const src = /src="([^"]+)"/.exec(snippet)?.[1];
  if (!src || !URL.canParse(src)) return null;
  const { origin } = new URL(src);
  return `script-src ${origin}; connect-src ${origin}`;
}
