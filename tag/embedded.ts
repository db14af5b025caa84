import type { Root } from "./swap.ts";

/** An open shadow root or a same-origin document, and what in it is to be swapped. */
export type Embedded = { inside: Node; root: Root };

/** All elements but those that the site wishes to be left alone: no look from inside sees that wish. */
const OPEN = ":not([data-ringtrail-skip],[data-ringtrail-skip] *)";

/**
 * What is embedded right below `root`. `onLoad` hears of every frame that loads, now and later: it has another document
 * then, of which nothing in this one tells.
 */
export function embeddedIn(root: Root, onLoad: (event: Event) => void): Embedded[] {
  return [...root.querySelectorAll<HTMLIFrameElement>(OPEN)].flatMap((element): Embedded[] => {
    const { shadowRoot, contentDocument } = element;
    if (shadowRoot) return [{ inside: shadowRoot, root: shadowRoot }];
    // Null where another origin's document is, or none yet; undefined where there never is one.
    if (contentDocument !== undefined) element.addEventListener("load", onLoad);
    return contentDocument?.body ? [{ inside: contentDocument, root: contentDocument.body }] : [];
  });
}
