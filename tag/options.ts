/*
 * What a site may have compiled in (`tag_options` of /sites). The build sets each flag, so that what is off weighs
 * nothing; a module that is run as it is, in a test, has none of them.
 */
declare const __EMBEDDED__: boolean | undefined;
declare const __VANITY__: boolean | undefined;
declare const __LABELS__: boolean | undefined;
declare const __LAZY__: boolean | undefined;
declare const __GOOGLE_ADS__: boolean | undefined;

/** Looks into open shadow roots and same-origin iframes. */
export const EMBEDDED = typeof __EMBEDDED__ !== "undefined" && !!__EMBEDDED__;
/** Finds the number also where letters stand for its last digits (1-800-FLOWERS); digits are written, never letters. */
export const VANITY = typeof __VANITY__ !== "undefined" && !!__VANITY__;
/** Swaps also in the document's title and in the data attributes that the site names. */
export const LABELS = typeof __LABELS__ !== "undefined" && !!__LABELS__;
/** Asks for a number only when one is on screen or about to be, or the visitor does something. */
export const LAZY = typeof __LAZY__ !== "undefined" && !!__LAZY__;
/** Hands the leased number to Google's call conversions, and shows what Google makes of it. */
export const GOOGLE_ADS = typeof __GOOGLE_ADS__ !== "undefined" && !!__GOOGLE_ADS__;
