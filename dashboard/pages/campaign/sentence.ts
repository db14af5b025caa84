import type { Campaign, TermsVersion } from "../../../shared/api/campaigns.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import type { Instant } from "../../../shared/instant.ts";
import { counted, moneyIn, NBSP, seconds } from "../../format.ts";
import { writeDuration } from "../../parts/form/amounts.ts";
import type { GlyphName } from "../../parts/glyph.tsx";
import { dayAndMinute } from "../../parts/manage/when.ts";

/** How a campaign stands: does a call reach it, and is it judged? */
export type Standing = "open" | "paused" | "no_terms" | "retired";

export function standingOf({ retired_at, paused_at, terms }: Campaign): Standing {
  if (retired_at !== null) return "retired";
  if (paused_at !== null) return "paused";
  return terms === null ? "no_terms" : "open";
}

export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  open: "Open",
  paused: "Paused",
  no_terms: "No terms",
  retired: "Retired",
};

export const STANDING_GLYPHS: Readonly<Record<Standing, GlyphName>> = {
  open: "fact",
  paused: "ring",
  no_terms: "open",
  retired: "open",
};

/** Seconds as a condition says them: `90 s`, `30 days`. */
export function lasting(s: number): string {
  return s < 600 ? seconds(s) : writeDuration(s).replace(" ", NBSP);
}

function price(kind: OrganizationKind, terms: TermsVersion, currency: string, advertiser: string): string {
  const pays = moneyIn(terms.revenue_micros ?? 0, currency);
  const earns = moneyIn(terms.payout?.payout_micros ?? terms.payout_micros ?? 0, currency);
  if (kind === "advertiser") return `You pay ${pays} for a call`;
  if (kind === "publisher") return `A call of yours earns ${earns}`;
  return `${advertiser} pays ${moneyIn(terms.revenue?.revenue_micros ?? terms.revenue_micros ?? 0, currency)} for a call and its publisher earns ${earns}`;
}

function conditions(kind: OrganizationKind, terms: TermsVersion): string {
  const connected =
    terms.min_duration_s > 0
      ? `once it was connected for ${lasting(terms.min_duration_s)}`
      : "once it was connected";
  const first =
    terms.repeat_callers === "first_only" && terms.dedupe_window_s > 0
      ? ` and is its caller's first within ${lasting(terms.dedupe_window_s)}`
      : "";
  const signal = terms.requires_signal ? ` and reported as “${terms.requires_signal}”` : "";
  const hold =
    terms.hold_s > 0 && kind !== "advertiser" ? `; the money is held for ${lasting(terms.hold_s)}` : "";
  return `${connected}${first}${signal}${hold}.`;
}

/** The sentence a campaign's page opens with: who pays whom how much, and for which calls. */
export function termsSentence(
  kind: OrganizationKind,
  campaign: Pick<Campaign, "terms" | "currency">,
  advertiser: string,
): string {
  const { terms, currency } = campaign;
  if (terms === null) return "There are no terms yet: calls connect, and nobody pays for them.";
  return `${price(kind, terms, currency, advertiser)} ${conditions(kind, terms)}`;
}

/** What a pause does and until when; null when there is none. */
export function pauseSentence(campaign: Campaign, zone: string): string | null {
  const { paused_at, pause_reason, resume_at } = campaign;
  if (paused_at === null) return null;
  const until = resume_at === null ? "until it is resumed" : `until ${dayAndMinute(resume_at, zone)}`;
  const why = pause_reason ? `: ${pause_reason}` : "";
  return `Paused since ${dayAndMinute(paused_at, zone)}, ${until}${why}.`;
}

/** One sentence over all campaigns, for their list. */
export function campaignsSentence(campaigns: readonly Campaign[]): string {
  if (campaigns.length === 0)
    return "There is no campaign yet. A campaign says who is called and what a call is worth.";
  const number = (standing: Standing) => campaigns.filter((one) => standingOf(one) === standing).length;
  const [open, paused, bare] = [number("open"), number("paused"), number("no_terms")];
  const parts = [
    `${counted(open, "campaign")} ${open === 1 ? "takes" : "take"} calls`,
    paused > 0 ? `${paused} ${paused === 1 ? "is" : "are"} paused` : "",
    bare > 0
      ? `${bare} ${bare === 1 ? "has" : "have"} no terms, so nobody pays for ${bare === 1 ? "its" : "their"} calls`
      : "",
  ];
  return `${parts.filter(Boolean).join("; ")}.`;
}

/** Which version of the terms is past, in force or still to come. */
export function versionStanding(
  version: Pick<TermsVersion, "version" | "effective_at">,
  inForce: number | null,
  now: Instant,
): "in force" | "to come" | "past" {
  if (version.version === inForce) return "in force";
  return version.effective_at > now ? "to come" : "past";
}
