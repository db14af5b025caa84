/** A URL cut without normalising it: joined again, the parts are what came. Our public origin has no user name. */
export type UrlParts = {
  /** With `://`. */
  scheme: string;
  host: string;
  /** With its colon; empty when none is written. */
  port: string;
  /** Path, query and fragment. */
  rest: string;
};

export function cutUrl(url: string): UrlParts | null {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)(\[[^\]]*\]|[^/?#:]*)(:\d*)?(.*)$/is.exec(url);
  if (!match) return null;
  return { scheme: match[1] ?? "", host: match[2] ?? "", port: match[3] ?? "", rest: match[4] ?? "" };
}

export function withoutPort(url: string): string {
  const parts = cutUrl(url);
  return parts ? parts.scheme + parts.host + parts.rest : url;
}

/** With the port that its scheme implies, when none is written. */
export function withPort(url: string): string {
  const parts = cutUrl(url);
  if (parts?.port !== "") return url;
  const port = parts.scheme.toLowerCase() === "https://" ? ":443" : ":80";
  return parts.scheme + parts.host + port + parts.rest;
}

/** The names of a form and all values of each, in the order of their coming. */
export function valuesByName(form: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(form)) {
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return values;
}
