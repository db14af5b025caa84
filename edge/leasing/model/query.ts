/**
 * URLs and their parameters, read without the platform's `URL`: models have no platform, and what a browser or a
 * forger sends need not be a URL at all. Nothing here throws; everything is bounded.
 */

/** More parameters than this are noise or an attack; the rest is not read. */
const PARAMETERS_MAX = 200;
const NAME_LENGTH_MAX = 64;
const VALUE_LENGTH_MAX = 2_048;

export type UrlParts = {
  /** Lower case, without `:`. */
  scheme: string;
  /** Lower case, without user, port and trailing dot; for `android-app:` the package name. */
  host: string;
  /** As written; "" when there is none. */
  path: string;
  /** Without `?`. */
  query: string;
  /** Without `#`. */
  fragment: string;
};

/** Splits an absolute URL with an authority (`scheme://…`); null for anything else. */
export function splitUrl(text: string): UrlParts | null {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#\\]*)([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/i.exec(text);
  if (!match) return null;
  const [, scheme = "", authority = "", path = "", query = "", fragment = ""] = match;
  const host = authority
    .slice(authority.lastIndexOf("@") + 1)
    .replace(/:\d*$/, "")
    .replace(/\.$/, "")
    .toLowerCase();
  return host === "" ? null : { scheme: scheme.toLowerCase(), host, path, query, fragment };
}

/**
 * Parses `a=1&b=2` as a form does (`+` is a space). Names are lower-cased, because people type them as they like;
 * values keep their case. The first non-empty value of a name wins; empty ones are left out.
 */
export function parseQuery(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of text.split("&", PARAMETERS_MAX)) {
    const equals = pair.indexOf("=");
    if (equals <= 0) continue;
    const name = decodeComponent(pair.slice(0, equals)).trim().toLowerCase();
    const value = decodeComponent(pair.slice(equals + 1)).trim();
    if (name === "" || value === "" || name.length > NAME_LENGTH_MAX || parameters.has(name)) continue;
    parameters.set(name, cut(value, VALUE_LENGTH_MAX));
  }
  return parameters;
}

/**
 * The parameters of a URL: those of its query, then those that only its fragment has (`#utm_source=…`,
 * `#/route?gclid=…`: single-page sites move them there).
 */
export function urlParameters(url: UrlParts): Map<string, string> {
  const parameters = parseQuery(url.query);
  if (url.fragment === "") return parameters;
  for (const [name, value] of parseQuery(splitFragment(url.fragment).query)) {
    if (!parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}

/** The route and the parameters of a fragment: `/a?b=1` is both, `b=1` only parameters, `section-2` only a route. */
export function splitFragment(fragment: string): { route: string; query: string } {
  const mark = fragment.indexOf("?");
  if (mark >= 0) return { route: fragment.slice(0, mark), query: fragment.slice(mark + 1) };
  return fragment.includes("=") ? { route: "", query: fragment } : { route: fragment, query: "" };
}

/**
 * Percent-decodes as a form does. Of a run of escapes that is not UTF-8 only the ASCII ones are decoded, so that a
 * stray byte cannot hide the separator behind it; the others stay as they are written.
 */
export function decodeComponent(text: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  return text.replaceAll("+", " ").replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes.replace(/%[0-7][0-9a-f]/gi, (ascii) =>
        String.fromCharCode(Number.parseInt(ascii.slice(1), 16)),
      );
    }
  });
}

/** Removes what no URL or label needs and no database likes: control characters, and halves of surrogate pairs. */
export function clean(text: string): string {
  // Hardly any text has either, and one look costs less than two replacements.
  if (!/[\p{Cc}\p{Surrogate}]/u.test(text)) return text;
  return text.replace(/\p{Cc}/gu, "").replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** At most `length` UTF-16 units, never half a surrogate pair. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
