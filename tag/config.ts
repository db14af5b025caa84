import type { TagSite } from "../shared/api/tag-site.ts";

/** Set by the build: whether this is the per-site file, in which the Worker replaces the token by the settings. */
declare const __PER_SITE__: boolean;
declare const __RINGTRAIL_SITE__: TagSite;

/** What the visitor allows: under "cookieless" nothing is stored, under "denied" nothing is sent either. */
export type Consent = "granted" | "cookieless" | "denied";

/** The site, and the consent to begin with, before the page calls `ringtrail.consent`. */
export type Settings = TagSite & { consent: Consent };

const script = document.currentScript as HTMLScriptElement | null;

/**
 * The site this tag works for: compiled in, or `data-site` and the place it was loaded from. The host keeps a path
 * before `/tag/…`, for sites that serve the tag from a route of their own.
 */
export const settings = {
  consent: "granted",
  ...(__PER_SITE__ ? __RINGTRAIL_SITE__ : { host: script?.src.split("/tag/")[0] }),
  ...script?.dataset,
} as Settings;
