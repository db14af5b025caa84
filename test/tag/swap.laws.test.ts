// @vitest-environment happy-dom
import fc from "fast-check";
import { expect, it } from "vitest";
import { restore, scan, useSwaps } from "../../tag/swap.ts";
import { law } from "../support/laws.ts";
import { expectedTexts, type Numbering } from "./reference.ts";
import "./support.ts";

const NUMBERINGS: Numbering[] = [
  { country: "1", trunk: "1", find: "4155550132", replace: "6285550101" },
  { country: "44", trunk: "0", find: "2079460018", replace: "2079460777" },
  { country: "7", trunk: "8", find: "4951234567", replace: "4957654321" },
  { country: "1", trunk: "1", find: "4444444441", replace: "5555555552" },
];

const separator = fc.constantFrom(
  "",
  "",
  "-",
  " ",
  ".",
  "/",
  ") ",
  "\u00a0",
  "\u2011",
  "\u200b",
  " - ",
  ", ",
  "----",
  "  ",
);
const decoration = fc.constantFrom(
  "",
  " ",
  " ",
  "Call ",
  "Tel:",
  "Tel.",
  "ID-",
  "x",
  "9",
  "9-",
  "9 ",
  "1,",
  "+",
  "+44 ",
  "+1 ",
  "+1-",
  "0",
  "0 ",
  "00",
  "1",
  "1 ",
  "(",
  ")",
  "8 ",
  "http://a.b/",
  "/12/",
  "?q=",
  "#",
  "$",
  " x42",
  "ext 4",
  ",5",
  ",,5",
  "-77",
  ".5",
  "%",
  "@a",
  "!",
  "。",
  "C++ ",
  "0100/",
  "/",
);

/** Pieces of text that hold the number, nearly hold it, or surround it. */
function texts(numbering: Numbering): fc.Arbitrary<string> {
  const digits = fc.constantFrom(
    numbering.find,
    numbering.find,
    numbering.find,
    numbering.find.replace("5", "6"),
  );
  const spelled = fc
    .tuple(
      digits,
      fc.array(separator, { minLength: 4, maxLength: 4 }),
      fc.constantFrom([3, 6], [2, 4], [3, 5], [1, 9]),
    )
    .map(
      ([number, [a, b], [i = 3, j = 6]]) => number.slice(0, i) + a + number.slice(i, j) + b + number.slice(j),
    );
  return fc.oneof(
    { weight: 3, arbitrary: fc.tuple(decoration, spelled, decoration).map((parts) => parts.join("")) },
    { weight: 2, arbitrary: fc.tuple(digits, fc.nat(9)).map(([number, cut]) => number.slice(0, cut)) },
    { weight: 2, arbitrary: fc.tuple(digits, fc.nat(9)).map(([number, cut]) => number.slice(cut)) },
    { weight: 3, arbitrary: decoration },
  );
}

type Tree = string | { tag: string; attributes: string; children: Tree[] };

const TAGS = ["b", "span", "i", "a", "div", "p", "li", "br", "code", "section", "wbr", "td"];

function trees(numbering: Numbering): fc.Arbitrary<Tree[]> {
  const { nodes } = fc.letrec<{ nodes: Tree[]; tree: Tree }>((tie) => ({
    nodes: fc.array(tie("tree"), { maxLength: 5, depthIdentifier: "tree" }),
    tree: fc.oneof(
      { depthIdentifier: "tree", maxDepth: 4 },
      texts(numbering),
      texts(numbering),
      fc.record({
        tag: fc.constantFrom(...TAGS),
        attributes: fc.constantFrom("", "", "", "", "data-ringtrail-skip", "data-ringtrail-join"),
        children: tie("nodes"),
      }),
    ),
  }));
  return nodes;
}

function build(parent: Node, children: Tree[]): void {
  for (const child of children) {
    if (typeof child === "string") parent.appendChild(document.createTextNode(child));
    else {
      const element = document.createElement(child.tag);
      if (child.attributes) element.setAttribute(child.attributes, "");
      if (child.tag !== "br" && child.tag !== "wbr") build(element, child.children);
      parent.appendChild(element);
    }
  }
}

function nodesOf(root: Node): Node[] {
  return [root, ...[...root.childNodes].flatMap(nodesOf)];
}

const page = fc
  .constantFrom(...NUMBERINGS)
  .chain((numbering) => fc.tuple(fc.constant(numbering), trees(numbering)));

it("swaps what the slow reference swaps, nothing else, in the same nodes, once, and takes it all back", () => {
  fc.assert(
    fc.property(page, ([numbering, children]) => {
      document.body.textContent = "";
      build(document.body, children);
      const before = nodesOf(document.body);
      const values = before.map(({ nodeValue }) => nodeValue);
      const expected = expectedTexts(document.body, numbering);
      const { country, find, replace } = numbering;

      useSwaps([{ find: `+${country}${find}`, replace: `+${country}${replace}` }]);
      scan(document.body);
      expect(nodesOf(document.body).every((node, i) => node === before[i])).toBe(true);
      for (const node of before) {
        if (node.nodeType === 3) expect(node.nodeValue).toBe(expected.get(node as Text) ?? node.nodeValue);
      }
      const after = before.map(({ nodeValue }) => nodeValue);
      scan(document.body);
      expect(before.map(({ nodeValue }) => nodeValue)).toEqual(after);
      restore();
      expect(before.map(({ nodeValue }) => nodeValue)).toEqual(values);
    }),
    law(1500),
  );
});
