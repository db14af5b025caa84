import type { PayoutTerms, Terms, TermsInput, TermsVersion } from "../../../shared/api/campaigns.ts";
import { given } from "../../../shared/given.ts";
import { type Instant, MINUTE_MS } from "../../../shared/instant.ts";

/** Everything of an input but when it begins: what is kept. */
export function termsOf(input: TermsInput): Terms {
  const { effective_at: _, ...terms } = input;
  return terms;
}

/**
 * From when a new version binds: as asked, else from now on; null when that lies in the past, because calls made
 * under old terms are never priced again. A client's clock may run a minute behind ours: that is now.
 */
export function beginningOf(asked: Instant | undefined, now: Instant): Instant | null {
  if (asked === undefined) return now;
  if (asked >= now) return asked;
  return now - asked <= MINUTE_MS ? now : null;
}

/** A version as it binds the advertiser: its own overrides applied, nothing of the publisher's side. */
export function revenueSideTerms(version: TermsVersion): TermsVersion {
  const { payout_micros: _, payout: __, revenue, ...common } = version;
  return { ...common, ...given(revenue ?? {}) };
}

/** A version as it binds a publisher: its enrollment's own fields over the payout's over the common ones. */
export function payoutSideTerms(version: TermsVersion, enrolled: PayoutTerms): TermsVersion {
  const { revenue_micros: _, revenue: __, payout, ...common } = version;
  return { ...common, ...given(payout ?? {}), ...given(enrolled) };
}
