import type { Attribution, Call, RuleResult, VerdictStatus } from "../../shared/api/calls.ts";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import { type Instant, MINUTE_MS } from "../../shared/instant.ts";
import type { CallFile, Judged } from "./file.ts";
import { recordingsFor, recordingView } from "./recordings.ts";
import type { CallRow } from "./store.ts";
import { type Sight, timelineOf } from "./timeline.ts";

/** The parts that the views of a call are built of. */

const REPORT_PATIENCE_MS = 10 * MINUTE_MS;

type CommonPart = Pick<
  Call,
  | "id"
  | "provider"
  | "provider_call_id"
  | "status"
  | "disposition"
  | "from_region"
  | "to"
  | "started_at"
  | "answered_at"
  | "ended_at"
  | "duration_s"
  | "connected_s"
  | "leg_report_missing"
  | "campaign_id"
  | "advertiser_id"
  | "currency"
  | "is_test"
  | "is_duplicate"
  | "pressed"
  | "signals"
>;

/** What both sides and the network see alike. */
export function commonPart({ row, now, signals }: CallFile): CommonPart {
  return {
    id: row.id,
    provider: row.provider,
    provider_call_id: row.provider_call_id,
    status: row.status,
    disposition: row.disposition,
    from_region: row.from_region,
    to: row.to_e164,
    started_at: row.started_at,
    answered_at: row.answered_at,
    ended_at: row.ended_at,
    duration_s: row.duration_s,
    connected_s: row.connected_s,
    leg_report_missing: isReportMissing(row, now),
    campaign_id: row.campaign_id,
    advertiser_id: row.advertiser_id,
    currency: row.currency,
    is_test: row.is_test,
    is_duplicate: row.is_duplicate,
    pressed: row.pressed,
    signals,
  };
}

/** Ten minutes after the end the dialled leg's report is not late but missing. */
function isReportMissing({ leg_reported_at, ended_at }: CallRow, now: Instant): boolean {
  return leg_reported_at === null && ended_at !== null && now - ended_at >= REPORT_PATIENCE_MS;
}

/** Sub ids: the number's own, else those of the click behind the visit that is shown. As reports group by them. */
export function subsPart(row: CallFile["row"], session: CallFile["row"]["session"]) {
  const of = (name: "sub1" | "sub2" | "sub3" | "sub4" | "sub5") =>
    row[name] || session?.click?.[name] || null;
  return { sub1: of("sub1"), sub2: of("sub2"), sub3: of("sub3"), sub4: of("sub4"), sub5: of("sub5") };
}

export function timelinePart(
  { events, attributed }: CallFile,
  attribution: Attribution,
  see: Sight,
): Pick<Call, "timeline"> {
  if (!events) return {};
  return { timeline: timelineOf(events, attributed && { at: attributed.at, attribution }, see) };
}

/** What the viewer may listen to; absent in lists, where events are not read. */
export function recordingsPart({ events }: CallFile, kind: OrganizationKind): Pick<Call, "recordings"> {
  return events ? { recordings: recordingsFor(events, kind).map(recordingView) } : {};
}

/** The failed rules first, then those that wait, then those that passed. */
export function judgedPart(judged: Judged | null, status: VerdictStatus) {
  const rank = (rule: RuleResult) => (rule.passed ? 2 : rule.pending ? 1 : 0);
  const rules = [...(judged?.rules ?? [])].sort((a, b) => rank(a) - rank(b));
  return { status: judged?.status ?? status, terms_version: judged?.terms_version ?? null, rules };
}

/** What the advertiser owes is not the publisher's business, but where it alone decided, that must be said. */
export function withoutOtherSide(judged: Judged): Judged {
  const own = judged.rules.filter((rule) => rule.rule !== "revenue");
  const explains = own.some((rule) => !rule.passed) || judged.rules.every((rule) => rule.passed);
  return explains ? { ...judged, rules: own } : judged;
}

/** A publisher's own verdict of a payout that is shared; null when it has no part in it. */
export function ownPart({ payout }: CallFile, publisher_id: string): Judged | null {
  const own = payout?.shares?.find(({ organization_id }) => organization_id === publisher_id);
  return own ? { ...own, terms_version: payout?.terms_version ?? null } : null;
}

/** Who shares a payout, for the network. */
export function sharesPart({ payout }: CallFile): Pick<NonNullable<Call["payout"]>, "shares"> {
  if (!payout?.shares?.length) return {};
  return {
    shares: payout.shares.map(({ organization_id, part, status, amount_micros }) => ({
      publisher_id: organization_id,
      part,
      status,
      payout_micros: amount_micros,
    })),
  };
}

/** How the call found somebody: one entry for each time it was told something. */
export function routingPart({ events, target_names }: CallFile): Pick<Call, "routing"> {
  if (!events) return {};
  const decisions = events.flatMap((event) => {
    if (event.kind !== "instructed") return [];
    const { received_at: at, action, reason, blind, target, phones, considered = [], routed_to } = event;
    const targets = phones ? phones.map((phone) => phone.target) : target === null ? [] : [target];
    return {
      at,
      action,
      reason,
      campaign_id: routed_to?.campaign_id ?? null,
      targets,
      considered: considered.map((one) => ({
        target_id: one.target_id,
        name: one.target_id === null ? null : (target_names.get(one.target_id) ?? null),
        target: one.target,
        rung: one.reason === null,
        reason: one.reason ?? "rung",
      })),
      blind,
    };
  });
  return { routing: decisions.sort((a, b) => a.at - b.at) };
}
