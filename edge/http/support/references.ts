import type { Context } from "hono";
import type { OrganizationKind } from "../../../shared/api/organizations.ts";
import { assert } from "../../../shared/assert.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import { findOrganization, type OrganizationRow } from "../../accounts/store.ts";
import type { Failure } from "../../platform/problem.ts";
import { groundOf } from "./commit.ts";
import type { HttpEnv } from "./context.ts";

/** A fault of one field of the body. */
export function fault(pointer: string, detail: string): { ok: false; error: Failure } {
  return err({ kind: "invalid", faults: [{ pointer, detail }] });
}

/** What a path names and the viewer may not see, or nobody has. */
export function absent(what: string): { ok: false; error: Failure } {
  return err({ kind: "not_found", what });
}

/** What the present state of things forbids. */
export function conflict(detail: string): { ok: false; error: Failure } {
  return err({ kind: "conflict", detail });
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
  if (row?.kind !== kind) return fault(pointer, `there is no such ${kind}`);
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
