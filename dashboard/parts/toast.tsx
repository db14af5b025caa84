import { signal } from "@preact/signals";

type Toast = { id: number; text: string; act: { label: string; run: () => void } | null };

const SHOWN_MS = 6_000;
/** One with an action stays long enough to reach it by keyboard. */
const SHOWN_WITH_ACTION_MS = 15_000;

const toasts = signal<readonly Toast[]>([]);
let last = 0;

function drop(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/**
 * Says what was done, at the foot of the page; with `act` also how to take it back ("Undo") or see it ("Show").
 * Undo here rather than "sure?" before: a dialog only where money moves.
 */
export function toast(text: string, act: { label: string; run: () => void } | null = null): void {
  last += 1;
  const id = last;
  toasts.value = [...toasts.value.slice(-2), { id, text, act }];
  setTimeout(() => drop(id), act ? SHOWN_WITH_ACTION_MS : SHOWN_MS);
}

/** Where toasts appear; once, in the shell. */
export function Toasts() {
  return (
    <div class="toasts" role="status">
      {toasts.value.map(({ id, text, act }) => (
        <div key={id} class="toast">
          {text}
          {act && (
            <button
              type="button"
              onClick={() => {
                drop(id);
                act.run();
              }}
            >
              {act.label}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
