import type { Page } from "playwright-core";
import type { Swap } from "../../../shared/api/leases.ts";
import { leased } from "../stage.ts";
import type { Visitor } from "../visitor.ts";
import { type Trial, tryPieces } from "./try-pieces.ts";

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
  return page.evaluate(tryPieces, pieces);
}
