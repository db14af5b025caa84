import * as v from "valibot";

const PORT_MAX = 65_535;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { https: 443, http: 80 };
const portOf = (text: string): number | null => {
  const digits = /:(\d+)$/.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
};

/** As browsers send it: without the port that its scheme has anyway. */
function asSent(text: string): string {
  const port = portOf(text);
  if (port === null) return text;
  const [scheme = ""] = text.split(":", 1);
  const bare = text.slice(0, text.lastIndexOf(":"));
  return port === DEFAULT_PORTS[scheme] ? bare : `${bare}:${port}`;
}

/** Exactly `scheme://host[:port]`, or every host below one: `https://*.example.com`. */
const origin = v.pipe(
  v.string("must be text"),
  v.maxLength(300, "must have at most 300 characters"),
  v.regex(
    /^(https:\/\/\*\.[a-z0-9.-]+\.[a-z]{2,}(:\d{1,5})?|https?:\/\/[a-z0-9.-]+(:\d{1,5})?)$/,
    "must be an origin such as https://www.example.com, without a path",
  ),
  v.check((text) => {
    const port = portOf(text) ?? 1;
    return port >= 1 && port <= PORT_MAX;
  }, `must have a port from 1 to ${PORT_MAX}`),
  v.transform(asSent),
);
/** The origins of a site's pages. */
export const SiteOrigins = v.pipe(
  v.array(origin),
  v.minLength(1, "must name an origin"),
  v.maxLength(50, "at most 50 origins"),
);
