import type { Attribution, CallSession, Candidate, Evidence, Proof } from "../../shared/api/calls.ts";
import { HOUR_MS, type Instant } from "../../shared/instant.ts";
import { aliasOf, type CallFile } from "./file.ts";
import type { CallRow } from "./store.ts";

/** What each side sees of why a call was attributed as it was. */

/** A lease cannot live longer however often it is renewed, so its token is worthless from then on. */
const LEASE_LIFE_MAX_MS = 4 * HOUR_MS;

/**
 * A call whose source nobody has looked for: not yet, or never, where the number was nobody's. Then none of the visitors
 * made it, and that is certain.
 */
export function unattributed(row: CallRow): Attribution {
  const isNobodys = row.status === "rejected" && row.campaign_id === null;
  return {
    method: row.method,
    lease_id: null,
    confidence: isNobodys ? 1 : row.confidence,
    publisher_confidence: row.publisher_confidence,
    publisher_proof: row.publisher_proof,
    model_version: "",
    none_probability: isNobodys ? 1 : 0,
    candidates: [],
    evidence: [],
    publishers: [],
    asked_later: false,
  };
}

/** A live lease's id is a key to it: only its visitor and the network may have it. */
function deadLease(lease_id: string | null, leased_at: Instant | undefined, now: Instant): string | null {
  return leased_at !== undefined && leased_at + LEASE_LIFE_MAX_MS <= now ? lease_id : null;
}

export function attributionForAdvertiser(file: CallFile): Attribution {
  const full = file.attributed?.attribution ?? unattributed(file.row);
  const names = file.shows.publishers;
  return {
    method: full.method,
    lease_id: deadLease(full.lease_id, file.row.session?.leased_at, file.now),
    confidence: full.confidence,
    publisher_confidence: full.publisher_confidence,
    publisher_proof: full.publisher_proof,
    model_version: full.model_version,
    none_probability: full.none_probability,
    candidates: full.candidates.map((one) => ({
      ...candidatePart(one, file.now),
      ...(names && one.publisher_id !== undefined && { publisher_id: one.publisher_id }),
    })),
    evidence: full.evidence,
    publishers: full.publishers.map(({ publisher_id = null, probability, proof }) => ({
      ...(names && { publisher_id }),
      publisher_alias: aliasOf(file, publisher_id) ?? "",
      probability,
      ...(proof && { proof }),
    })),
    asked_later: full.asked_later,
    ...settingsPart(full),
    ...(full.bill_own_traffic !== undefined && { bill_own_traffic: full.bill_own_traffic }),
  };
}

function settingsPart({ attribution_floor }: Attribution): Pick<Attribution, "attribution_floor"> {
  return attribution_floor === undefined ? {} : { attribution_floor };
}

/** A candidate without whose it is. */
function candidatePart(one: Candidate, now: Instant): Candidate {
  const { session_id, probability, leased_at, last_seen_at, ended_at, source, medium, count } = one;
  return {
    lease_id: deadLease(one.lease_id, leased_at, now),
    probability,
    ...(session_id !== undefined && { session_id }),
    ...(leased_at !== undefined && { leased_at }),
    ...(last_seen_at !== undefined && { last_seen_at }),
    ...(ended_at !== undefined && { ended_at }),
    ...(source !== undefined && { source }),
    ...(medium !== undefined && { medium }),
    ...(count !== undefined && { count }),
  };
}

/** Of a visit that a publisher brought, the page, where it came from and what it tells may name the publisher. */
export function sessionForAdvertiser(session: CallSession, names: boolean): Partial<CallSession> {
  const { id, source, medium, campaign, term, content, channel, leased_at, last_seen_at } = session;
  const { closed_at, expires_at, device, region, site_id, publisher_proof } = session;
  const { landing_url, referrer, click_ids, data } = session;
  const isNobodys = session.publisher_id === null;
  return {
    id,
    source,
    medium,
    campaign,
    term,
    content,
    channel,
    leased_at,
    last_seen_at,
    closed_at,
    expires_at,
    device,
    region,
    site_id,
    publisher_proof,
    ...((isNobodys || names) && { landing_url, referrer, click_ids, data }),
    ...(names && { publisher_id: session.publisher_id }),
  };
}

/** Evidence whose words name no weight. */
const PLAIN_EVIDENCE: ReadonlySet<string> = new Set([
  "delay",
  "tel_click",
  "area_code",
  "own_pool",
  "static_number",
]);

export function ownShare(file: CallFile, publisher_id: string): { probability: number; proof: Proof } {
  const own = file.attributed?.attribution.publishers.find((one) => one.publisher_id === publisher_id);
  const proof = own?.proof ?? "none";
  return { probability: proof === "none" ? 0 : (own?.probability ?? 0), proof };
}

export function attributionForPublisher(file: CallFile, publisher_id: string): Attribution {
  const full = file.attributed?.attribution ?? unattributed(file.row);
  const own = full.candidates.filter((one) => one.publisher_id === publisher_id);
  const joined = own.find((one) => one.lease_id !== null && one.lease_id === full.lease_id);
  const isOwnJoin = joined !== undefined || full.lease_id === null;
  const share = ownShare(file, publisher_id);
  const evidence = isOwnJoin ? full.evidence.filter(({ kind }) => PLAIN_EVIDENCE.has(kind)) : [];
  return {
    method: full.method,
    lease_id: joined ? deadLease(joined.lease_id, joined.leased_at, file.now) : null,
    // Of a call joined to somebody else's visit: how likely its own best one was.
    confidence: isOwnJoin ? full.confidence : Math.max(0, ...own.map(({ probability }) => probability)),
    publisher_confidence: share.probability,
    publisher_proof: share.proof,
    model_version: full.model_version,
    none_probability: full.none_probability,
    candidates: [
      ...own.map((one) => ({ ...candidatePart(one, file.now), publisher_id })),
      ...others(full, own),
    ],
    evidence: evidence.map(({ kind, detail }): Evidence => ({ kind, detail })),
    publishers: share.proof === "none" ? [] : [{ publisher_id, ...share }],
    asked_later: full.asked_later,
    ...settingsPart(full),
  };
}

/** Everybody else's candidates in one. */
function others(full: Attribution, own: readonly Candidate[]): Candidate[] {
  const probability = full.candidates
    .filter((one) => !own.includes(one))
    .reduce((sum, one) => sum + one.probability, 0);
  return probability > 0 ? [{ lease_id: null, probability: Math.round(probability * 1e6) / 1e6 }] : [];
}
