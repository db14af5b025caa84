import type { Call } from "../../shared/api/calls.ts";
import { assert, unreachable } from "../../shared/assert.ts";
import type { Instant } from "../../shared/instant.ts";
import { isE164 } from "../../shared/phone-number.ts";
import { aliasesOf, findOrganization } from "../accounts/store.ts";
import type { Viewer } from "../accounts/viewer.ts";
import { attributionsOf } from "../attribution/store.ts";
import type { CallFile, Judged } from "../calls/file.ts";
import { firstHoneypotCalls, honeypotMark } from "../calls/honeypots.ts";
import type { CallEvent } from "../calls/model/event.ts";
import {
  type CallFilter,
  type CallPlace,
  findCall,
  listCalls,
  type Search,
  type Sight,
} from "../calls/read.ts";
import { type CallRow, selectEvents } from "../calls/store.ts";
import { advertiserView, networkView, publisherView } from "../calls/views.ts";
import { namesOfTargets } from "../campaigns/targets.ts";
import type { Services } from "../services.ts";
import { type VerdictRow, verdictsOf } from "../settlement/store.ts";
import { type SignalRow, signalsOf } from "../signals/store.ts";
import { signalView } from "./signal.ts";

const NO_CALLS: ReadonlyMap<string, Instant> = new Map();

/** Rows that are read at once for an export. */
const EXPORT_PAGE = 200;

/** Who asks, and what their network lets the two sides see of each other. */
export async function sightOf(services: Services, viewer: Viewer): Promise<Sight> {
  const { network_id } = viewer;
  const network = await findOrganization(services.network(network_id).db, network_id, network_id);
  assert(network, "a viewer's network exists");
  return { viewer, shows: { callers: network.shows_callers, publishers: network.shows_publishers } };
}

/** A search's words; a whole number is found by its fingerprint, for callers are stored sealed. */
export async function searchOf(
  services: Services,
  viewer: Viewer,
  q: string | undefined,
): Promise<Search | null> {
  const text = q?.trim() ?? "";
  if (text === "") return null;
  const digits = /^[+\d\s().-]+$/.test(text) ? text.replaceAll(/\D/g, "") : null;
  const number = digits === null ? "" : `+${digits.length === 10 ? "1" : ""}${digits}`;
  const caller = isE164(number) ? await services.vault.fingerprint(number, viewer.network_id) : null;
  return { text, digits: digits === "" ? null : digits, caller };
}

/** One page of calls as the viewer sees them, newest first; one more than `limit` when others follow. */
export async function showCalls(
  services: Services,
  sight: Sight,
  ask: { filter: CallFilter; search: Search | null; after: CallPlace | null; limit: number },
): Promise<Call[]> {
  const { db } = services.network(sight.viewer.network_id);
  const rows = await listCalls(db, sight, ask.filter, ask.search, ask.after, ask.limit + 1);
  return show(services, sight, rows, false);
}

/** Every call that matches, page by page, newest first. */
export async function* showAllCalls(
  services: Services,
  sight: Sight,
  ask: { filter: CallFilter; search: Search | null },
): AsyncGenerator<Call[]> {
  const { db } = services.network(sight.viewer.network_id);
  let after: CallPlace | null = null;
  for (;;) {
    const rows: CallRow[] = await listCalls(db, sight, ask.filter, ask.search, after, EXPORT_PAGE);
    if (rows.length > 0) yield await show(services, sight, rows, false);
    const last = rows.at(-1);
    if (!last || rows.length < EXPORT_PAGE) return;
    after = { started_at: last.started_at, id: last.id };
  }
}

/** A call with its timeline as the viewer sees it; null when it may not. */
export const showCall = (services: Services, viewer: Viewer, call_id: string) =>
  showOne(services, viewer, call_id, true);

/** The same as it stands in lists, without its timeline. */
export const showCallBriefly = (services: Services, viewer: Viewer, call_id: string) =>
  showOne(services, viewer, call_id, false);

async function showOne(
  services: Services,
  viewer: Viewer,
  call_id: string,
  whole: boolean,
): Promise<Call | null> {
  const row = await findCall(services.network(viewer.network_id).db, viewer, call_id);
  if (!row) return null;
  const [call] = await show(services, await sightOf(services, viewer), [row], whole);
  return call ?? null;
}

/** Reads what else is known of these calls, however many, in a few statements, and shows each to the viewer. */
async function show(services: Services, sight: Sight, rows: CallRow[], whole: boolean): Promise<Call[]> {
  const { viewer, shows } = sight;
  const { db } = services.network(viewer.network_id);
  const ids = rows.map(({ id }) => id);
  const [attributions, verdicts, signals, honeypotCalls] = await Promise.all([
    attributionsOf(db, ids),
    verdictsOf(db, ids),
    signalsOf(db, ids),
    viewer.kind === "network" ? firstHoneypotCalls(db, viewer.network_id, rows) : NO_CALLS,
  ]);
  const publishers = new Set(rows.flatMap(({ publisher_id }) => publisher_id ?? []));
  for (const { attribution } of attributions.values()) {
    for (const { publisher_id } of attribution.publishers) if (publisher_id) publishers.add(publisher_id);
  }
  const aliases = await aliasesOf(db, viewer.network_id, [...publishers]);
  const now = services.clock.now();
  return Promise.all(
    rows.map(async (row) => {
      const attributed = attributions.get(row.id);
      const events = whole ? await eventsOf(services, row) : null;
      const pair = verdicts.get(row.id);
      const file: CallFile = {
        now,
        row,
        from: row.from_sealed === null ? null : await services.vault.open(row.from_sealed, row.id),
        attributed: attributed ? { at: attributed.created_at, attribution: attributed.attribution } : null,
        revenue: judgedOf(pair?.revenue),
        payout: judgedOf(pair?.payout),
        events,
        target_names: await namesIn(services, row, events ?? []),
        signals: shownSignals(signals.get(row.id) ?? [], viewer),
        aliases,
        shows,
        honeypot: honeypotMark(row, honeypotCalls),
      };
      return viewOf(file, viewer);
    }),
  );
}

/** The names of the targets that a call was sent to, or might have been. */
async function namesIn(services: Services, row: CallRow, events: readonly CallEvent[]) {
  const ids = events.flatMap((event) =>
    event.kind === "instructed" ? (event.considered ?? []).flatMap(({ target_id }) => target_id ?? []) : [],
  );
  return namesOfTargets(services.network(row.network_id).db, row.network_id, ids);
}

async function eventsOf(services: Services, row: CallRow): Promise<readonly CallEvent[]> {
  const { db } = services.network(row.network_id);
  const rows = await selectEvents(db, row.telephony_account_id, row.provider_call_id);
  return rows.map(({ event }) => event);
}

/** What a call was worth to the advertiser is none of a publisher's business. */
function shownSignals(rows: readonly SignalRow[], viewer: Viewer): CallFile["signals"] {
  return rows.map((row) => signalView(viewer.kind === "publisher" ? { ...row, revenue_micros: null } : row));
}

function judgedOf(row: VerdictRow | null | undefined): Judged | null {
  if (!row) return null;
  const { status, terms_version, amount_micros, rules, shares } = row;
  return { status, terms_version, amount_micros, rules, shares: shares ?? [] };
}

function viewOf(file: CallFile, viewer: Viewer): Call {
  switch (viewer.kind) {
    case "network":
      return networkView(file);
    case "advertiser":
      return advertiserView(file);
    case "publisher":
      return publisherView(file, viewer.organization_id);
    default:
      return unreachable(viewer.kind);
  }
}
