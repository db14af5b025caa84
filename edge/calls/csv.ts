import type { Call } from "../../shared/api/calls.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import type { Cell } from "../platform/csv.ts";

export type Column = { name: string; of: (call: Call) => Cell };
const column = (name: string, of: Column["of"]): Column => ({ name, of });

const BEGINNING: readonly Column[] = [
  column("id", (call) => call.id),
  column("started_at", (call) => call.started_at),
  column("answered_at", (call) => call.answered_at),
  column("ended_at", (call) => call.ended_at),
  column("status", (call) => call.status),
  column("disposition", (call) => call.disposition),
  column("duration_s", (call) => call.duration_s),
  column("connected_s", (call) => call.connected_s),
  column("from", (call) => call.from),
  column("from_region", (call) => call.from_region),
  column("to", (call) => call.to),
  column("campaign_id", (call) => call.campaign_id),
  column("advertiser_id", (call) => call.advertiser_id),
  column("site_id", (call) => call.site_id),
  column("session_id", (call) => call.session?.id),
  column("source", (call) => call.session?.source),
  column("medium", (call) => call.session?.medium),
  column("campaign", (call) => call.session?.campaign),
  column("term", (call) => call.session?.term),
  column("content", (call) => call.session?.content),
  column("channel", (call) => call.session?.channel),
  column("landing_url", (call) => call.session?.landing_url),
  column("attribution", (call) => call.attribution.method),
  column("confidence", (call) => call.attribution.confidence),
  column("publisher_confidence", (call) => call.attribution.publisher_confidence),
  column("publisher_proof", (call) => call.attribution.publisher_proof),
  column("is_duplicate", (call) => call.is_duplicate),
  column("is_test", (call) => call.is_test),
  column("provider", (call) => call.provider),
  column("provider_call_id", (call) => call.provider_call_id),
  column("currency", (call) => call.currency),
];

const TARGET = column("target", (call) => call.target);
const PUBLISHER: readonly Column[] = [
  column("publisher_id", (call) => call.publisher_id),
  column("publisher_alias", (call) => call.publisher_alias),
];
const REVENUE: readonly Column[] = [
  column("revenue_status", (call) => call.revenue?.status),
  column("revenue_micros", (call) => call.revenue?.revenue_micros),
  column("revenue_reject_reason", (call) => rejectReason(call.revenue)),
];
const PAYOUT: readonly Column[] = [
  column("payout_status", (call) => call.payout?.status),
  column("payout_micros", (call) => call.payout?.payout_micros),
  column("payout_reject_reason", (call) => rejectReason(call.payout)),
];

const COLUMNS: Readonly<Record<OrganizationKind, readonly Column[]>> = {
  network: [
    ...BEGINNING,
    TARGET,
    ...PUBLISHER,
    ...REVENUE,
    ...PAYOUT,
    column("payout_shares", (call) => sharesText(call.payout)),
    column("margin_micros", (call) => call.margin_micros),
    column("honeypot", (call) => call.honeypot),
  ],
  advertiser: [...BEGINNING, TARGET, column("publisher_alias", (call) => call.publisher_alias), ...REVENUE],
  publisher: [...BEGINNING, ...PUBLISHER, ...PAYOUT],
};

/** The columns of a role's export: what it may not see has no column. Advertisers who see publishers have their ids. */
export function csvColumns(kind: OrganizationKind, shows: { publishers: boolean }): readonly Column[] {
  if (kind !== "advertiser" || !shows.publishers) return COLUMNS[kind];
  return [...COLUMNS.advertiser, column("publisher_id", (call) => call.publisher_id)];
}

/**
 * The columns asked for by name, in the order asked, or the first name that is not one of them: a column that the
 * viewer may not see is none of its columns.
 */
export function chooseColumns(
  columns: readonly Column[],
  names: readonly string[],
): { ok: true; columns: readonly Column[] } | { ok: false; unknown: string } {
  const chosen: Column[] = [];
  for (const name of names) {
    const found = columns.find((one) => one.name === name);
    if (!found) return { ok: false, unknown: name };
    chosen.push(found);
  }
  return { ok: true, columns: chosen };
}

/** Who shares a payout, each with its status and micros: `org_… qualified 21052631; org_… held 9473684`. */
function sharesText(payout: Call["payout"]): string | null {
  const parts = payout?.shares?.map((one) => `${one.publisher_id} ${one.status} ${one.payout_micros}`);
  return parts?.join("; ") ?? null;
}

function rejectReason(judged: Call["revenue"] | Call["payout"]): string | null {
  if (judged?.status !== "rejected" && judged?.status !== "reversed") return null;
  return judged.rules.find((rule) => !rule.passed && !rule.pending)?.rule ?? null;
}
