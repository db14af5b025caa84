import type { TagSite } from "../shared/api/tag-site.ts";

/** Replaced by the build: in the per-site file a token that the Worker fills in, in the versioned file `null`. */
declare const __RINGTRAIL_SITE__: TagSite | null;

/** Consent at the start, before the page calls `ringtrail.consent` (`data-consent` on the script element). */
export type Consent = "granted" | "cookieless" | "denied";

/**
 * The site this tag works for: compiled in, or `data-site` and the place it was loaded from. Null when neither
 * is there. The host keeps a path before `/tag/…`, for sites that serve the tag from a route of their own.
 */
export function readConfig(): { site: TagSite | null; consent: Consent } {
  const script = document.currentScript as HTMLScriptElement | null;
  const { site: key, consent = "granted" } = script?.dataset ?? {};
  const loaded = key ? { key, host: script?.src.replace(/\/tag\/.*/, "") ?? "", find: [] } : null;
  return { site: __RINGTRAIL_SITE__ ?? loaded, consent: consent as Consent };
}
