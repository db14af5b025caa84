/** An XML element as data: text and attributes are escaped when it is written, so no text can become a tag. */
export type XmlElement = {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly (XmlElement | string)[];
};

/** Element and attribute names come from our code; the assertion keeps it so. */
const NAME = /^[A-Za-z][A-Za-z0-9]{0,40}$/;

/** Everything XML 1.0 (fifth edition, production 2) cannot hold, lone surrogates included. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

export function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: (XmlElement | string)[]
): XmlElement {
  return { name, attributes, children };
}

/** A whole document with its declaration. */
export function renderXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${renderElement(root)}`;
}

function renderElement({ name, attributes, children }: XmlElement): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${safeName(key)}="${escapeXml(value)}"`);
  const start = `${safeName(name)}${pairs.join("")}`;
  if (children.length === 0) return `<${start}/>`;
  const content = children.map((child) =>
    typeof child === "string" ? escapeXml(child) : renderElement(child),
  );
  return `<${start}>${content.join("")}</${name}>`;
}

function safeName(name: string): string {
  if (!NAME.test(name)) throw new Error(`assertion failed: ${JSON.stringify(name)} is no XML name`);
  return name;
}

/** Characters that XML cannot hold are dropped; white space other than the blank is kept by reference. */
export function escapeXml(text: string): string {
  return text.replace(NOT_XML, "").replace(/[&<>"'\t\n\r]/g, (character) => ENTITIES[character] ?? "");
}
