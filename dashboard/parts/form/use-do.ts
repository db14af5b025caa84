import { type UrlState, useUrl } from "../../url-state.ts";

/** Which form of the page is open (`?do=add`), so that a link leads to it and going back closes it. */
export type Doing = {
  what: string | null;
  open(what: string): void;
  close(): void;
  href(what: string): string;
};

export function useDo(): Doing {
  const url: UrlState = useUrl();
  return {
    what: url.params.get("do"),
    open: (what) => url.set({ do: what }),
    close: () => {
      // What was done may have led elsewhere: there is nothing to close there.
      if (location.pathname === url.path) url.set({ do: null }, { replace: true });
    },
    href: (what) => url.href({ do: what }),
  };
}
