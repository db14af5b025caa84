import type { CallSession } from "../../../shared/api/calls.ts";
import type { Instant } from "../../../shared/instant.ts";
import { memoryOf, selectStepsAtRing } from "../../attribution/memory-store.ts";
import { regionShare, strayRate } from "../../attribution/model/background.ts";
import type { CandidateLease, Snapshot } from "../../attribution/model/candidate.ts";
import { lumpCandidates } from "../../attribution/model/lump.ts";
import { visitorMark } from "../../attribution/model/visitor-mark.ts";
import { selectCallers } from "../../calls/store.ts";
import type { CandidateSession, PoolSettings } from "../../leasing/pool-port.ts";
import { signLease } from "../../leasing/token.ts";
import type { NumberPlan } from "../../routing/model/plan.ts";
import type { Services } from "../../services.ts";

/** What may explain a call, as the pool knew it at the ring, and the visits behind it, by session id. */
export type FrozenCandidates = { snapshot: Snapshot; sessions: Record<string, CallSession> };

/** The number that rang, its caller's fingerprint and region (ISO 3166-2) if known, and when it rang. */
export type Asked = {
  plan: NumberPlan;
  caller: string | null;
  caller_region: string | null;
  at: Instant;
};

/**
 * Asks the pool which visits may explain a call to its number at `at`, as known then. Null for a static number,
 * which needs no explanation. Rejects when the pool or D1 fails.
 */
export async function askCandidates(services: Services, asked: Asked): Promise<FrozenCandidates | null> {
  const { plan, caller, caller_region, at } = asked;
  const { pool, network_id } = plan;
  if (!pool) return null;
  const { db } = services.network(network_id);
  const number_key = plan.number.key;
  const place = { pool_id: pool.pool_id, number_key, caller, started_at: at, provider_call_id: "" };
  const asked_pool = { network_id, pool_id: pool.pool_id, region: caller_region ?? "", at };
  const [answer, [steps, callers]] = await Promise.all([
    services.pool(pool.pool_id).candidates({ now: services.clock.now(), pool, number_key, at }),
    db.batch([selectStepsAtRing(db, place), selectCallers(db, asked_pool)]),
  ]);
  const { renew_after_s, leases_per_s, numbers } = answer;
  const memory = memoryOf(steps);
  const [counted] = caller_region === null ? [] : callers;
  const { candidates: kept, lumps } = lumpCandidates(answer.sessions.map(leaseOf), {
    at,
    renew_after_s,
    caller_region,
    knows: (lease) => memory.knows(lease, caller),
  });
  // Only what is stored one by one needs its token: a number may have hundreds of leases.
  const candidates = await Promise.all(
    kept.map(async (lease) => ({
      ...lease,
      lease_id: await tokenOf(services, pool.pool_key, number_key, lease),
    })),
  );
  const snapshot: Snapshot = {
    at,
    number_key,
    renew_after_s,
    caller_region,
    caller_region_share: regionShare(counted?.from_region ?? 0, counted?.calls ?? 0),
    stray_rate: strayRate(leases_per_s, numbers),
    own_pool_publisher_id: plan.assignment.publisher_id,
    candidates,
    lumps,
  };
  return { snapshot, sessions: sessionsOf(candidates, answer.sessions) };
}

/**
 * What a pool says of a call beside its visits; null of a moment longer ago than it counts its leases for. Rejects when
 * the pool fails.
 */
export async function backgroundOf(
  services: Services,
  pool: PoolSettings,
  { number_key, at }: Pick<Snapshot, "number_key" | "at">,
): Promise<Pick<Snapshot, "stray_rate" | "renew_after_s"> | null> {
  const asked = { now: services.clock.now(), pool, number_key, at };
  const { leases_per_s, numbers, renew_after_s } = await services.pool(pool.pool_id).candidates(asked);
  return leases_per_s > 0 ? { stray_rate: strayRate(leases_per_s, numbers), renew_after_s } : null;
}

function tokenOf(services: Services, pool_key: number, number_key: number, { leased_at }: CandidateLease) {
  return signLease(services.vault, { pool_key, number_key, leased_at });
}

/** Until its token is made a lease goes by its session, which orders it the same. */
function leaseOf(session: CandidateSession): CandidateLease {
  const { leased_at, last_seen_at, closed_at, expires_at } = session;
  return {
    lease_id: session.id,
    session_id: session.id,
    visitor: session.visitor === null ? session.id : visitorMark(session.visitor),
    leased_at,
    last_seen_at,
    closed_at,
    expires_at,
    device: session.device,
    region: session.region,
    publisher_id: session.publisher_id,
    proof: session.publisher_proof,
    tel_clicks_at: session.tel_clicks,
    site_id: session.site_id,
    click_link: session.click_link,
    click_nonce: session.click_nonce,
  };
}

/** Visits that a snapshot missed, as it would have held them. */
export async function candidatesOfSessions(
  services: Services,
  pool_key: number,
  sessions: readonly CandidateSession[],
): Promise<{ candidates: CandidateLease[]; sessions: Record<string, CallSession> }> {
  const candidates = await Promise.all(
    sessions.map(async (session) => {
      const lease = leaseOf(session);
      return { ...lease, lease_id: await tokenOf(services, pool_key, session.number_key, lease) };
    }),
  );
  return { candidates, sessions: sessionsOf(candidates, sessions) };
}

/** The visits of the candidates that were kept one by one, without what only the join needs. */
function sessionsOf(
  candidates: readonly CandidateLease[],
  sessions: readonly CandidateSession[],
): Record<string, CallSession> {
  const kept = new Set(candidates.map((candidate) => candidate.session_id));
  const visits = sessions
    .filter((session) => kept.has(session.id))
    .map((session): [string, CallSession] => {
      const {
        number_key: _n,
        visitor: _v,
        tel_clicks: _t,
        click_link: _l,
        click_nonce: _c,
        ...visit
      } = session;
      return [session.id, visit];
    });
  return Object.fromEntries(visits);
}
