import type { Root } from "./swap.ts";

/** An open shadow root or a same-origin document, and what in it is to be swapped. */
export type Embedded = { inside: Node; root: Root };

/** What is embedded right below `root`. */
export function embeddedIn(root: Root): Embedded[] {
  return [...root.querySelectorAll<HTMLIFrameElement>("*")].flatMap(
    ({ shadowRoot, contentDocument }): Embedded[] => {
      if (shadowRoot) return [{ inside: shadowRoot, root: shadowRoot }];
      return contentDocument?.body ? [{ inside: contentDocument, root: contentDocument.body }] : [];
    },
  );
}
