import fc from "fast-check";
import { CALL_STATUSES, METHODS, VERDICT_STATUSES } from "../../shared/api/calls.ts";
import { HOUR_MS } from "../../shared/instant.ts";
import type { TestNetwork } from "./network.ts";
import { type PartDraw, partsOfPayout, payoutOf, type shareRows } from "./parts.ts";

/** Facts as they are drawn; places in the network are drawn as indexes. */
export type CallDraw = {
  at: number;
  campaign: number | null;
  publisher: number | null;
  proof: "number" | "site" | "none";
  visit: {
    site: number;
    source: string;
    campaign: string;
    landing_path: string;
    click_sub1: string | null;
  } | null;
  number: number;
  caller: number | null;
  connected_s: number | null;
  answered: boolean;
  duration_s: number | null;
  status: string;
  method: string;
  revenue: { status: string; micros: number };
  payout: { status: string; micros: number };
  /** Who shares the payout, if nobody has all of it; the whole is then what the parts come to. */
  parts: PartDraw[];
  reject_reason: string | null;
  /** The first rule that the revenue failed by. */
  revenue_rule: string | null;
  region: string | null;
  target: string | null;
  sub1: string | null;
  is_duplicate: boolean;
  is_test: boolean;
};
export type SessionDraw = {
  at: number;
  site: number;
  number: number;
  proven: boolean;
  source: string;
  campaign: string;
  landing_path: string;
  region: string | null;
};
export type BlockedDraw = { hour: number; site: number; reason: string; blocked: number };
export type FactsDraw = { calls: CallDraw[]; sessions: SessionDraw[]; blocked: BlockedDraw[] };

const SOURCES = ["google", "bing", ""];
const PATHS = ["/", "/plumber"];
const REGIONS = ["US-CA", null];
const micros = fc.integer({ min: 1, max: 90_000_000 });

/** Many facts in `[from, to)`, and a few outside. */
export function factsIn(from: number, to: number): fc.Arbitrary<FactsDraw> {
  // Every other one on the hour: at the very edge of a bucket.
  const hour = fc.integer({ min: Math.floor(from / HOUR_MS) - 10, max: Math.floor(to / HOUR_MS) + 10 });
  const at = fc.oneof(
    fc.integer({ min: from - 10 * HOUR_MS, max: to + 10 * HOUR_MS }),
    hour.map((hours) => hours * HOUR_MS),
  );
  const verdict = fc.record({ status: fc.constantFrom(...VERDICT_STATUSES), micros });
  const call: fc.Arbitrary<CallDraw> = fc.record({
    at,
    campaign: fc.constantFrom(0, 0, 0, 1, null),
    publisher: fc.constantFrom(0, 1, null, null),
    proof: fc.constantFrom("number", "site", "none"),
    visit: fc.option(
      fc.record({
        site: fc.nat(2),
        source: fc.constantFrom(...SOURCES),
        campaign: fc.constantFrom("spring", ""),
        landing_path: fc.constantFrom(...PATHS),
        click_sub1: fc.constantFrom("clicked", null),
      }),
    ),
    number: fc.nat(2),
    caller: fc.option(fc.nat(5)),
    connected_s: fc.option(fc.nat(300)),
    answered: fc.boolean(),
    duration_s: fc.option(fc.nat(400)),
    status: fc.constantFrom(...CALL_STATUSES),
    method: fc.constantFrom(...METHODS),
    revenue: verdict,
    payout: verdict,
    parts: partsOfPayout,
    reject_reason: fc.constantFrom("min_duration", "duplicate", null),
    revenue_rule: fc.constantFrom("source", "connected", null),
    region: fc.constantFrom(...REGIONS),
    target: fc.constantFrom("+14155550199", "+14155550198", null),
    sub1: fc.constantFrom("spring", "", null),
    is_duplicate: fc.boolean(),
    is_test: fc.constantFrom(false, false, false, true),
  });
  const session: fc.Arbitrary<SessionDraw> = fc.record({
    at,
    site: fc.nat(4),
    number: fc.nat(2),
    proven: fc.boolean(),
    source: fc.constantFrom(...SOURCES),
    campaign: fc.constantFrom("spring", ""),
    landing_path: fc.constantFrom(...PATHS),
    region: fc.constantFrom(...REGIONS),
  });
  const blocked: fc.Arbitrary<BlockedDraw> = fc.record({
    hour: fc.integer({ min: Math.floor(from / HOUR_MS), max: Math.floor(to / HOUR_MS) }),
    site: fc.nat(4),
    reason: fc.constantFrom("pool_empty", "bot"),
    blocked: fc.integer({ min: 1, max: 9 }),
  });
  return fc.record({
    calls: fc.array(call, { maxLength: 60, size: "max" }),
    sessions: fc.uniqueArray(session, {
      maxLength: 60,
      size: "max",
      selector: ({ number, at: moment }) => `${number} ${moment}`,
    }),
    blocked: fc.uniqueArray(blocked, {
      maxLength: 20,
      size: "max",
      selector: ({ hour, site, reason }) => `${hour} ${site} ${reason}`,
    }),
  });
}

/** The rows of the `calls` table that these draws are. */
export function callRows(network: TestNetwork, draws: readonly CallDraw[]) {
  return draws.map((draw, i) => {
    const campaign = draw.campaign === null ? null : network.campaigns[draw.campaign]!;
    const site = draw.visit && network.sites[draw.visit.site]!;
    const number = network.numbers[draw.number]!;
    const payout = payoutOf(draw);
    return {
      id: `cal_${i}_${network.id}`,
      network_id: network.id,
      telephony_account_id: `tel_${network.id}`,
      provider: "sandbox",
      provider_call_id: String(i),
      seq: 1,
      status: draw.status,
      disposition: draw.answered ? "answered" : "no_answer",
      started_at: draw.at,
      answered_at: draw.answered ? draw.at + 5_000 : null,
      duration_s: draw.duration_s,
      connected_s: draw.connected_s,
      target: draw.target,
      from_hash: draw.caller === null ? null : `caller${draw.caller}`,
      from_region: draw.region,
      to_e164: number.e164,
      number_key: number.key,
      campaign_id: campaign?.id ?? null,
      advertiser_id: campaign?.advertiser_id ?? null,
      label: number.label,
      sub1: draw.sub1,
      is_test: draw.is_test ? 1 : 0,
      method: draw.method,
      publisher_id: draw.publisher === null ? null : network.publishers[draw.publisher]!.id,
      publisher_proof: draw.proof,
      site_id: site?.id ?? null,
      source: draw.visit?.source ?? null,
      campaign: draw.visit?.campaign ?? null,
      landing_path: draw.visit?.landing_path ?? null,
      session: site ? sessionOf(site.publisher_id, draw.visit?.click_sub1 ?? null) : null,
      revenue_status: draw.revenue.status,
      revenue_micros: draw.revenue.micros,
      payout_status: payout.status,
      payout_micros: payout.micros,
      currency: campaign?.currency ?? null,
      reject_reason: draw.reject_reason,
      is_duplicate: draw.is_duplicate ? 1 : 0,
    };
  });
}
export type CallFact = ReturnType<typeof callRows>[number] & {
  revenue_rule: string | null;
  shares: ReturnType<typeof shareRows>;
};

function sessionOf(publisher_id: string | null, sub1: string | null): string {
  return JSON.stringify({ publisher_id, click: { sub1 } });
}

/** Two verdicts of each call's revenue, of which the later one is in force. */
export function verdictRows(network: TestNetwork, draws: readonly CallDraw[]) {
  const rule = (name: string, more: object) => ({ rule: name, passed: false, detail: "", ...more });
  return draws.flatMap((draw, i) =>
    [1, 2].map((version) => ({
      id: `vrd_${i}_${version}_${network.id}`,
      network_id: network.id,
      call_id: `cal_${i}_${network.id}`,
      side: "revenue",
      version,
      status: draw.revenue.status,
      amount_micros: 0,
      rules: JSON.stringify([
        rule("test_caller", { passed: true }),
        rule("requires_signal", { pending: true }),
        ...(version === 1 ? [rule("spam", {})] : []),
        ...(draw.revenue_rule ? [rule(draw.revenue_rule, {}), rule("budget", {})] : []),
      ]),
      created_at: draw.at,
    })),
  );
}

/** The rows of the `sessions` table that these draws are. */
export function sessionRows(network: TestNetwork, draws: readonly SessionDraw[]) {
  return draws.map((draw) => {
    const site = network.sites[draw.site]!;
    const pool = network.pools.find(({ id }) => id === site.pool_id)!;
    const proven = pool.publisher_id ?? site.publisher_id;
    return {
      number_key: network.numbers[draw.number]!.key,
      leased_at: draw.at,
      network_id: network.id,
      pool_id: pool.id,
      site_id: site.id,
      revision: 1,
      expires_at: draw.at,
      held_until: draw.at,
      last_seen_at: draw.at,
      landing_url: "",
      landing_path: draw.landing_path,
      referrer: "",
      source: draw.source,
      medium: "",
      campaign: draw.campaign,
      term: "",
      content: "",
      channel: "Direct",
      click_ids: "{}",
      device: "mobile",
      region: draw.region,
      publisher_id: draw.proven ? proven : null,
      publisher_proof: draw.proven && proven ? "site" : "none",
      data: "{}",
      tel_clicks: "[]",
    };
  });
}
export type SessionFact = ReturnType<typeof sessionRows>[number];

/** The rows of the `blocked_sessions` table that these draws are. */
export function blockedRows(network: TestNetwork, draws: readonly BlockedDraw[]) {
  return draws.map(({ hour, site, reason, blocked }) => ({
    network_id: network.id,
    hour_at: hour * HOUR_MS,
    site_id: network.sites[site]!.id,
    pool_id: network.sites[site]!.pool_id,
    reason,
    blocked,
  }));
}
export type BlockedFact = ReturnType<typeof blockedRows>[number];
