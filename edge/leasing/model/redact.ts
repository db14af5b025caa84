import { CLICK_ID_NAMES } from "./click-ids.ts";
import { clean, cut, decodeComponent, splitFragment } from "./query.ts";

/** The parameter of our own click token, added by a publisher's tracking link. */
export const CLICK_TOKEN_PARAMETER = "rt_click";

export const STORED_URL_LENGTH_MAX = 2_048;

/** What is read of a URL at all: twice a stored URL and room for the tokens that are cut out of it. */
export const READ_URL_LENGTH_MAX = 8_192;

/** A URL may carry another inside a parameter, encoded once more each time; deeper than this nobody unpacks. */
const DECODINGS_MAX = 4;

/** A parameter of one of these names, also `name[]=`, that is not the end of a longer name. */
function assignmentOf(names: readonly string[]): RegExp {
  return new RegExp(`(?:^|[^\\w-])(?:${names.join("|")})(?:\\[\\w*\\])?=`, "i");
}

const CLICK_TOKEN = assignmentOf([CLICK_TOKEN_PARAMETER]);
const CLICK_TOKEN_OR_ID = assignmentOf([CLICK_TOKEN_PARAMETER, ...CLICK_ID_NAMES]);

/**
 * A URL as it may be stored and shown: at most 2,048 characters, without user and password, without `rt_click`,
 * and under Global Privacy Control without any click id, whether these stand in the query, in the fragment or
 * encoded inside another parameter (which then goes as a whole). Works on any text; what is not touched stays
 * byte for byte, but for a bare `?` or `#` at the end.
 */
export function redactUrl(text: string, options: { gpc: boolean }): string {
  const secret = options.gpc ? CLICK_TOKEN_OR_ID : CLICK_TOKEN;
  const read = cut(clean(text), READ_URL_LENGTH_MAX);
  const [beforeFragment, fragment] = splitOnce(read, "#");
  const [address, query] = splitOnce(beforeFragment, "?");
  // Most URLs hide nothing, and then no part of them does: a name stands between separators or not at all.
  if (fragment === "" && !read.includes("%") && !secret.test(read)) {
    return cut(
      query === "" ? withoutUser(address) : `${withoutUser(address)}?${query}`,
      STORED_URL_LENGTH_MAX,
    );
  }
  let redacted = withoutUser(address)
    .split("/")
    .map((segment) => (mentions(segment, secret) ? "" : segment))
    .join("/");
  const keptQuery = keepPairs(query, secret);
  if (keptQuery !== "") redacted += `?${keptQuery}`;
  const keptFragment = redactFragment(fragment, secret);
  if (keptFragment !== "") redacted += `#${keptFragment}`;
  return cut(redacted, STORED_URL_LENGTH_MAX);
}

function redactFragment(fragment: string, secret: RegExp): string {
  const { route, query } = splitFragment(fragment);
  const keptRoute = mentions(route, secret) ? "" : route;
  const keptQuery = keepPairs(query, secret);
  if (keptQuery === "") return keptRoute;
  return fragment.includes("?") ? `${keptRoute}?${keptQuery}` : keptQuery;
}

function keepPairs(query: string, secret: RegExp): string {
  return query
    .split("&")
    .filter((pair) => !mentions(pair, secret))
    .join("&");
}

function mentions(text: string, secret: RegExp): boolean {
  let decoded = text;
  for (let round = 0; round <= DECODINGS_MAX; round++) {
    if (secret.test(decoded)) return true;
    const next = decodeComponent(decoded);
    if (next === decoded) return false;
    decoded = next;
  }
  // Still encoded after the last round: nothing honest looks like that.
  return true;
}

function withoutUser(address: string): string {
  return address.includes("@") ? address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, "$1") : address;
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
