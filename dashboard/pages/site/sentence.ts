import type { Site } from "../../../shared/api/inventory.ts";
import { DAY_MS, type Instant } from "../../../shared/instant.ts";
import { count, counted, span } from "../../format.ts";
import { hostOf } from "./host.ts";

/** How a site stands: never heard of, silent for a day, or alive. */
export type Pulse = "never" | "silent" | "alive";

const SILENT_AFTER_MS = DAY_MS;

export function pulseOf({ last_page_view_at: last }: Pick<Site, "last_page_view_at">, now: Instant): Pulse {
  if (last === null) return "never";
  return now - last < SILENT_AFTER_MS ? "alive" : "silent";
}

/** `12 s ago`; "just now" within two seconds, for clocks differ. */
export function ago(at: Instant, now: Instant): string {
  return now - at < 2_000 ? "just now" : `${span(now - at)} ago`;
}

/** The sentence of the live check, and what it means. */
export function pulseSentence(site: Site, now: Instant): { says: string; means: string } {
  const host = hostOf(site);
  if (site.retired_at !== null) {
    return {
      says: "This site is retired.",
      means: "Its key is unknown, and its pages show their own number.",
    };
  }
  if (site.last_page_view_at === null) {
    return {
      says: "Waiting for the first page view.",
      means: `No page of ${host} has asked for a number yet. Put the tag below on its pages, then open one.`,
    };
  }
  const when = ago(site.last_page_view_at, now);
  return pulseOf(site, now) === "silent"
    ? { says: `Last page view ${when}.`, means: "The site is silent: the tag may have been taken out." }
    : { says: `Last page view ${when}.`, means: "The tag is on its pages and asks for numbers." };
}

/** One sentence over all sites, for their list. */
export function sitesSentence(sites: readonly Site[], now: Instant): string {
  if (sites.length === 0)
    return "There is no site yet. A site is where the tag shows a number of its own to each visitor.";
  const of = (pulse: Pulse) => sites.filter((site) => pulseOf(site, now) === pulse);
  const [never, silent] = [of("never"), of("silent")];
  const parts = [
    `${counted(sites.length, "site")}`,
    never.length > 0
      ? `${never.length === 1 ? hostOf(never[0] as Site) : count(never.length)} ${never.length === 1 ? "has" : "have"} never been seen`
      : "",
    silent.length > 0
      ? `${silent.length === 1 ? hostOf(silent[0] as Site) : count(silent.length)} ${silent.length === 1 ? "has" : "have"} been silent for a day or more`
      : "",
  ].filter(Boolean);
  if (parts.length === 1)
    return sites.length === 1
      ? "The one site was seen within a day."
      : `All ${parts[0]} were seen within a day.`;
  return `${parts.join("; ")}.`;
}
