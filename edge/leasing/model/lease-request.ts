import { err, ok, type Result } from "../../../shared/result.ts";

/** A page view as the tag tells it, made safe: everything bounded, unknown fields dropped. */
export type LeaseRequestRead = {
  site: string;
  url: string;
  referrer: string;
  visitor: string | null;
  lease: string | null;
  gpc: boolean;
  data: Record<string, string>;
};

const SITE_KEY_LENGTH_MAX = 100;
const NAMES_MAX = 20;
const NAME_LENGTH_MAX = 64;
const VALUE_LENGTH_MAX = 200;
const VISITOR_LENGTH_MAX = 200;

/**
 * Reads a lease request. Tags cached for years must keep working, so unknown fields are ignored and `null` counts as
 * absent; a known field of another type is an error, said in words.
 */
export function readLeaseRequest(body: Record<string, unknown>): Result<LeaseRequestRead, string> {
  const { site, gpc } = body;
  if (typeof site !== "string" || site === "" || site.length > SITE_KEY_LENGTH_MAX) {
    return err("site must be a site key");
  }
  const texts = { url: "", referrer: "", visitor: "", lease: "" };
  for (const name of ["url", "referrer", "visitor", "lease"] as const) {
    const value = body[name] ?? "";
    if (typeof value !== "string") return err(`${name} must be text`);
    texts[name] = value;
  }
  if (gpc !== undefined && gpc !== null && typeof gpc !== "boolean") return err("gpc must be true or false");
  const data = readData(body.data);
  if (!data.ok) return data;
  const { url, referrer, visitor, lease } = texts;
  if (!isVisitorId(visitor)) {
    return err(`visitor must be text of at most ${VISITOR_LENGTH_MAX} characters, none of them a control`);
  }
  return ok({
    ...{ site, url, referrer },
    visitor: visitor || null,
    lease: lease || null,
    gpc: gpc === true,
    data: data.value,
  });
}

/**
 * Opaque, so any text but control characters and halves of a surrogate pair. What cannot be kept as it came is refused:
 * a visitor without an id is taken for his neighbour.
 */
function isVisitorId(text: string): boolean {
  return text.length <= VISITOR_LENGTH_MAX && !/[\p{Cc}\p{Cs}]/u.test(text);
}

/** Custom data of the page: at most 20 names of 64 characters, values as text of at most 200. */
export function readData(value: unknown): Result<Record<string, string>, string> {
  if (value === undefined || value === null) return ok({});
  if (typeof value !== "object" || Array.isArray(value)) return err("data must be an object");
  const kept: [string, string][] = [];
  for (const [name, given] of Object.entries(value)) {
    if (kept.length === NAMES_MAX) break;
    if (name === "" || name.length > NAME_LENGTH_MAX || name === "__proto__") continue;
    if (!["string", "number", "boolean"].includes(typeof given)) continue;
    kept.push([name, String(given).slice(0, VALUE_LENGTH_MAX)]);
  }
  return ok(Object.fromEntries(kept));
}
