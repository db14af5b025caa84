import { type Signal, signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { tinykeys } from "tinykeys";

/** One key of a page. `key` in tinykeys' spelling (`d`, `ArrowLeft`, `$mod+k`, `[Shift]+?`). */
export type Shortcut = {
  key: string;
  /** How it is drawn on a button and in the sheet of shortcuts. */
  shown: string;
  /** What it does, verb first; an empty one is left out of the sheet. */
  does: string;
  /** The heading it stands under in the sheet. */
  group: string;
  run(event: KeyboardEvent): void;
  /** True for the few that also work while typing or over a dialog. */
  everywhere?: boolean;
};

type Layer = RefObject<readonly Shortcut[]>;

/** Who listens, oldest first: of two with the same key the later one (the drawer over its list) is asked. */
const layers: Signal<readonly Layer[]> = signal([]);
let stop: (() => void) | null = null;

/** Every shortcut that works on the page now, the hidden ones removed. */
export function activeShortcuts(): Shortcut[] {
  const byKey = new Map<string, Shortcut>();
  for (const layer of layers.value) for (const shortcut of layer.current) byKey.set(shortcut.key, shortcut);
  return [...byKey.values()].filter((shortcut) => shortcut.does !== "");
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input, textarea, select");
}

function dispatch(key: string, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const busy = isTyping(event) || document.querySelector("dialog[open]") !== null;
  for (const layer of layers.value.toReversed()) {
    const found = layer.current.find((shortcut) => shortcut.key === key && (!busy || shortcut.everywhere));
    if (!found) continue;
    event.preventDefault();
    found.run(event);
    return;
  }
}

function listen(): void {
  stop?.();
  const keys = new Set(layers.value.flatMap((layer) => layer.current.map((shortcut) => shortcut.key)));
  const bindings = Object.fromEntries(
    [...keys].map((key) => [key, (event: KeyboardEvent) => dispatch(key, event)]),
  );
  stop = keys.size > 0 ? tinykeys(window, bindings, { ignore: () => false }) : null;
}

/**
 * Makes these shortcuts work while the component is on the page. Single letters are silent while a person
 * types or a dialog is open. The list may be written anew on each render.
 */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const layer = useRef(shortcuts);
  layer.current = shortcuts;
  const keys = shortcuts.map((shortcut) => shortcut.key).join(" ");
  // Before the next paint: what is seen already listens.
  useLayoutEffect(() => {
    if (keys === "") return;
    layers.value = [...layers.value, layer];
    listen();
    return () => {
      layers.value = layers.value.filter((other) => other !== layer);
      listen();
    };
  }, [keys]);
}
