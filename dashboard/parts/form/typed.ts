import type { RefObject } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { MeContext } from "../../session.ts";
import type { FormState } from "./use-form.ts";

/** What was typed, by the names of the fields that somebody changed. */
type Typed = Map<string, string>;

const FORMS_MAX = 20;
/**
 * What stood in forms that were taken away before they were sent: the session ended, or a link was followed. In memory
 * only, for whom it was typed by; a reload forgets it, and asks before. Oldest first.
 */
const kept = new Map<string, Typed>();

function keep(key: string, typed: Typed): void {
  kept.delete(key);
  kept.set(key, typed);
  const [oldest] = kept.keys();
  if (kept.size > FORMS_MAX && oldest !== undefined) kept.delete(oldest);
}

/** A secret is nobody's to keep, and a file cannot be put back. */
const isKept = (field: Element) => !field.matches("[type=password], [type=file]");

const nameOf = (event: Event) => (event.target instanceof Element ? event.target.getAttribute("name") : null);

/** The changed fields as they stand; one that is not shown now is left out. */
function typedIn(form: HTMLFormElement, touched: ReadonlySet<string>): Typed {
  const values = new FormData(form);
  const typed: Typed = new Map();
  for (const field of form.elements) {
    const name = field.getAttribute("name");
    if (name === null || !touched.has(name) || !isKept(field)) continue;
    const value = values.get(name);
    typed.set(name, typeof value === "string" ? value : "");
  }
  return typed;
}

export type TypedState = {
  /** What was typed here before, by field; each takes its own when it comes to stand in the form. */
  before: Typed;
  /** True when `before` held something: the form says that it is back. */
  isBack: boolean;
  /** Notes a change. */
  onInput(event: Event): void;
  /** True when leaving would lose something. */
  isTouched(): boolean;
  /** Nothing of it is wanted any more. */
  drop(): void;
};

/**
 * Keeps what is typed into a form when that is taken away, and gives it back where the same form is opened again.
 * @param about what the form is, its record included: two with the same words on one page are one
 */
export function useTyped(
  element: RefObject<HTMLFormElement | null>,
  form: FormState,
  about: string,
): TypedState {
  const me = useContext(MeContext);
  const [state] = useState(() => {
    const key = [me?.user?.id, me?.organization.id, location.pathname, about].join(" ");
    const before: Typed = new Map(kept.get(key));
    return { key, before, isBack: before.size > 0, touched: new Set(before.keys()), isDropped: false };
  });
  const latest = useRef(form);
  latest.current = form;
  useEffect(() => {
    const shown = element.current;
    const ask = (event: BeforeUnloadEvent) => {
      if (state.touched.size > 0 && !latest.current.isSent()) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => {
      removeEventListener("beforeunload", ask);
      if (state.isDropped || latest.current.isSent() || state.touched.size === 0 || !shown)
        kept.delete(state.key);
      else keep(state.key, typedIn(shown, state.touched));
    };
  }, []);
  return {
    before: state.before,
    isBack: state.isBack,
    onInput(event) {
      const name = nameOf(event);
      if (name !== null) state.touched.add(name);
    },
    isTouched: () => state.touched.size > 0 && !latest.current.isSent(),
    drop() {
      state.isDropped = true;
    },
  };
}

/** What was typed into a field before, once: a field that is put anew into its form begins as it is told. */
export function useTypedBefore(typed: TypedState | null, name: string): string | undefined {
  const [before] = useState(() => {
    const value = typed?.before.get(name);
    typed?.before.delete(name);
    return value;
  });
  return before;
}
