import type { Context } from "hono";
import { REST_DEFAULT_S } from "../../../shared/api/inventory.ts";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { assert } from "../../../shared/assert.ts";
import { SECOND_MS } from "../../../shared/instant.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import { findOrganization, type OrganizationRow } from "../../accounts/store.ts";
import { type CampaignRow, findCampaign, type SeenCampaign } from "../../campaigns/store.ts";
import type { Place } from "../../inventory/assign.ts";
import { numbersInUse, numbersInUseSince } from "../../inventory/numbers.ts";
import { findPool, type SeenPool } from "../../inventory/pools.ts";
import { findAccount } from "../../inventory/telephony-accounts.ts";
import type { Failure } from "../../platform/problem.ts";
import { groundOf } from "./commit.ts";
import type { HttpEnv } from "./context.ts";

/** A fault of one field of the body. */
export function fault(pointer: string, detail: string): { ok: false; error: Failure } {
  return err({ kind: "invalid", faults: [{ pointer, detail }] });
}

/** What a path, or the field of the body at `pointer`, names and the viewer may not see, or nobody has. */
export function absent(what: string, pointer?: string): { ok: false; error: Failure } {
  return err({ kind: "not_found", what, ...(pointer !== undefined && { pointer }) });
}

/** What the present state of things forbids. */
export function conflict(detail: string): { ok: false; error: Failure } {
  return err({ kind: "conflict", detail });
}

/** What this viewer may do to nobody, or not to this one. */
export function beyond(detail: string): { ok: false; error: Failure } {
  return err({ kind: "forbidden", detail });
}

/**
 * The viewer's own organization, or with an id one that its network manages: in use, and whose keys and people it may
 * look after. Anybody else's is absent.
 */
export async function managedOrganization(
  c: Context<HttpEnv>,
  asked: string | undefined,
  pointer: string,
): Promise<Result<OrganizationRow, Failure>> {
  const { viewer } = c.var;
  const id = asked ?? viewer.organization_id;
  const within = viewer.kind === "network" || id === viewer.organization_id;
  const row = within ? await findOrganization(groundOf(c).db, viewer.network_id, id) : null;
  if (!row) return absent("organization", pointer);
  if (row.retired_at !== null) return fault(pointer, "this organization is retired");
  return ok(row);
}

/**
 * The organization that the field at `pointer` names: of this kind, of the viewer's network and in use. Another
 * network's is as absent as one that never was.
 */
export async function organizationNamed(
  c: Context<HttpEnv>,
  pointer: string,
  kind: OrganizationKind,
  id: string,
): Promise<Result<OrganizationRow, Failure>> {
  const row = await findOrganization(groundOf(c).db, c.var.viewer.network_id, id);
  if (row?.kind !== kind) return absent(kind, pointer);
  if (row.retired_at !== null) return fault(pointer, `this ${kind} is retired`);
  return ok(row);
}

/** The viewer's network itself. */
export async function ownNetwork(c: Context<HttpEnv>): Promise<OrganizationRow> {
  const { network_id } = c.var.viewer;
  const row = await findOrganization(groundOf(c).db, network_id, network_id);
  assert(row, "a viewer's network exists");
  return row;
}

/** The campaign that a path names, retired or not. */
export async function campaignOf(c: Context<HttpEnv>, id: string): Promise<Result<SeenCampaign, Failure>> {
  const { db, now } = groundOf(c);
  const seen = await findCampaign(db, c.var.viewer, id, now);
  return seen ? ok(seen) : absent("campaign");
}

/** The same for a change of what belongs to it: one that is not retired. */
export async function openCampaign(c: Context<HttpEnv>, id: string): Promise<Result<SeenCampaign, Failure>> {
  const seen = await campaignOf(c, id);
  return seen.ok && seen.value.campaign.retired_at !== null ? conflict("This campaign is retired.") : seen;
}

/** The campaign that the field `campaign_id` names: of the viewer's network and in use. */
export async function campaignNamed(c: Context<HttpEnv>, id: string): Promise<Result<CampaignRow, Failure>> {
  const { db, now } = groundOf(c);
  const seen = await findCampaign(db, c.var.viewer, id, now);
  if (!seen) return absent("campaign", "/campaign_id");
  if (seen.campaign.retired_at !== null) return fault("/campaign_id", "this campaign is retired");
  return ok(seen.campaign);
}

/** The pool that the field `pool_id` names: of the viewer's network and in use. */
export async function poolNamed(c: Context<HttpEnv>, id: string): Promise<Result<SeenPool, Failure>> {
  const seen = await findPool(groundOf(c).db, c.var.viewer, id);
  if (!seen) return absent("pool", "/pool_id");
  if (seen.pool.retired_at !== null) return fault("/pool_id", "this pool is retired");
  return ok(seen);
}

type PlaceAsked = {
  pool_id?: string | undefined;
  campaign_id?: string | undefined;
  publisher_id?: string | undefined;
  honeypot?: boolean | undefined;
};

/** Where a number is to be put: into a pool, whose publisher it then proves, or static in a campaign. */
export async function placeNamed(c: Context<HttpEnv>, asked: PlaceAsked): Promise<Result<Place, Failure>> {
  if (asked.pool_id !== undefined) {
    const named = await poolNamed(c, asked.pool_id);
    if (!named.ok) return named;
    const { id, campaign_id, publisher_id } = named.value.pool;
    return ok({ campaign_id, pool_id: id, publisher_id, is_honeypot: false });
  }
  const campaign = await campaignNamed(c, asked.campaign_id ?? "");
  if (!campaign.ok) return campaign;
  const publisher = await publisherNamed(c, asked.publisher_id);
  if (!publisher.ok) return publisher;
  const { honeypot: is_honeypot = false } = asked;
  return ok({ campaign_id: campaign.value.id, pool_id: null, publisher_id: publisher.value, is_honeypot });
}

/** The id of the publisher that the optional field `publisher_id` names, or null when it is absent. */
export async function publisherNamed(
  c: Context<HttpEnv>,
  id: string | undefined,
): Promise<Result<string | null, Failure>> {
  if (id === undefined) return ok(null);
  const publisher = await organizationNamed(c, "/publisher_id", "publisher", id);
  return publisher.ok ? ok(publisher.value.id) : publisher;
}

/**
 * What stands against adding these numbers: an account that is not there, a number that is somewhere else, and for
 * honeypots one that people may still have in their hands.
 */
export async function numbersRefused(
  c: Context<HttpEnv>,
  telephony_account_id: string,
  e164: readonly string[],
  honeypots: readonly string[],
): Promise<{ ok: false; error: Failure } | null> {
  const seen = await findAccount(groundOf(c), c.var.viewer, telephony_account_id);
  if (!seen) return absent("telephony account", "/telephony_account_id");
  if (seen.account.retired_at !== null) return fault("/telephony_account_id", "this account is retired");
  const { db, now } = groundOf(c);
  const taken = await numbersInUse(db, e164);
  if (taken.length > 0) return conflict(`In use already: ${someOf(taken)}.`);
  const warm = await numbersInUseSince(db, honeypots, now - REST_DEFAULT_S * SECOND_MS);
  if (warm.length > 0) {
    return conflict(`In use less than a week ago, so people may still call them: ${someOf(warm)}.`);
  }
  return null;
}

const someOf = (e164: readonly string[]) =>
  `${e164.slice(0, 3).join(", ")}${e164.length > 3 ? ` and ${e164.length - 3} more` : ""}`;
