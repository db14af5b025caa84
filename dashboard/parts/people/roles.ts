import type { Me, Role } from "../../../shared/api/organizations.ts";
import { ROLES } from "../../../shared/api/organizations.ts";

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  owner: "owner: everything",
  admin: "admin: everything",
  billing: "billing: money and statements",
  analyst: "analyst: reads everything, money too",
  viewer: "viewer: reads",
};

/**
 * The roles that this person may give and take in an organization: none above the own. A network's people stand above
 * those of the organizations it manages. The server refuses the others anyway.
 */
export function rolesToGive(me: Me, organization_id: string): Role[] {
  const isAbove = organization_id !== me.organization.id || me.role === "owner";
  return ROLES.filter((role) => role !== "owner" || isAbove);
}
