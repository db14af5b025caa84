import type { OrganizationKind, Role } from "../../shared/api/organizations.ts";

/**
 * Who is asking. Every query starts from here, never from an id in the request:
 * a network sees all of its own, an advertiser its campaigns, a publisher what it is enrolled in.
 */
export type Viewer = {
  network_id: string;
  organization_id: string;
  kind: OrganizationKind;
  role: Role;
  /** An api key's or a user's id, for the audit log. */
  actor_id: string;
  via: "api_key" | "user";
};
