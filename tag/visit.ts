/** What the Worker classifies a visit by, raw (contract §2), and what tells one touch from another. */
export type Visit = { url: string; referrer: string; gpc: boolean; touch: string };

/** The Worker keeps no more of a URL. */
const URL_LENGTH = 2048;
/** Parameters that begin a new touch: our click token, UTM, click ids of the ad networks. */
const TOUCH = /[?&#](rt_click|utm_\w+|\w*cl(ic)?k?id|[gw]braid|li_fat_id|epik|rdt_cid)=[^&#]+/gi;

/** The visit as the page began it. Taken once: what comes after a consent or a lost lease is the same visit. */
export function readVisit(): Visit {
  const url = location.href.slice(0, URL_LENGTH);
  return {
    url,
    referrer: document.referrer.slice(0, URL_LENGTH),
    gpc: navigator.globalPrivacyControl === true,
    touch: (url.match(TOUCH) ?? []).join(""),
  };
}
