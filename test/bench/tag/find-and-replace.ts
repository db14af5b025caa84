import findAndReplaceDOMText from "findandreplacedomtext";
import type { Swap } from "../../../shared/api/leases.ts";
import { type Swapper, withDigits } from "./rivals.ts";

/** What the package hands to a replacement: a piece of a match within one text node. */
type Portion = { text: string; indexInMatch: number };

/**
 * npm's findandreplacedomtext, which call-tracking scripts use: with the pattern that finds most of a number's
 * spellings, its preset for prose, and digits exchanged in each portion; dialling links as such scripts do.
 */
export function findAndReplace(swaps: readonly Swap[]): Swapper {
  const targets = swaps.map(({ find, replace }) => ({
    pattern: RegExp([...find.slice(-10)].join("[-. /()\\u00a0\\u2011]*"), "g"),
    literal: RegExp(find.slice(-10), "g"),
    digits: replace.slice(-10),
  }));
  return (root) => {
    for (const { pattern, literal, digits } of targets) {
      findAndReplaceDOMText(root, {
        find: pattern,
        preset: "prose",
        replace: (portion: Portion, match: RegExpExecArray) => {
          // Negative for a portion that begins within its text.
          const index = Math.max(0, portion.indexInMatch);
          const before = match[0].slice(0, index).replace(/\D/g, "").length;
          return withDigits(portion.text, digits, before);
        },
      });
      for (const link of root.querySelectorAll('a[href^="tel:"]')) {
        const href = link.getAttribute("href") ?? "";
        if (literal.test(href)) link.setAttribute("href", href.replace(literal, digits));
        literal.lastIndex = 0;
      }
    }
  };
}
