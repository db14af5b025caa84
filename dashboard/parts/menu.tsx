import type { ComponentChildren, TargetedToggleEvent } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { Icon } from "./glyph.tsx";

const GAP_PX = 4;
const EDGE_PX = 8;
const MENU_WIDTH_PX = 272;

/** Puts a popover under its button, above it where there is no room, always inside the window. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const width = menu.offsetWidth || MENU_WIDTH_PX;
  const left = Math.max(EDGE_PX, Math.min(at.left, innerWidth - width - EDGE_PX));
  const below = at.bottom + GAP_PX;
  const fits = below + menu.offsetHeight <= innerHeight - EDGE_PX;
  const top = fits ? below : Math.max(EDGE_PX, at.top - GAP_PX - menu.offsetHeight);
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

/**
 * A button and what opens under it, on the native popover: Escape and a click elsewhere close it, the focus
 * goes back to the button.
 * @param props.kind `menu` for a list of `<MenuItem>`s, `dialog` for anything else (a picker)
 * @param props.label the button's content; `name` its name where the content is not enough
 * @param props.children called while open, with a function that closes
 */
export function PopoverButton(props: {
  label: ComponentChildren;
  name?: string;
  kind: "menu" | "dialog";
  class?: string;
  title: string;
  children: (close: () => void) => ComponentChildren;
}) {
  const { label, name, kind, class: style = "btn", title, children } = props;
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const close = () => menu.current?.hidePopover();
  const described = { role: kind, "aria-label": title, onKeyDown: kind === "menu" ? moveInMenu : undefined };

  const onBeforeToggle = (event: TargetedToggleEvent<HTMLDivElement>) => {
    if (event.newState === "open" && menu.current && button.current) place(menu.current, button.current);
  };
  const onToggle = (event: TargetedToggleEvent<HTMLDivElement>) => {
    const opened = event.newState === "open";
    setOpen(opened);
    if (!opened || !menu.current || !button.current) return;
    const [shown, under] = [menu.current, button.current];
    // Once the content is rendered: its height decides above or below.
    requestAnimationFrame(() => {
      place(shown, under);
      const first = (selector: string) => shown.querySelector<HTMLElement>(selector);
      (first('[aria-checked="true"]') ?? first("input, button, a"))?.focus();
    });
  };
  return (
    <>
      <button
        ref={button}
        class={style}
        type="button"
        aria-haspopup={kind}
        aria-expanded={open}
        aria-label={name}
        popoverTarget={id}
      >
        {label}
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        class="menu"
        {...described}
        onBeforeToggle={onBeforeToggle}
        onToggle={onToggle}
      >
        {open && children(close)}
      </div>
    </>
  );
}

/** Arrow keys, Home and End move between the items of a menu. */
function moveInMenu(event: KeyboardEvent): void {
  const menu = event.currentTarget;
  if (!(menu instanceof HTMLElement)) return;
  const items = [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items[(to + items.length) % items.length]?.focus();
}

/**
 * One item of a menu: a link with `href`, else a button with `run`. `checked` makes it one of several choices.
 * @param props.hint at the right end: the key that does the same, or a few small words
 */
export function MenuItem(props: {
  children: ComponentChildren;
  hint?: ComponentChildren;
  checked?: boolean;
  href?: string;
  run?: () => void;
}) {
  const { children, hint, checked, href, run } = props;
  const described =
    checked === undefined
      ? { role: "menuitem" as const }
      : { role: "menuitemradio" as const, "aria-checked": checked };
  const inside = (
    <>
      <span>{children}</span>
      {hint}
    </>
  );
  return href ? (
    <a {...described} href={href} onClick={run} tabIndex={-1}>
      {inside}
    </a>
  ) : (
    <button {...described} type="button" onClick={run} tabIndex={-1}>
      {inside}
    </button>
  );
}

/** The caret of a button that opens a menu. */
export function Caret() {
  return <Icon name="caret" class="caret" />;
}
