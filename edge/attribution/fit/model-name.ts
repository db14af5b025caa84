import type { Instant } from "../../../shared/instant.ts";
import type { Parameters } from "../model/parameters.ts";
import type { ModelRow } from "../model-store.ts";

/** What a fit looked at. */
export type FitBasis = {
  network_id: string;
  pool_id: string;
  from: Instant;
  to: Instant;
  calls: number;
  start_version: string;
};

const NAME_DIGITS = 16;

/**
 * The row of a fitted model. Its version is made from the SHA-256 of the parameters and of what they came from, keys
 * in order: whoever fits the same facts again gets the same name, and a name never means two things.
 */
export async function nameModel(basis: FitBasis, fitted: Parameters, fitted_at: Instant): Promise<ModelRow> {
  const { version: _, ...parameters } = fitted;
  const text = JSON.stringify(inOrder({ ...basis, parameters }));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const sha256 = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const version = `fit-${sha256.slice(0, NAME_DIGITS)}`;
  const { network_id, pool_id, from, to, calls, start_version } = basis;
  return {
    version,
    network_id,
    pool_id,
    fitted_at,
    from_at: from,
    to_at: to,
    calls,
    start_version,
    sha256,
    parameters: { ...fitted, version },
  };
}

/** The same value with every object's keys sorted. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, inOrder(inner)]));
}
