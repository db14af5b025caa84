import { kindOfSource } from "./hosts.ts";

export const CHANNELS = [
  "paid_search",
  "organic_search",
  "paid_social",
  "organic_social",
  "ai_assistant",
  "email",
  "referral",
  "display",
  "affiliate",
  "direct",
  "other",
] as const;

export type Channel = (typeof CHANNELS)[number];

export const DIRECT_SOURCE = "(direct)";
export const NO_MEDIUM = "(none)";
export const NOT_SET = "(not set)";

const EMAIL = /^(?:e[-_ ]?mail|newsletter)$/;
const AFFILIATE = /^affiliates?$/;
const DISPLAY = /^(?:display|banner|expandable|interstitial|cpm|programmatic|native)$/;
const PAID = /^(?:.*cp.*|ppc|sem|retargeting|remarketing|.*paid.*)$/;
const SOCIAL = /^(?:social|social[-_ ]?(?:network|media)|sm)$/;
const REFERRAL = /^(?:referral|app|link)$/;

/**
 * The channel of a source and medium, after the rules of Google Analytics' default channel group
 * (support.google.com/analytics/answer/9756891), first match; ours has no channel of its own for video, shopping,
 * audio, SMS and push, and one for AI assistants. Case is ignored. A medium that says what it is goes before what
 * its source is known for, so a mailing named `google` is still email.
 */
export function channelOf(source: string, medium: string): Channel {
  const way = medium.trim().toLowerCase();
  const from = source.trim().toLowerCase();
  if (from === DIRECT_SOURCE && (way === NO_MEDIUM || way === NOT_SET)) return "direct";
  if (AFFILIATE.test(way)) return "affiliate";
  if (EMAIL.test(way)) return "email";
  if (DISPLAY.test(way)) return "display";
  const kind = kindOfSource(source);
  // "unpaid" and "organic" contain what PAID looks for or stand beside it: they say the opposite.
  if (PAID.test(way) && !/unpaid|organic/.test(way)) return paidChannel(way, kind);
  if (way === "ai" || kind === "ai") return "ai_assistant";
  if (SOCIAL.test(way) || kind === "social") return "organic_social";
  if (way === "organic" || kind === "search") return "organic_search";
  if (EMAIL.test(from) || kind === "mail") return "email";
  if (REFERRAL.test(way) || kind === "directory") return "referral";
  return "other";
}

function paidChannel(medium: string, kind: ReturnType<typeof kindOfSource>): Channel {
  if (/social/.test(medium) || kind === "social") return "paid_social";
  if (/search|^sem$/.test(medium) || kind === "search") return "paid_search";
  return kind === "display" ? "display" : "other";
}
