import type { Page } from "playwright-core";
import type { Swap } from "../../../shared/api/leases.ts";
import { leased } from "../stage.ts";
import type { Visitor } from "../visitor.ts";

/** What became of one piece of HTML in a page that the tag watches. */
export type Trial = {
  /** As the browser serialises what it was given: what "nothing changed" means. */
  before: string;
  /** After the tag has noticed it by itself. */
  after: string;
  /** After another `swap()`: the same as `after`. */
  again: string;
  /** After `reset()`: the same as `before`. */
  restored: string;
  /** Every node is the same object in the same place as before. */
  same_nodes: boolean;
  /** What was expected, serialised by the same browser. */
  expected: string;
};

/**
 * Opens an empty page on which the tag has leased these swaps, for trying pieces of HTML in its body. Pages that are
 * open at the same time need a path, and thereby a visitor, of their own.
 */
export async function openLab(visitor: Visitor, swaps: Swap[], path = "/"): Promise<Page> {
  const { stage } = visitor;
  const mine = leased("+16285550101", { swaps });
  const others = stage.answer;
  stage.answer = (heard) => (String(heard.body.url).endsWith(path) ? mine : others(heard));
  stage.pages.set(path, { html: visitor.html("", stage.snippet(`data-site="${path}"`)) });
  const page = await visitor.open(path);
  await page.waitForFunction(() => window.ringtrail?.get());
  return page;
}

/** Tries one piece after another, each `[html, expected html]`, as the body's only content. */
export function tryAll(page: Page, pieces: (readonly [string, string])[]): Promise<Trial[]> {
  return page.evaluate(async (all) => {
    const nodes = (): Node[] => {
      const walker = document.createTreeWalker(document.body);
      const found: Node[] = [document.body];
      while (walker.nextNode()) found.push(walker.currentNode);
      return found;
    };
    const inert = document.implementation.createHTMLDocument().body;
    const trials: Trial[] = [];
    for (const [html, wanted] of all) {
      inert.innerHTML = wanted;
      const expected = inert.innerHTML;
      document.body.innerHTML = html;
      const before = document.body.innerHTML;
      const nodes_before = nodes();
      await new Promise((noticed) => setTimeout(noticed));
      const after = document.body.innerHTML;
      const nodes_after = nodes();
      const same_nodes =
        nodes_before.length === nodes_after.length &&
        nodes_before.every((node, i) => node === nodes_after[i]);
      window.ringtrail?.swap();
      const again = document.body.innerHTML;
      window.ringtrail?.reset();
      const restored = document.body.innerHTML;
      document.body.innerHTML = "";
      window.ringtrail?.swap();
      trials.push({ before, after, again, restored, same_nodes, expected });
    }
    return trials;
  }, pieces);
}
