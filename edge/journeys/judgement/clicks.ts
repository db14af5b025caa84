import type { CallSession } from "../../../shared/api/calls.ts";
import { HOUR_MS, MINUTE_MS } from "../../../shared/instant.ts";
import {
  type ClickVerdict,
  proofOfVisit,
  type UsedToken,
  VISITORS_PER_TOKEN,
  type VisitProof,
} from "../../attribution/clicks/proof.ts";
import type { Decision, Rung } from "../../attribution/decide.ts";
import type { CandidateLease } from "../../attribution/model/candidate.ts";
import { CLICK_TOKEN_LIFE_MS, clickedAt } from "../../attribution/model/click-token.ts";
import type { CallRow } from "../../calls/store.ts";
import { findClick, trackingLinksById } from "../../inventory/tracking-link-settings.ts";
import {
  firstVisitors,
  selectTokensOfVisits,
  type TokenOfVisit,
  type TokenUses,
} from "../../leasing/click-sessions.ts";
import { flushPools } from "../../leasing/freshen.ts";
import type { LeaseRef } from "../../leasing/pool-port.ts";
import { decodeSessionId, encodeSessionId } from "../../leasing/session-id.ts";
import type { Db } from "../../platform/db.ts";
import { readPlanAt } from "../../routing/store.ts";
import type { Services } from "../../services.ts";

type PoolRung = Extract<Rung, { kind: "pool" }>;

/** What the click tokens of a call's candidates say, by session id. */
export type Clicks = ReadonlyMap<string, ClickVerdict>;

const CLOCKS_DIFFER_MS = MINUTE_MS;
/** A visit that D1 does not have by then was refused there, and is not waited for. */
const VISIT_PATIENCE_MS = HOUR_MS;

/**
 * Decides whom the visits of a frozen snapshot prove by their visitors' click tokens. The snapshot as stored stays
 * what it is: ownership is a verdict over facts and is found again by every replay. Old visits that are lumped prove
 * nothing by a click. Null while a visit that brought a token is not in D1 yet, so that the call is looked at again.
 */
export async function proveClicks(
  services: Services,
  row: CallRow,
  rung: PoolRung,
): Promise<{ rung: PoolRung; clicks: Clicks } | null> {
  const { db } = services.network(row.network_id);
  const tokens = await tokensOf(services, row, rung.snapshot.candidates);
  if (!tokens) return null;
  const used = [...tokens.values()].flatMap((visit) => visit.tokens);
  if (used.length === 0) return { rung, clicks: new Map() };
  const campaign = { network_id: row.network_id, campaign_id: row.campaign_id ?? "" };
  const [links, first_visitors] = await Promise.all([
    trackingLinksById(db, row.network_id, unique(used.map(({ link_id }) => link_id))),
    firstVisitors(db, campaign, usesOf(used), VISITORS_PER_TOKEN),
  ]);
  const facts = { campaign_id: campaign.campaign_id, links, first_visitors };
  const proofs = new Map<string, VisitProof>();
  for (const candidate of rung.snapshot.candidates) {
    const visit = tokens.get(candidate.session_id);
    if (visit) proofs.set(candidate.session_id, proofOfVisit({ ...candidate, ...visit }, facts));
  }
  return { rung: proven(rung, proofs), clicks: clicksOf(proofs) };
}

/**
 * Writes down beside each candidate what its token was worth, for the network's eyes, and with the visit that was
 * joined the click behind it: link, sub ids and the click's own query. They say which of its ads a publisher's visitor
 * came by, also where its number or site proves it anyway.
 */
export async function withClicks(db: Db, decision: Decision, clicks: Clicks): Promise<Decision> {
  if (clicks.size === 0) return decision;
  const { attribution, session } = decision;
  const candidates = attribution.candidates.map((one) => {
    const click = one.session_id ? clicks.get(one.session_id) : undefined;
    return click ? { ...one, click } : one;
  });
  const click = session && clicks.get(session.id);
  return {
    ...decision,
    attribution: { ...attribution, candidates },
    session: session && click?.status === "valid" ? { ...session, click: await clickOf(db, click) } : session,
  };
}

/** A click that was not counted (D1 was silent) is known by its token alone. */
async function clickOf(db: Db, { link_id, nonce, clicked_at }: ClickVerdict): Promise<CallSession["click"]> {
  const counted = await findClick(db, link_id, nonce);
  const { query = "", sub1 = null, sub2 = null, sub3 = null, sub4 = null, sub5 = null } = counted ?? {};
  return { link_id, clicked_at, query, sub1, sub2, sub3, sub4, sub5 };
}

type VisitTokens = { visitor: string; tokens: UsedToken[] };

/** Every candidate's visitor and tokens, by session id; null when D1 lacks a visit that brought one. */
async function tokensOf(
  services: Services,
  row: CallRow,
  candidates: readonly CandidateLease[],
): Promise<Map<string, VisitTokens> | null> {
  const refs = candidates.flatMap(({ session_id }) => decodeSessionId(session_id) ?? []);
  if (refs.length === 0) return new Map();
  const clicked = candidates.filter(({ click_nonce }) => click_nonce != null);
  let known = await readTokens(services, row, refs);
  if (clicked.some(({ session_id }) => !known.has(session_id))) {
    await flushPool(services, row);
    known = await readTokens(services, row, refs);
    const isEarly = services.clock.now() - row.started_at < VISIT_PATIENCE_MS;
    if (isEarly && clicked.some(({ session_id }) => !known.has(session_id))) return null;
  }
  for (const { session_id, click_link, click_nonce, leased_at } of clicked) {
    const visit = known.get(session_id);
    if (!visit || !click_link || !click_nonce) continue;
    if (visit.tokens.some(({ nonce, used_at }) => nonce === click_nonce && used_at === leased_at)) continue;
    visit.tokens.push({ link_id: click_link, nonce: click_nonce, used_at: leased_at });
  }
  return known;
}

async function readTokens(
  services: Services,
  row: CallRow,
  refs: readonly LeaseRef[],
): Promise<Map<string, VisitTokens>> {
  const { db } = services.network(row.network_id);
  const visits = new Map<string, VisitTokens>();
  for (const found of await selectTokensOfVisits(db, refs)) {
    const session_id = encodeSessionId(found);
    const visit = visits.get(session_id) ?? { visitor: found.visitor, tokens: [] };
    const token = usedToken(found);
    if (token) visit.tokens.push(token);
    visits.set(session_id, visit);
  }
  return visits;
}

function usedToken({ link_id, nonce, used_at }: TokenOfVisit): UsedToken | null {
  return link_id === null || nonce === null || used_at === null ? null : { link_id, nonce, used_at };
}

async function flushPool(services: Services, row: CallRow): Promise<void> {
  const { db } = services.network(row.network_id);
  const plan = await readPlanAt(db, row.telephony_account_id, row.to_e164, row.started_at);
  if (plan?.pool) await flushPools((id) => services.pool(id), [plan.pool], services.clock.now());
}

/** The snapshot and its visits as the tokens prove them. */
function proven(rung: PoolRung, proofs: ReadonlyMap<string, VisitProof>): PoolRung {
  const candidates = rung.snapshot.candidates.map((candidate) => {
    const found = proofs.get(candidate.session_id);
    return found ? { ...candidate, publisher_id: found.publisher_id, proof: found.proof } : candidate;
  });
  const sessions = Object.entries(rung.sessions).map(([id, session]): [string, CallSession] => {
    const found = proofs.get(id);
    return [
      id,
      found ? { ...session, publisher_id: found.publisher_id, publisher_proof: found.proof } : session,
    ];
  });
  return { ...rung, snapshot: { ...rung.snapshot, candidates }, sessions: Object.fromEntries(sessions) };
}

function clicksOf(proofs: ReadonlyMap<string, VisitProof>): Clicks {
  return new Map([...proofs].flatMap(([id, { click }]) => (click ? [[id, click] as const] : [])));
}

/**
 * Each token from its click until the last use that is judged: later ones are nobody's first. A moment before the click
 * counts as well, for clocks that differ; no use counts when the token has expired.
 */
function usesOf(used: readonly UsedToken[]): TokenUses[] {
  return [...Map.groupBy(used, ({ nonce }) => nonce)].map(([nonce, uses]) => {
    const clicked_at = clickedAt(nonce);
    const last_at = Math.max(...uses.map(({ used_at }) => used_at));
    const to = Math.min(last_at + 1, clicked_at + CLICK_TOKEN_LIFE_MS);
    return { nonce, from: clicked_at - CLOCKS_DIFFER_MS, to };
  });
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
