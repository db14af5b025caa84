import { type SQL, sql } from "drizzle-orm";
import type { OrganizationKind } from "../../shared/api/organizations.ts";
import type { Dimension } from "../../shared/api/reports.ts";
import { organizations } from "../accounts/tables.ts";
import { calls } from "../calls/tables.ts";
import { campaigns } from "../campaigns/tables.ts";
import { numberAssignments, numbers, pools, sites } from "../inventory/tables.ts";
import { clicks, trackingLinks } from "../inventory/tracking-link-tables.ts";
import { onNumbersOf } from "../leasing/in-time.ts";
import { blockedSessions, sessions } from "../leasing/tables.ts";
import { verdicts } from "../settlement/tables.ts";
import type { BLOCKED_DIMENSIONS, CLICK_DIMENSIONS, SESSION_DIMENSIONS } from "./model/plan.ts";

/** Who reads a report: what is counted and what it is called depend on nothing else. */
export type Reader = {
  network_id: string;
  organization_id: string;
  kind: OrganizationKind;
  /** The network lets advertisers see publishers, not only their aliases. */
  sees_publishers: boolean;
};

/** A number's own sub id, else that of the publisher's click behind the visit, if the reader sees the visit. */
const subOf = (visit: SQL | null, column: SQL, name: string): SQL => {
  const clicked = where(visit, sql`nullif(${calls.session} ->> ${sql.raw(`'$.click.${name}'`)}, '')`);
  return sql`coalesce(nullif(${column}, ''), ${clicked})`;
};

/** "" and null are both "none". */
const text = (column: SQL | typeof calls.source | typeof sessions.source): SQL => sql`nullif(${column}, '')`;

/**
 * What calls are grouped and filtered by. Each side reads here what it reads on the call's page: an advertiser an
 * alias and no page, label or sub id of a publisher's, a publisher only visits that are proven its own.
 */
export function callColumns(reader: Reader): Record<Dimension, SQL> {
  const { kind } = reader;
  const page = hidesPublishers(reader) ? sql`${calls.session} ->> 'publisher_id' IS NULL` : null;
  const visit = kind === "publisher" ? isOwnVisit(reader) : null;
  const number = hidesPublishers(reader)
    ? sql`${calls.publisher_proof} = 'none' AND NOT ${wasPublishers(sql`${calls.number_key}`, sql`${calls.started_at}`)}`
    : null;
  return {
    campaign_id: sql`${calls.campaign_id}`,
    advertiser_id: sql`${calls.advertiser_id}`,
    publisher_id: hidesPublishers(reader) ? aliasOf(sql`${calls.publisher_id}`) : sql`${calls.publisher_id}`,
    site_id: where(visit, sql`${calls.site_id}`),
    number: sql`${calls.to_e164}`,
    label: where(number, text(sql`${calls.label}`)),
    sub1: where(number, subOf(visit, sql`${calls.sub1}`, "sub1")),
    sub2: where(number, subOf(visit, sql`${calls.sub2}`, "sub2")),
    sub3: where(number, subOf(visit, sql`${calls.sub3}`, "sub3")),
    sub4: where(number, subOf(visit, sql`${calls.sub4}`, "sub4")),
    sub5: where(number, subOf(visit, sql`${calls.sub5}`, "sub5")),
    source: where(visit, text(calls.source)),
    medium: where(visit, text(sql`${calls.medium}`)),
    campaign: where(visit, text(sql`${calls.campaign}`)),
    term: where(visit, text(sql`${calls.term}`)),
    content: where(visit, text(sql`${calls.content}`)),
    channel: where(visit, text(sql`${calls.channel}`)),
    landing_path: where(visit ?? page, text(sql`${calls.landing_path}`)),
    region: sql`${calls.from_region}`,
    target: sql`${calls.target}`,
    disposition: sql`${calls.disposition}`,
    status: sql`${calls.status}`,
    payout_status: sql`${calls.payout_status}`,
    revenue_status: sql`${calls.revenue_status}`,
    attribution: sql`${calls.method}`,
    reject_reason: rejectReason(kind),
    currency: sql`${calls.currency}`,
  };
}

/** What sessions are grouped and filtered by; campaign and advertiser are those of the pool. */
export function sessionColumns(reader: Reader): Record<(typeof SESSION_DIMENSIONS)[number], SQL> {
  const number = hidesPublishers(reader) ? sql`NOT ${wasPublishers(sql`${sessions.number_key}`)}` : null;
  return {
    campaign_id: campaignOf(sql`${sessions.pool_id}`),
    advertiser_id: advertiserOf(sql`${sessions.pool_id}`),
    publisher_id: sql`${sessions.publisher_id}`,
    site_id: sql`${sessions.site_id}`,
    number: ofNumber(sql`n.e164`),
    label: where(number, text(ofNumber(sql`n.label`))),
    sub1: where(number, text(ofNumber(sql`n.sub1`))),
    sub2: where(number, text(ofNumber(sql`n.sub2`))),
    sub3: where(number, text(ofNumber(sql`n.sub3`))),
    sub4: where(number, text(ofNumber(sql`n.sub4`))),
    sub5: where(number, text(ofNumber(sql`n.sub5`))),
    source: text(sessions.source),
    medium: text(sql`${sessions.medium}`),
    campaign: text(sql`${sessions.campaign}`),
    term: text(sql`${sessions.term}`),
    content: text(sql`${sessions.content}`),
    channel: text(sql`${sessions.channel}`),
    landing_path: text(sql`${sessions.landing_path}`),
    region: sql`${sessions.region}`,
  };
}

/** What clicks are grouped and filtered by: their link's owner, and sub ids of their own. */
export const CLICK_COLUMNS: Record<(typeof CLICK_DIMENSIONS)[number], SQL> = {
  campaign_id: ofLink(sql`l.campaign_id`),
  advertiser_id: sql`(SELECT c.advertiser_id FROM ${trackingLinks} l JOIN ${campaigns} c ON c.id = l.campaign_id
    WHERE l.id = ${clicks.link_id})`,
  publisher_id: ofLink(sql`l.publisher_id`),
  sub1: text(sql`${clicks.sub1}`),
  sub2: text(sql`${clicks.sub2}`),
  sub3: text(sql`${clicks.sub3}`),
  sub4: text(sql`${clicks.sub4}`),
  sub5: text(sql`${clicks.sub5}`),
  region: sql`${clicks.region}`,
};

/** A page view that got no number is its pool's publisher's, else its site's: whom a session there would be proven for. */
export const BLOCKED_COLUMNS: Record<(typeof BLOCKED_DIMENSIONS)[number], SQL> = {
  campaign_id: campaignOf(sql`${blockedSessions.pool_id}`),
  advertiser_id: advertiserOf(sql`${blockedSessions.pool_id}`),
  publisher_id: sql`coalesce(
    (SELECT p.publisher_id FROM ${pools} p WHERE p.id = ${blockedSessions.pool_id}),
    (SELECT s.publisher_id FROM ${sites} s WHERE s.id = ${blockedSessions.site_id}))`,
  site_id: sql`${blockedSessions.site_id}`,
};

/** The viewer's calls, less test calls. The unary plus keeps SQLite on the index of the side that asks. */
export function callScope({ kind, network_id, organization_id }: Reader): SQL[] {
  const counted = sql`${calls.is_test} = 0`;
  if (kind === "network") return [sql`${calls.network_id} = ${network_id}`, counted];
  const side = kind === "advertiser" ? calls.advertiser_id : calls.publisher_id;
  return [sql`${side} = ${organization_id}`, sql`+${calls.network_id} = ${network_id}`, counted];
}

/** The sessions that `GET /sessions` lists to this viewer: a publisher's proven ones, an advertiser's on its own pages. */
export function sessionScope(reader: Reader): SQL[] {
  const { kind, network_id, organization_id } = reader;
  const scope = [onNumbersOf(network_id, sessions.number_key)];
  if (kind === "publisher") scope.push(sql`${sessions.publisher_id} = ${organization_id}`);
  if (kind === "advertiser") {
    scope.push(sql`${sessions.publisher_id} IS NULL`, isOwnSite(reader, sql`${sessions.site_id}`));
  }
  return scope;
}

/** A network counts all clicks, a publisher those on its own links, an advertiser none: links are not its business. */
export function clickScope({ kind, network_id, organization_id }: Reader): SQL[] {
  const scope = [sql`${clicks.network_id} = ${network_id}`];
  if (kind === "publisher") scope.push(sql`${CLICK_COLUMNS.publisher_id} = ${organization_id}`);
  if (kind === "advertiser") scope.push(sql`0`);
  return scope;
}

/** The same for page views that got no number. */
export function blockedScope(reader: Reader): SQL[] {
  const { kind, network_id, organization_id } = reader;
  const scope = [sql`${blockedSessions.network_id} = ${network_id}`];
  if (kind === "publisher") scope.push(sql`${BLOCKED_COLUMNS.publisher_id} = ${organization_id}`);
  if (kind === "advertiser") {
    scope.push(
      sql`${BLOCKED_COLUMNS.publisher_id} IS NULL`,
      isOwnSite(reader, sql`${blockedSessions.site_id}`),
    );
  }
  return scope;
}

function hidesPublishers({ kind, sees_publishers }: Reader): boolean {
  return kind === "advertiser" && !sees_publishers;
}

/** The value where the condition holds, else nothing; without a condition the value. */
function where(condition: SQL | null, value: SQL): SQL {
  return condition ? sql`CASE WHEN ${condition} THEN ${value} END` : value;
}

function isOwnVisit({ organization_id }: Reader): SQL {
  return sql`${calls.session} ->> 'publisher_id' = ${organization_id}`;
}

/** A site of one of the advertiser's campaigns that is no publisher's. */
function isOwnSite({ network_id, organization_id }: Reader, site_id: SQL): SQL {
  return sql`${site_id} IN (SELECT s.id FROM ${sites} s JOIN ${campaigns} c ON c.id = s.campaign_id
    WHERE s.network_id = ${network_id} AND s.publisher_id IS NULL AND c.advertiser_id = ${organization_id})`;
}

function aliasOf(organization_id: SQL): SQL {
  return sql`(SELECT o.alias FROM ${organizations} o WHERE o.id = ${organization_id})`;
}

function campaignOf(pool_id: SQL): SQL {
  return sql`(SELECT p.campaign_id FROM ${pools} p WHERE p.id = ${pool_id})`;
}

function advertiserOf(pool_id: SQL): SQL {
  return sql`(SELECT c.advertiser_id FROM ${pools} p JOIN ${campaigns} c ON c.id = p.campaign_id
    WHERE p.id = ${pool_id})`;
}

function ofLink(column: SQL): SQL {
  return sql`(SELECT ${column} FROM ${trackingLinks} l WHERE l.id = ${clicks.link_id})`;
}

/** That a number is or was a publisher's: what it is called may be that publisher's word still. */
function wasPublishers(number_key: SQL, until: SQL = sql`a.from_at`): SQL {
  return sql`EXISTS (SELECT 1 FROM ${numberAssignments} a
    WHERE a.number_key = ${number_key} AND a.from_at <= ${until} AND a.publisher_id IS NOT NULL)`;
}

function ofNumber(column: SQL): SQL {
  return sql`(SELECT ${column} FROM ${numbers} n WHERE n.key = ${sessions.number_key})`;
}

/**
 * The first rule that failed. The row keeps the payout's, else the revenue's; each side reads its own, the
 * advertiser from the revenue's verdict in force.
 */
function rejectReason(kind: OrganizationKind): SQL {
  switch (kind) {
    case "network":
      return sql`${calls.reject_reason}`;
    case "publisher":
      return sql`CASE WHEN ${calls.payout_status} IN ('rejected', 'reversed') THEN ${calls.reject_reason} END`;
    case "advertiser":
      return sql`CASE WHEN ${calls.revenue_status} IN ('rejected', 'reversed') THEN (
        SELECT r.value ->> 'rule' FROM (
          SELECT v.rules FROM ${verdicts} v WHERE v.call_id = ${calls.id} AND v.side = 'revenue'
          ORDER BY v.version DESC LIMIT 1) latest, json_each(latest.rules) r
        WHERE r.value ->> 'passed' = 0 AND coalesce(r.value ->> 'pending', 0) = 0 ORDER BY r.key LIMIT 1) END`;
  }
}
