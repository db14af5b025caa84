/** What the Worker classifies a visit by, raw (contract §2). */
export type Visit = { url: string; referrer: string; gpc: boolean | undefined };

/** Parameters that begin a new touch: our click token, UTM, click ids of the ad networks. */
const TOUCH = /[?&#](rt_click|utm_\w+|\w*cl(ic)?k?id|[gw]braid|li_fat_id|epik|rdt_cid)=[^&#]+/gi;

/** The visit as this page began it. Taken once: what comes after a consent or a lost lease is the same visit. */
export function readVisit(): Visit {
  return { url: location.href, referrer: document.referrer, gpc: navigator.globalPrivacyControl };
}

/** Everything in the URL by which one touch differs from another; "" when it brings none. */
export function touchOf(url: string): string {
  return (url.match(TOUCH) ?? []).join("");
}
