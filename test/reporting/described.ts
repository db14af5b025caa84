import type { Reader } from "../../edge/reporting/columns.ts";
import type { Dimension } from "../../shared/api/reports.ts";
import type { CallFact, SessionFact } from "./facts.ts";
import type { TestNetwork } from "./network.ts";

/** What facts are called in a report, by who reads it. */

export type Value = string | number | null;

export const orNull = (text: string | null | undefined): string | null => (text ? text : null);

/** What a call is grouped by, for this reader. */
export function ofCall(
  network: TestNetwork,
  reader: Reader,
  call: CallFact,
): Partial<Record<Dimension, Value>> {
  const blind = reader.kind === "advertiser" && !reader.sees_publishers;
  const session = call.session === null ? null : JSON.parse(call.session);
  const whose = session?.publisher_id;
  const clicked = orNull(session?.click.sub1);
  const sees = reader.kind !== "publisher" || whose === reader.organization_id;
  const alias = network.publishers.find(({ id }) => id === call.publisher_id)?.alias ?? null;
  const number = network.numbers.find(({ key }) => key === call.number_key)!;
  const ownNumber = !blind || (call.publisher_proof === "none" && number.publisher_id === null);
  return {
    campaign_id: call.campaign_id,
    advertiser_id: call.advertiser_id,
    publisher_id: blind ? alias : call.publisher_id,
    site_id: sees ? call.site_id : null,
    number: call.to_e164,
    label: ownNumber ? orNull(call.label) : null,
    sub1: ownNumber ? (orNull(call.sub1) ?? (sees ? clicked : null)) : null,
    source: sees ? orNull(call.source) : null,
    campaign: sees ? orNull(call.campaign) : null,
    landing_path: sees && !(blind && whose) ? orNull(call.landing_path) : null,
    region: call.from_region,
    target: call.target,
    disposition: call.disposition,
    status: call.status,
    payout_status: call.payout_status,
    revenue_status: call.revenue_status,
    attribution: call.method,
    reject_reason: rejectReason(reader, call),
    currency: call.currency,
  };
}

function rejectReason({ kind }: Reader, call: CallFact): string | null {
  if (kind === "network") return call.reject_reason;
  const status = kind === "advertiser" ? call.revenue_status : call.payout_status;
  if (status !== "rejected" && status !== "reversed") return null;
  return kind === "advertiser" ? call.revenue_rule : call.reject_reason;
}

/** What a session is grouped by but for its place, for this reader. */
export function ofSession(
  network: TestNetwork,
  reader: Reader,
  session: SessionFact,
): Partial<Record<Dimension, Value>> {
  const number = network.numbers.find(({ key }) => key === session.number_key)!;
  const blind = reader.kind === "advertiser" && !reader.sees_publishers;
  const ownNumber = !blind || number.publisher_id === null;
  return {
    number: number.e164,
    label: ownNumber ? orNull(number.label) : null,
    sub1: ownNumber ? orNull(number.sub1) : null,
    source: orNull(session.source),
    campaign: orNull(session.campaign),
    landing_path: orNull(session.landing_path),
    region: session.region,
  };
}

export function provenBy(network: TestNetwork, row: { pool_id: string; site_id: string }): string | null {
  const pool = network.pools.find(({ id }) => id === row.pool_id)!;
  return pool.publisher_id ?? network.sites.find(({ id }) => id === row.site_id)!.publisher_id;
}

export function ofPlace(
  network: TestNetwork,
  row: { pool_id: string; site_id: string },
  publisher_id: string | null,
) {
  const pool = network.pools.find(({ id }) => id === row.pool_id)!;
  const campaign = network.campaigns.find(({ id }) => id === pool.campaign_id)!;
  return {
    campaign_id: campaign.id,
    advertiser_id: campaign.advertiser_id,
    publisher_id,
    site_id: row.site_id,
  };
}
