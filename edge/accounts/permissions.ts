import type { OrganizationKind, Role } from "../../shared/api/organizations.ts";
import type { Viewer } from "./viewer.ts";

/** Which kinds of organization may do an operation at all, and which of their people. */
type Policy = { kinds: readonly OrganizationKind[]; roles: readonly Role[] };

const ALL_SIDES = ["network", "advertiser", "publisher"] as const;
const NETWORK = ["network"] as const;
const NETWORK_AND_ADVERTISER = ["network", "advertiser"] as const;
const NETWORK_AND_PUBLISHER = ["network", "publisher"] as const;

/** Whoever belongs to the organization. */
const EVERYONE = ["owner", "admin", "billing", "analyst", "viewer"] as const;
/** Visitors, callers and exports of them: nothing an accountant needs. */
const ANALYSTS = ["owner", "admin", "analyst", "viewer"] as const;
/** The books. */
const BOOKKEEPERS = ["owner", "admin", "billing", "analyst"] as const;
const ADMINS = ["owner", "admin"] as const;
/** Who pays and is paid, and says so when it is wrong. */
const PAYMASTERS = ["owner", "admin", "billing"] as const;

const manage: Policy = { kinds: NETWORK, roles: ADMINS };
const read = (kinds: readonly OrganizationKind[]): Policy => ({ kinds, roles: EVERYONE });

/**
 * Who may do what: one line for each operation of the account API, named as in the OpenAPI document.
 * What is not here is refused. A policy says who may ask; what the answer shows is decided by the query,
 * which starts from the viewer.
 */
export const POLICIES = {
  "me.read": read(ALL_SIDES),
  "network.read": read(NETWORK),
  "network.update": manage,

  "advertisers.create": manage,
  "advertisers.list": read(NETWORK),
  "advertisers.read": read(NETWORK),
  "advertisers.update": manage,
  "advertisers.retire": manage,
  "publishers.create": manage,
  "publishers.list": read(NETWORK),
  "publishers.read": read(NETWORK),
  "publishers.update": manage,
  "publishers.retire": manage,

  "telephony_accounts.create": manage,
  "telephony_accounts.list": manage,
  "telephony_accounts.read": manage,
  "telephony_accounts.update": manage,
  "telephony_accounts.retire": manage,
  "telephony_apis.read": manage,
  "telephony_apis.update": manage,
  "provider_numbers.search": manage,
  "provider_numbers.list": manage,
  "provider_numbers.buy": manage,
  "provider_numbers.configure": manage,
  "provider_numbers.release": manage,

  "campaigns.create": manage,
  "campaigns.list": read(ALL_SIDES),
  "campaigns.read": read(ALL_SIDES),
  "campaigns.update": manage,
  "campaigns.retire": manage,
  "campaigns.pause": manage,
  "campaigns.resume": manage,
  "terms.create": manage,
  "terms.list": read(ALL_SIDES),
  "call_flows.create": manage,
  "call_flows.list": read(NETWORK_AND_ADVERTISER),
  "call_flows.try": read(NETWORK_AND_ADVERTISER),
  "enrollments.create": manage,
  "enrollments.list": read(NETWORK_AND_PUBLISHER),
  "enrollments.pause": manage,
  "enrollments.resume": manage,

  "targets.create": manage,
  "targets.list": read(NETWORK_AND_ADVERTISER),
  "targets.read": read(NETWORK_AND_ADVERTISER),
  "targets.update": manage,
  "targets.retire": manage,
  "targets.pause": manage,
  "targets.resume": manage,
  "target_groups.create": manage,
  "target_groups.list": read(NETWORK),
  "target_groups.read": read(NETWORK),
  "target_groups.update": manage,
  "target_groups.retire": manage,
  "routing.read": read(NETWORK),
  "routing.update": manage,
  "routing_preview.read": { kinds: NETWORK, roles: ANALYSTS },

  "pools.create": manage,
  "pools.list": read(NETWORK_AND_PUBLISHER),
  "pools.read": read(NETWORK_AND_PUBLISHER),
  "pools.health": read(NETWORK_AND_PUBLISHER),
  "pool_models.list": read(NETWORK),
  "pools.update": manage,
  "pools.retire": manage,
  "numbers.create": manage,
  "numbers.import": manage,
  "strays.list": read(NETWORK),
  "numbers.list": read(ALL_SIDES),
  "numbers.read": read(ALL_SIDES),
  "numbers.update": manage,
  "numbers.move": manage,
  "numbers.retire": manage,
  "numbers.pause": manage,
  "numbers.resume": manage,
  "sites.create": manage,
  "sites.list": read(ALL_SIDES),
  "sites.read": read(ALL_SIDES),
  "sites.update": manage,
  "sites.retire": manage,

  "tracking_links.create": manage,
  "tracking_links.list": read(NETWORK_AND_PUBLISHER),
  "tracking_links.read": read(NETWORK_AND_PUBLISHER),
  "tracking_links.update": manage,
  "tracking_links.retire": manage,

  "calls.list": read(ALL_SIDES),
  "calls.read": read(ALL_SIDES),
  "calls.hand_over": manage,
  "recordings.play": { kinds: ALL_SIDES, roles: ANALYSTS },
  "call_history.read": { kinds: NETWORK, roles: ANALYSTS },
  "replays.create": manage,
  "signals.create": { kinds: ["network", "advertiser"], roles: ADMINS },
  "signals.import": { kinds: ["network", "advertiser"], roles: ADMINS },
  "signal_imports.list": { kinds: ["network", "advertiser"], roles: ADMINS },
  "signal_imports.read": { kinds: ["network", "advertiser"], roles: ADMINS },
  "disputes.create": { kinds: ALL_SIDES, roles: PAYMASTERS },
  "disputes.list": read(ALL_SIDES),
  "disputes.read": read(ALL_SIDES),
  "disputes.decide": { kinds: NETWORK, roles: PAYMASTERS },
  "sessions.list": { kinds: ALL_SIDES, roles: ANALYSTS },
  "sessions.read": { kinds: ALL_SIDES, roles: ANALYSTS },
  "ledger.list": { kinds: ALL_SIDES, roles: BOOKKEEPERS },
  "reports.read": read(ALL_SIDES),
  "statements.list": { kinds: ALL_SIDES, roles: BOOKKEEPERS },
  "statements.read": { kinds: ALL_SIDES, roles: BOOKKEEPERS },
  "statements.pay": { kinds: NETWORK, roles: PAYMASTERS },

  "api_keys.create": { kinds: ALL_SIDES, roles: ADMINS },
  "api_keys.list": { kinds: ALL_SIDES, roles: ADMINS },
  "api_keys.read": { kinds: ALL_SIDES, roles: ADMINS },
  "api_keys.revoke": { kinds: ALL_SIDES, roles: ADMINS },

  "users.create": { kinds: ALL_SIDES, roles: ADMINS },
  "users.list": { kinds: ALL_SIDES, roles: ADMINS },
  "users.read": { kinds: ALL_SIDES, roles: ADMINS },
  "users.update": { kinds: ALL_SIDES, roles: ADMINS },
  "users.remove": { kinds: ALL_SIDES, roles: ADMINS },

  "webhooks.create": { kinds: ALL_SIDES, roles: ADMINS },
  "webhooks.list": { kinds: ALL_SIDES, roles: ADMINS },
  "webhooks.read": { kinds: ALL_SIDES, roles: ADMINS },
  "webhooks.update": { kinds: ALL_SIDES, roles: ADMINS },
  "webhooks.retire": { kinds: ALL_SIDES, roles: ADMINS },
  "webhooks.rotate": { kinds: ALL_SIDES, roles: ADMINS },
  "webhooks.test": { kinds: ALL_SIDES, roles: ADMINS },
  "webhooks.replay": { kinds: ALL_SIDES, roles: ADMINS },
  "webhook_deliveries.list": { kinds: ALL_SIDES, roles: ADMINS },
  "webhook_deliveries.read": { kinds: ALL_SIDES, roles: ADMINS },
  "webhook_deliveries.resend": { kinds: ALL_SIDES, roles: ADMINS },
} as const satisfies Record<string, Policy>;

export type Operation = keyof typeof POLICIES;

/** True when this viewer may do this operation. Deny is the default. */
export function isAllowed(viewer: Viewer, operation: Operation): boolean {
  const policy: Policy | undefined = POLICIES[operation];
  return policy?.kinds.includes(viewer.kind) === true && policy.roles.includes(viewer.role);
}

/** Who stands above whom; the others stand side by side. */
const RANKS: Readonly<Record<Role, number>> = { owner: 2, admin: 1, billing: 0, analyst: 0, viewer: 0 };

export function isBelow(role: Role, other: Role): boolean {
  return RANKS[role] < RANKS[other];
}

/**
 * True when this viewer may give, change or take away this role in an organization that is its own or its network's.
 * Nobody makes or unmakes anybody who stands above himself; a network's people stand above those of its two sides.
 */
export function mayGrant(viewer: Viewer, organization_id: string, role: Role): boolean {
  return organization_id !== viewer.organization_id || !isBelow(viewer.role, role);
}
