import type { OrganizationKind } from "../../shared/api/organizations.ts";

/** The columns of the API's CSV that say what a column of the log shows. A money column brings its currency. */
const CSV_OF: Readonly<Record<string, readonly string[]>> = {
  started: ["started_at"],
  caller: ["from"],
  campaign: ["campaign_id"],
  source: ["source", "medium"],
  connected: ["connected_s"],
  payout: ["payout_micros", "currency"],
  revenue: ["revenue_micros", "currency"],
  margin: ["margin_micros", "currency"],
  to: ["to"],
  target: ["target"],
  advertiser: ["advertiser_id"],
  site: ["site_id"],
  term: ["term"],
  utm_campaign: ["campaign"],
  content: ["content"],
  channel: ["channel"],
  region: ["from_region"],
  method: ["attribution"],
  confidence: ["confidence"],
};

const VERDICTS = ["revenue_status", "payout_status"] as const;
const REASONS = ["revenue_reject_reason", "payout_reject_reason"] as const;

/** What a side sees of the two judgements and of the publisher, by the columns of its CSV. */
const SIDES: Readonly<Record<OrganizationKind, { judged: (name: string) => boolean; publisher: string }>> = {
  network: { judged: () => true, publisher: "publisher_id" },
  advertiser: { judged: (name) => name.startsWith("revenue"), publisher: "publisher_alias" },
  publisher: { judged: (name) => name.startsWith("payout"), publisher: "publisher_id" },
};

/**
 * `columns=` for the export of what is shown, in the order shown; the call's id comes first so that each row can be
 * found again.
 */
export function csvColumnsOf(kind: OrganizationKind, shown: readonly { id: string }[]): string {
  const { judged, publisher } = SIDES[kind];
  const names = shown.flatMap(({ id }) => {
    if (id === "publisher") return [publisher];
    if (id === "trail") return ["status", "disposition", ...VERDICTS.filter(judged)];
    if (id === "why") return REASONS.filter(judged);
    return CSV_OF[id] ?? [];
  });
  return [...new Set(["id", ...names])].join(",");
}
