import type { Swap } from "../../../shared/api/leases.ts";

/*
 * How else pages get their numbers swapped, written as well as their kind allows, for the comparison. Bundled for
 * the browser; each takes the lease's swaps once and gives a function that swaps under a root.
 */

/** Swaps under `root`, synchronously. */
export type Swapper = (root: Element) => void;

const NATIONAL_LENGTH = 10;
const nationalOf = (e164: string): string => e164.slice(-NATIONAL_LENGTH);

/** The text with its digits exchanged one for one, from the `from`th digit of `digits` on. */
export function withDigits(text: string, digits: string, from = 0): string {
  let next = from;
  return text.replace(/\d/g, () => digits.charAt(next++));
}

/**
 * A regex walker in the way of CallRail's published script, as copies of it read: recursion over all children, one
 * optional separator in a ten-digit number and a looser international form, separators kept, no look at what stands
 * around; scripts and opted-out elements are skipped; dialling links and a few attributes of every element.
 */
export function regexWalker(swaps: readonly Swap[]): Swapper {
  const targets = swaps.map(({ find, replace }) => {
    const national = nationalOf(find);
    const [area, exchange, line] = [national.slice(0, 3), national.slice(3, 6), national.slice(6)];
    return {
      text: RegExp(`(\\(?)${area}(\\)?[-. \\u00a0]?)${exchange}([-. \\u00a0]?)${line}`, "g"),
      international: RegExp(
        `\\${find.slice(0, -NATIONAL_LENGTH)}[-. ()0]*${[...national].join("[-. ()]?")}`,
        "g",
      ),
      digits: nationalOf(replace),
      all: replace.slice(1),
    };
  });
  const swapText = (text: string): string =>
    targets.reduce(
      (done, { text: pattern, international, digits, all }) =>
        done
          .replace(international, (found) => withDigits(found, all))
          .replace(pattern, (found) => withDigits(found, digits)),
      text,
    );
  const swapAttributes = (element: Element): void => {
    for (const name of ["href", "title", "phone", "src", "srcset"]) {
      const value = element.getAttribute(name);
      if (value === null || (name === "href" && !/^(tel|sms|imessage):/.test(value))) continue;
      const swapped = swapText(value);
      if (swapped !== value) element.setAttribute(name, swapped);
    }
  };
  const visit = (node: Node): void => {
    if (node.nodeType === Node.TEXT_NODE) {
      const value = node.nodeValue ?? "";
      const swapped = swapText(value);
      if (swapped !== value) node.nodeValue = swapped;
      return;
    }
    if (!(node instanceof Element) || /^(no)?script$/i.test(node.nodeName)) return;
    if (node.hasAttribute("data-ringtrail-skip")) return;
    swapAttributes(node);
    for (const child of [...node.childNodes]) visit(child);
  };
  return visit;
}
