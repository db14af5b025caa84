/**
 * What is wrong with an address that a stranger asks us to post to, in words; null when nothing is. We stand inside
 * networks that they do not (OWASP ASVS 1.3.6, API7:2023): no name that only we would resolve, no bare address, no
 * other port, nobody's password. `is_local`: a run on somebody's own machine, whose receivers are there too.
 */
export function addressFault(text: string, is_local: boolean): string | null {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return "must be an address that begins with https://";
  if (url.username !== "" || url.password !== "") return "must not hold a user's name or password";
  if (url.hash !== "") return "must not have a fragment: it is never sent";
  if (is_local) return null;
  if (url.protocol !== "https:") return "must begin with https://";
  if (url.port !== "") return "must not name a port";
  // The parser writes every spelling of an IPv4 address (hexadecimal, one number, full-width digits) with four parts.
  const host = url.hostname.replace(/\.$/, "");
  if (host.startsWith("[") || /^[\d.]+$/.test(host)) return "must name a host, not an IP address";
  if (!host.includes(".") || INSIDE.test(host)) return "must be a public host";
  return null;
}

/** Names that are no public ones (RFC 6761, RFC 6762, RFC 8375, RFC 9476). */
const INSIDE =
  /(^|\.)(localhost|local|internal|intranet|private|corp|home|lan|home\.arpa|onion|test|example|invalid|alt)$/i;
