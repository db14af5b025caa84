import { expect } from "vitest";

/** An element as an XML parser would see it. */
export type Node = { tag: string; attributes: Record<string, string>; children: Node[]; text: string };

const ENTITIES: Readonly<Record<string, string>> = {
  "&#9;": "\t",
  "&#10;": "\n",
  "&#13;": "\r",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};

/** A strict reader of one document: it must be well formed, and every entity one that we write. */
export function readXml(document: string): Node {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
  expect(document.startsWith(declaration)).toBe(true);
  const root: Node = { tag: "", attributes: {}, children: [], text: "" };
  const open: Node[] = [root];
  for (const [, tag, text] of document.slice(declaration.length).matchAll(/<([^>]*)>|([^<>]+)|[<>]/g)) {
    const parent = open.at(-1)!;
    if (text !== undefined) parent.text += plain(text);
    else if (tag === undefined) throw new Error("a loose bracket");
    else if (tag.startsWith("/")) expect(open.pop()?.tag).toBe(tag.slice(1));
    else {
      const node = nodeOf(tag);
      parent.children.push(node);
      if (!tag.endsWith("/")) open.push(node);
    }
  }
  expect(open).toHaveLength(1);
  expect(root.children).toHaveLength(1);
  return root.children[0]!;
}

function nodeOf(tag: string): Node {
  expect(tag).toMatch(/^[A-Za-z]+( [A-Za-z]+="[^"<]*")*\/?$/);
  const attributes: Record<string, string> = {};
  for (const [, name, value] of tag.matchAll(/([A-Za-z]+)="([^"]*)"/g)) attributes[name!] = plain(value!);
  return { tag: /^[A-Za-z]+/.exec(tag)![0], attributes, children: [], text: "" };
}

function plain(text: string): string {
  return text.replace(/&[^;]*;?/g, (entity) => {
    const character = ENTITIES[entity];
    if (character === undefined) throw new Error(`an entity that nobody writes: ${entity}`);
    return character;
  });
}

/** Which elements and attributes a document has, without what is in them. */
export function skeletonOf(node: Node): unknown {
  return [node.tag, Object.keys(node.attributes), node.children.map(skeletonOf)];
}

/** Every text of a document, of elements and attributes. */
export function textsOf(node: Node): string[] {
  return [node.text, ...Object.values(node.attributes), ...node.children.flatMap(textsOf)];
}
