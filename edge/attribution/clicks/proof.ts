import type { CandidateClick, ClickStatus, Proof } from "../../../shared/api/calls.ts";
import type { Instant } from "../../../shared/instant.ts";
import { clickedAt, isClickExpired } from "../model/click-token.ts";

/** A click token that a visitor brought: with the visit at hand, or with an earlier one of the same visitor. */
export type UsedToken = {
  link_id: string;
  nonce: string;
  /** When the visit began that brought it. */
  used_at: Instant;
};

/** A visit that may have called, as far as proof goes. `visitor` is the key by which `firstVisitors` names people. */
export type ProvenVisit = {
  leased_at: Instant;
  visitor: string;
  /** By its number or site, when the page was viewed. */
  publisher_id: string | null;
  proof: Proof;
  tokens: readonly UsedToken[];
};

export type LinkFacts = { id: string; campaign_id: string; publisher_id: string };

/** What tokens are judged against. */
export type TokenFacts = {
  campaign_id: string;
  links: ReadonlyMap<string, LinkFacts>;
  /** By nonce: the first three visitors who used it, earliest visits first. */
  first_visitors: ReadonlyMap<string, readonly string[]>;
};

/** A token proves its publisher for at most so many visitors. */
export const VISITORS_PER_TOKEN = 3;

/** What is kept of the token that counted for a visit, or of its latest when none did. */
export type ClickVerdict = CandidateClick;

export type VisitProof = { publisher_id: string | null; proof: Proof; click: ClickVerdict | null };

/**
 * Whom a visit proves, strongest first: its number, its site, then the latest valid click token of its visitor. What
 * proves nothing is kept beside it and says why. A pure function of facts, so that any order of them and any replay
 * give the same.
 */
export function proofOfVisit(visit: ProvenVisit, facts: TokenFacts): VisitProof {
  const verdicts = [...visit.tokens]
    .sort(latestFirst)
    .map((token) => ({ token, verdict: verdictOf(visit, token, facts) }));
  const chosen = verdicts.find(({ verdict }) => verdict.status === "valid") ?? verdicts[0];
  const click = chosen?.verdict ?? null;
  if (visit.proof !== "none") {
    const { publisher_id, proof } = visit;
    const conflicts = click?.status === "valid" && click.publisher_id !== publisher_id;
    return { publisher_id, proof, click: conflicts ? { ...click, status: "conflict" } : click };
  }
  return click?.status === "valid"
    ? { publisher_id: click.publisher_id, proof: "click_token", click }
    : { publisher_id: null, proof: "none", click };
}

function verdictOf(visit: ProvenVisit, { link_id, nonce }: UsedToken, facts: TokenFacts): ClickVerdict {
  const link = facts.links.get(link_id);
  const seen = { link_id, nonce, clicked_at: clickedAt(nonce), publisher_id: link?.publisher_id ?? null };
  return { ...seen, status: statusOf(visit, nonce, link, facts) };
}

function statusOf(
  visit: ProvenVisit,
  nonce: string,
  link: LinkFacts | undefined,
  facts: TokenFacts,
): ClickStatus {
  if (!link) return "unknown_link";
  if (link.campaign_id !== facts.campaign_id) return "other_campaign";
  if (isClickExpired(nonce, visit.leased_at)) return "expired";
  const first = facts.first_visitors.get(nonce) ?? [];
  return first.slice(0, VISITORS_PER_TOKEN).includes(visit.visitor) ? "valid" : "too_many_visitors";
}

/** By the visit that brought it, then by the click, then by nonce: never by the order of reading. */
function latestFirst(a: UsedToken, b: UsedToken): number {
  return (
    b.used_at - a.used_at ||
    clickedAt(b.nonce) - clickedAt(a.nonce) ||
    (a.nonce < b.nonce ? 1 : a.nonce > b.nonce ? -1 : 0)
  );
}
