import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Judged } from "./metrics.ts";
import { lastSeen, RENEW_AFTER_S, TTL_S, type World } from "./world.ts";

/**
 * A second implementation of the same model, to be compared with over the same worlds: the folder that
 * `ATTRIBUTION_REFERENCE` names holds its `attribution-model.mjs`. It is no part of this repository.
 */
export type Reference = {
  /** Judges the calls from `from` on; fitted on the first `learned` calls, or with the true densities. */
  judge(world: World, learned: number | "truth", from: number): Judged[];
};

/** As many passes as the product's own fit. */
const PASSES = 8;

type Verdict = { bp: number; ok: boolean; bpp: number; pok: boolean };
type Module = {
  prepare(world: unknown): unknown;
  fit(facts: unknown, calls: number, options: { iters: number }): unknown;
  pass(facts: unknown, model: unknown, options: { from: number; out: Verdict[] }): unknown;
};

/** Null when the environment names none. */
export async function openReference(): Promise<Reference | null> {
  const folder = process.env.ATTRIBUTION_REFERENCE;
  if (!folder) return null;
  const url = pathToFileURL(join(folder, "attribution-model.mjs")).href;
  const { prepare, fit: learn, pass } = (await import(url)) as Module;
  const prepared = new WeakMap<World, unknown>();
  return {
    judge(world, learned, from) {
      const facts = prepared.get(world) ?? prepare(translate(world));
      prepared.set(world, facts);
      const out: Verdict[] = [];
      pass(facts, learned === "truth" ? "oracle" : learn(facts, learned, { iters: PASSES }), { from, out });
      return out.map(({ bp, ok, bpp, pok }) => ({
        confidence: bp,
        is_right: ok,
        publisher_confidence: bpp,
        is_publisher_right: pok,
      }));
    },
  };
}

/** The same world in the reference's words. */
function translate({ habits, leases, calls, numbers, strayRate }: World): unknown {
  const { visit, when, hours, days, press, stray, redial, household } = habits;
  return {
    p: {
      nPub: habits.publishers.length,
      pubMult: habits.publishers.map(({ eagerness }) => eagerness),
      pcall: habits.call_share,
      lenMed: visit.median,
      lenSig: visit.sigma,
      wLive: when.live,
      wH: when.hours,
      wD: when.days,
      qIn: habits.on_page_share,
      aft: habits.after_page_mean,
      medH: hours.median,
      sigH: hours.sigma,
      medD: days.median,
      sigD: days.sigma,
      tel: press.share,
      telLoss: press.lost,
      telFalse: press.idle,
      telMed: press.median,
      telSig: press.sigma,
      strayRedial: stray.again,
      local: habits.local_share,
      vpn: habits.address_elsewhere,
      pi: habits.phone_regions,
      redial: redial.share,
      redMed: redial.median,
      redSig: redial.sigma,
      house: household.share,
      houseMed: household.median,
      samePhone: habits.same_phone,
      nightCall: habits.night_calls,
      seen: 1,
    },
    o: { ttl: TTL_S, hb: RENEW_AFTER_S, pagehide: 0, lazy: false },
    N: numbers,
    T: calls.at(-1)?.at_s ?? 0,
    strayPer: 3_600 * numbers,
    strayRate: Array.from({ length: numbers }, (_, number) => strayRate(number)),
    leases: leases.map((lease) => ({
      i: lease.index,
      num: lease.number,
      t0: lease.leased_at_s,
      end: lease.ends_at_s,
      lastHb: lastSeen(lease),
      closed: 0,
      mob: lease.person.is_mobile ? 1 : 0,
      pub: lease.publisher,
      reg: lease.person.address_region ?? -1,
      vis: lease.visitor,
      clicks: lease.pressed_s.length === 0 ? null : [...lease.pressed_s],
    })),
    calls: calls.map(({ at_s, number, lease, phone, region }) => ({
      t: at_s,
      num: number,
      lease: lease ?? -1,
      caller: phone ?? -1,
      reg: region ?? -1,
      gen: 0,
    })),
  };
}
