import type { DurableObjectId, DurableObjectNamespace } from "@cloudflare/workers-types";
import { assert } from "../../shared/assert.ts";
import type { Pool } from "./pool/pool.ts";
import type { CandidatesAnswer, LeaseAnswer, LeaseAsk, PoolPort, PoolSettings } from "./pool-port.ts";

/** A `Pool` as the platform hands it out; its own types do not survive a class of ours. */
type RemotePool = PoolPort & Pick<Pool, "leaseText">;

/** An object's id is a hash of its name; so many are remembered. */
const IDS_MAX = 10_000;

/** How requests reach the objects of their pools. A handle belongs to one request, an id to nobody. */
export function poolsOf(namespace: DurableObjectNamespace): (pool_id: string) => PoolPort {
  const ids = new Map<string, DurableObjectId>();
  const idOf = (name: string): DurableObjectId => {
    const known = ids.get(name);
    if (known) return known;
    if (ids.size >= IDS_MAX) ids.clear();
    const id = namespace.idFromName(name);
    ids.set(name, id);
    return id;
  };
  return (pool_id) => {
    const objectOf = (part: number): PoolPort => {
      const remote = namespace.get(
        idOf(part === 0 ? pool_id : `${pool_id}#${part}`),
      ) as unknown as RemotePool;
      return {
        lease: async (ask) => JSON.parse(await remote.leaseText(JSON.stringify(ask))) as LeaseAnswer,
        renew: (ask) => remote.renew(ask),
        note: (ask) => remote.note(ask),
        candidates: (ask) => remote.candidates(ask),
        occupancy: (ask) => remote.occupancy(ask),
        flush: (ask) => remote.flush(ask),
      };
    };
    return poolOver(objectOf);
  };
}

/**
 * One pool over its objects. Part `k` of K leads the numbers whose key leaves `k` when divided by K, so whoever knows
 * a number knows its object; a visitor begins at the part of the number shown, else of his key, and goes on to the next
 * while a part is empty. What was asked of the past is asked of every object there ever was: the number may have been
 * another one's then.
 */
export function poolOver(objectOf: (part: number) => PoolPort): PoolPort {
  const partOf = (pool: PoolSettings, number_key: number) => number_key % (pool.objects ?? 1);
  const at = <A extends { pool: PoolSettings }>(ask: A, part: number): A =>
    ask.pool.objects === undefined ? ask : { ...ask, pool: { ...ask.pool, part } };
  const all = <T>(count: number, work: (part: number) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, (_, part) => work(part)));
  return {
    async lease(ask) {
      const { objects = 1 } = ask.pool;
      const first = firstPart(ask, objects);
      if (objects === 1) return objectOf(0).lease(ask);
      // A number that is free in another object goes before one that is shared in this one.
      const { share, ...alone } = ask.pool;
      const passes = share ? [alone, ask.pool] : [alone];
      let answer: LeaseAnswer | null = null;
      for (const pool of passes) {
        for (let i = 0; i < objects && (answer === null || isEmpty(answer)); i++) {
          const part = (first + i) % objects;
          const next = await objectOf(part).lease(at({ ...ask, pool }, part));
          if (answer === null || next.kind === "granted") answer = next;
        }
      }
      assert(answer, "a pool has an object");
      return answer;
    },
    renew(ask) {
      const part = partOf(ask.pool, ask.lease.number_key);
      return objectOf(part).renew(at(ask, part));
    },
    note(ask) {
      const part = partOf(ask.pool, ask.lease.number_key);
      return objectOf(part).note(at(ask, part));
    },
    async candidates(ask) {
      const first = await objectOf(0).candidates(at(ask, 0));
      // A routing plan says nothing of a split; the pool's first object knows.
      const { objects_ever = first.objects_ever ?? 1 } = ask.pool;
      const others = Array.from({ length: objects_ever - 1 }, (_, i) =>
        objectOf(i + 1).candidates(at(ask, i + 1)),
      );
      return together([first, ...(await Promise.all(others))]);
    },
    async occupancy(ask) {
      const states = await all(ask.pool.objects ?? 1, (part) => objectOf(part).occupancy(at(ask, part)));
      return states.flat().sort((a, b) => a.number_key - b.number_key);
    },
    async flush(ask) {
      const done = await all(ask.pool.objects_ever ?? 1, (part) => objectOf(part).flush(at(ask, part)));
      return { flushed: done.reduce((sum, { flushed }) => sum + flushed, 0) };
    },
  };
}

const isEmpty = (answer: LeaseAnswer) => answer.kind === "blocked" && answer.reason === "pool_empty";

function firstPart({ held, visitor_key }: LeaseAsk, objects: number): number {
  if (objects === 1) return 0;
  return (held ? held.number_key : fnv1a(visitor_key)) % objects;
}

/** Fowler, Noll and Vo's hash, 32 bits: spreads visitors evenly, and the same one always to the same part. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** What the objects know of a number, as one would tell it: newest first, rates and numbers added up. */
function together(answers: readonly CandidatesAnswer[]): CandidatesAnswer {
  const sum = (of: (answer: CandidatesAnswer) => number) =>
    answers.reduce((total, one) => total + of(one), 0);
  return {
    sessions: answers.flatMap(({ sessions }) => sessions).sort((a, b) => b.leased_at - a.leased_at),
    renew_after_s: answers[0]?.renew_after_s ?? 0,
    leases_per_s: sum((answer) => answer.leases_per_s),
    numbers: sum((answer) => answer.numbers),
  };
}
