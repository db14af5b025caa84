import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { useShortcuts } from "../keys.ts";
import { CopyButton } from "./copy.tsx";
import { useDrawerFocus } from "./drawer-focus.ts";
import { Icon } from "./glyph.tsx";

/**
 * One record beside its list: from 1088 px beside, below over it, on a phone the whole width. The URL holds
 * its id, so `previousHref`, `nextHref` and `closeHref` are addresses; null where there is none.
 * Left and right arrow (and k, j) go through the list, Escape closes, o opens the full page; by Tab it follows its row.
 * @param props.what the record's kind, in words: "call"
 * @param props.go how to follow an address (`useUrl().go`)
 */
export function Drawer(props: {
  id: string;
  what: string;
  label: string;
  closeHref: string;
  previousHref: string | null;
  nextHref: string | null;
  fullHref: string;
  go: (href: string, how?: { replace?: boolean }) => void;
  children: ComponentChildren;
}) {
  const { id, what, label, closeHref, previousHref, nextHref, fullHref, go, children } = props;
  const drawer = useRef<HTMLElement>(null);
  useDrawerFocus(drawer, id);

  const step = (href: string | null) => {
    if (href !== null) go(href, { replace: true });
  };
  const group = `This ${what}`;
  useShortcuts([
    { key: "ArrowLeft", shown: "←", does: `Previous ${what}`, group, run: () => step(previousHref) },
    { key: "ArrowRight", shown: "→", does: `Next ${what}`, group, run: () => step(nextHref) },
    { key: "k", shown: "k", does: "", group, run: () => step(previousHref) },
    { key: "j", shown: "j", does: "", group, run: () => step(nextHref) },
    { key: "o", shown: "o", does: "Open the full page", group, run: () => go(fullHref) },
    { key: "Escape", shown: "Esc", does: "Close", group, run: () => go(closeHref) },
  ]);

  return (
    <aside ref={drawer} class="drawer" aria-label={label} tabIndex={-1}>
      <header>
        <span class="id mono">{id}</span>
        <CopyButton text={id} what={`the ${what}'s id`} />
        <Step href={previousHref} name="up" label={`Previous ${what} (left arrow)`} go={step} />
        <Step href={nextHref} name="down" label={`Next ${what} (right arrow)`} go={step} />
        <a class="btn bare" href={fullHref} aria-label="Open the full page">
          <Icon name="open" />
        </a>
        <a class="btn bare" href={closeHref} aria-label="Close">
          <Icon name="close" />
        </a>
      </header>
      <div class="body">{children}</div>
    </aside>
  );
}

function Step(props: {
  href: string | null;
  name: "up" | "down";
  label: string;
  go: (href: string) => void;
}) {
  const { href, name, label, go } = props;
  return (
    <button
      class="btn bare"
      type="button"
      aria-label={label}
      disabled={href === null}
      onClick={() => href !== null && go(href)}
    >
      <Icon name={name} />
    </button>
  );
}
