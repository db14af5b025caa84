/** Set by the build. False in the deployed Worker, so that demo, sandbox and `/__local` are not in its bundle. */
declare const __LOCAL__: boolean;

/** The per-site tags with options, by the name of the variant; a chunk of its own, which few sites need. */
declare module "built:tag-variants" {
  export const VARIANTS: Record<string, string>;
}

/** The built tag (`bin/build-tag.ts`), put in by the build. */
declare module "built:tag" {
  /** The per-site file with the token `__RINGTRAIL_SITE__` where the settings go. */
  export const SITE_TEMPLATE: string;
  /** The immutable file, its version (first ten hex digits of its SHA-256) and its `integrity` hash. */
  export const VERSIONED: string;
  export const VERSION: string;
  export const INTEGRITY: string;
  /** The diagnostics overlay, and the types of `window.ringtrail` for editors. */
  export const OVERLAY: string;
  export const TYPES: string;
}
