/** Set by the build. False in the deployed Worker, so that demo, sandbox and `/__local` are not in its bundle. */
declare const __LOCAL__: boolean;

/** The built tag (`bin/build-tag.ts`), put in by the build. */
declare module "built:tag" {
  /** The per-site file with the token `"__RINGTRAIL_SITE__"` where the settings go. */
  export const SITE_TEMPLATE: string;
  /** The immutable file, its version (first ten hex digits of its SHA-256) and its `integrity` hash. */
  export const VERSIONED: string;
  export const VERSION: string;
  export const INTEGRITY: string;
}
