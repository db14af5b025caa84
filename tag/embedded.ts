import type { Root } from "./swap.ts";

/** All elements but those that the site wishes to be left alone: no look from inside sees that wish. */
const OPEN = ":not([data-ringtrail-skip],[data-ringtrail-skip] *)";

/**
 * What is embedded right below `root`: open shadow roots, and bodies of documents of the same origin. `onLoad` hears of
 * every frame that loads, now and later: it has another document then, of which nothing in this one tells.
 */
export function embeddedIn(root: Root, onLoad: () => void): Root[] {
  return [...root.querySelectorAll<HTMLIFrameElement>(OPEN)].flatMap((element): Root | Root[] => {
    const { shadowRoot, contentDocument } = element;
    // Null where another origin's document is, or none yet; undefined where there never is one.
    if (contentDocument !== undefined) element.addEventListener("load", onLoad);
    return shadowRoot ?? contentDocument?.body ?? [];
  });
}
