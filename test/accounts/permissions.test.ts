import { describe, expect, it } from "vitest";
import { isAllowed, mayGrant, type Operation, POLICIES } from "../../edge/accounts/permissions.ts";
import type { Viewer } from "../../edge/accounts/viewer.ts";
import {
  ORGANIZATION_KINDS,
  type OrganizationKind,
  ROLES,
  type Role,
} from "../../shared/api/organizations.ts";

const viewer = (kind: OrganizationKind, role: Role): Viewer => ({
  network_id: "org_n",
  organization_id: "org_o",
  kind,
  role,
  actor_id: "key_k",
  via: "api_key",
});
const operations = Object.keys(POLICIES) as Operation[];
const allowed = (kind: OrganizationKind, role: Role) =>
  operations.filter((operation) => isAllowed(viewer(kind, role), operation));

/** What only looks, listens or asks what would be. */
const isReading = (operation: string) => /\.(list|read|health|try|play|preview)$/.test(operation);

describe("permissions", () => {
  it("refuse what no policy names", () => {
    const unknown = "campaigns.burn" as Operation;
    for (const kind of ORGANIZATION_KINDS) expect(isAllowed(viewer(kind, "owner"), unknown)).toBe(false);
  });

  it("give owners and admins the same, and a network's all there is for it", () => {
    for (const kind of ORGANIZATION_KINDS) expect(allowed(kind, "owner")).toEqual(allowed(kind, "admin"));
    expect(allowed("network", "admin")).toEqual(expect.arrayContaining(operations));
  });

  it("let nobody but owners and admins change anything, but for who keeps the accounts", () => {
    for (const kind of ORGANIZATION_KINDS) {
      for (const role of ROLES.filter((r) => r !== "owner" && r !== "admin")) {
        const changes = allowed(kind, role).filter((operation) => !isReading(operation));
        const network = kind === "network" ? ["disputes.decide", "statements.pay"] : [];
        expect(changes).toEqual(role === "billing" ? ["disputes.create", ...network] : []);
      }
    }
  });

  it("let an advertiser report outcomes, either side dispute its money, and neither change anything but its keys, people and webhooks", () => {
    for (const kind of ["advertiser", "publisher"] as const) {
      const changes = allowed(kind, "owner").filter((operation) => !isReading(operation));
      const own = [
        "disputes.create",
        "api_keys.create",
        "api_keys.revoke",
        "users.create",
        "users.update",
        "users.remove",
        "webhooks.create",
        "webhooks.update",
        "webhooks.retire",
        "webhooks.rotate",
        "webhooks.test",
        "webhooks.replay",
        "webhook_deliveries.resend",
      ];
      // Whoever took the call knows what became of it.
      expect(changes).toEqual(kind === "advertiser" ? ["signals.create", "signals.import", ...own] : own);
    }
  });

  it("show the books to who keeps them and visits to who studies them", () => {
    expect(allowed("network", "billing")).toContain("ledger.list");
    expect(allowed("network", "viewer")).not.toContain("ledger.list");
    expect(allowed("network", "analyst")).toContain("sessions.list");
    expect(allowed("network", "billing")).not.toContain("sessions.list");
  });

  it("show secrets' neighbours, accounts, keys, people and webhooks, to owners and admins only", () => {
    for (const role of ["billing", "analyst", "viewer"] as const) {
      expect(
        allowed("network", role).filter((o) =>
          /^(telephony_accounts|api_keys|users|webhooks|webhook_deliveries)\./.test(o),
        ),
      ).toEqual([]);
    }
    expect(allowed("advertiser", "owner").filter((o) => o.startsWith("telephony_accounts."))).toEqual([]);
  });
});

describe("a role", () => {
  const given = (kind: OrganizationKind, role: Role, organization_id = "org_o") =>
    ROLES.filter((one) => mayGrant(viewer(kind, role), organization_id, one));

  it("is given and taken by nobody who stands below it", () => {
    for (const kind of ORGANIZATION_KINDS) {
      expect(given(kind, "owner")).toEqual(ROLES);
      expect(given(kind, "admin")).toEqual(["admin", "billing", "analyst", "viewer"]);
      expect(given(kind, "analyst")).toEqual(["billing", "analyst", "viewer"]);
    }
  });

  it("among those whom a network manages is its people's to give", () => {
    expect(given("network", "admin", "org_p")).toEqual(ROLES);
  });
});
