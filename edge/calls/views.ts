import type { Call } from "../../shared/api/calls.ts";
import {
  attributionForAdvertiser,
  attributionForPublisher,
  ownShare,
  sessionForAdvertiser,
  unattributed,
} from "./attribution-views.ts";
import { SHARE_SEEN } from "./copies.ts";
import { aliasOf, type CallFile } from "./file.ts";
import { maskCaller } from "./model/mask.ts";
import {
  commonPart,
  judgedPart,
  ownPart,
  recordingsPart,
  routingPart,
  sharesPart,
  subsPart,
  timelinePart,
  withoutOtherSide,
} from "./view-parts.ts";

/**
 * What each side sees of a call. One function a role, and each builds what it shows from nothing: a field that a
 * role's function does not name is not there. Nothing is ever taken out of a fuller object.
 */

/** The network sees all of it. */
export function networkView(file: CallFile): Call {
  const { row } = file;
  const attribution = file.attributed?.attribution ?? unattributed(row);
  return {
    ...commonPart(file),
    from: file.from,
    honeypot: file.honeypot,
    self_reported: row.self_reported,
    confirmed_at: row.confirmed_at,
    target: row.target,
    legs: row.legs,
    publisher_id: row.publisher_id,
    publisher_alias: aliasOf(file, row.publisher_id),
    site_id: row.site_id,
    session: row.session,
    ...subsPart(row, row.session),
    attribution,
    revenue: { ...judgedPart(file.revenue, row.revenue_status), revenue_micros: row.revenue_micros },
    payout: {
      ...judgedPart(file.payout, row.payout_status),
      payout_micros: row.payout_micros,
      ...sharesPart(file),
    },
    margin_micros: row.revenue_micros - row.payout_micros,
    ...recordingsPart(file, "network"),
    ...timelinePart(file, attribution, {
      targets: true,
      disputes: true,
      payments_of: "everybody",
      hears: "network",
    }),
    ...routingPart(file),
  };
}

/** An advertiser sees neither payout nor margin, and of a publisher an alias, unless the network shows more. */
export function advertiserView(file: CallFile): Call {
  const { row } = file;
  const names = file.shows.publishers;
  const attribution = attributionForAdvertiser(file);
  return {
    ...commonPart(file),
    from: file.from,
    target: row.target,
    legs: row.legs,
    ...(names && { publisher_id: row.publisher_id }),
    publisher_alias: aliasOf(file, row.publisher_id),
    site_id: row.site_id,
    session: row.session && sessionForAdvertiser(row.session, names),
    attribution,
    revenue: { ...judgedPart(file.revenue, row.revenue_status), revenue_micros: row.revenue_micros },
    ...recordingsPart(file, "advertiser"),
    ...timelinePart(file, attribution, {
      targets: true,
      disputes: true,
      payments_of: row.advertiser_id,
      hears: "advertiser",
    }),
  };
}

/** True when a publisher may see the call: it is booked to it, or it is proven with a share of at least 0.25. */
export function isSeenByPublisher(file: CallFile, publisher_id: string): boolean {
  if (file.row.publisher_id === publisher_id || ownPart(file, publisher_id)) return true;
  return ownShare(file, publisher_id).probability >= SHARE_SEEN;
}

/**
 * A publisher sees no revenue, no target, of other publishers' candidates their sum, no weights, and of the caller
 * country and area code unless the network shows more. Of a call that is not booked to it, its own share only.
 */
export function publisherView(file: CallFile, publisher_id: string): Call {
  const { row } = file;
  const booked = row.publisher_id === publisher_id;
  const shared = ownPart(file, publisher_id);
  const session = row.session?.publisher_id === publisher_id ? row.session : null;
  const attribution = attributionForPublisher(file, publisher_id);
  return {
    ...commonPart(file),
    from: file.from !== null && !file.shows.callers ? maskCaller(file.from) : file.from,
    ...(booked && { publisher_id, publisher_alias: aliasOf(file, publisher_id) }),
    site_id: session && row.site_id,
    session,
    ...subsPart(row, session),
    attribution,
    ...(booked && {
      payout: {
        ...judgedPart(file.payout && withoutOtherSide(file.payout), row.payout_status),
        payout_micros: row.payout_micros,
      },
    }),
    ...(shared && {
      payout: { ...judgedPart(withoutOtherSide(shared), shared.status), payout_micros: shared.amount_micros },
    }),
    ...recordingsPart(file, "publisher"),
    ...timelinePart(file, attribution, {
      targets: false,
      disputes: booked || shared !== null,
      payments_of: publisher_id,
      hears: "publisher",
    }),
  };
}
