import { useId, useRef, useState } from "preact/hooks";
import { ApiProblem } from "../../api.ts";
import { type Draft, placeFaults, type Values } from "./reading.ts";

/** A form while it is filled in and sent. */
export type FormState = {
  id: string;
  /** True while the request is under way: the main button waits. */
  busy: boolean;
  /** What is wrong with the field of this name, or null. */
  faultOf(name: string): string | null;
  /** True once it was taken, until something is changed again. */
  isSent(): boolean;
  /** It was taken after a last look. */
  settle(): void;
  /** What is wrong with no single field. */
  wrong: string | null;
  onSubmit(event: SubmitEvent): void;
  /** A change makes a field's fault stale. */
  onInput(event: Event): void;
};

type Wrong = { byField: ReadonlyMap<string, string>; whole: string | null };
const NOTHING_WRONG: Wrong = { byField: new Map(), whole: null };

/** Every value of a form by its field's name; a field given several times keeps the last. */
function valuesOf(form: HTMLFormElement): Values {
  const values: Record<string, string> = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string") values[name] = value;
  return values;
}

function namesOf(form: HTMLFormElement): string[] {
  return [...form.elements].flatMap((field) => field.getAttribute("name") ?? []);
}

/** The first field that is wrong gets the focus: its fault is read out with it. */
function focusWrong(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}

/**
 * One form: `read` turns its values into a body or faults (pure, see `Reading`), `send` sends it, `done` gets the
 * answer. With `looks` the answer is only looked at once more, and `settle` says when it was taken. Faults of the
 * server's problem+json come to stand under their fields by their pointers.
 */
export function useForm<B, T>(props: {
  read: (values: Values) => Draft<B>;
  send: (body: B) => Promise<T>;
  done: (answer: T) => void;
  looks?: boolean;
}): FormState {
  const { read, send, done, looks = false } = props;
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState(NOTHING_WRONG);
  const sending = useRef(false);
  const sent = useRef(false);

  const submit = async (form: HTMLFormElement) => {
    const names = namesOf(form);
    const draft = read(valuesOf(form));
    if (!draft.ok) {
      const { byField, left } = placeFaults(draft.error, names);
      setWrong({ byField, whole: left[0] ?? null });
      focusWrong(form);
      return;
    }
    sending.current = true;
    setBusy(true);
    setWrong(NOTHING_WRONG);
    try {
      const answer = await send(draft.value);
      setBusy(false);
      sent.current = !looks;
      done(answer);
    } catch (error) {
      setBusy(false);
      setWrong(wrongOf(error, names));
      focusWrong(form);
    } finally {
      sending.current = false;
    }
  };
  return {
    id,
    busy,
    faultOf: (name) => wrong.byField.get(name) ?? null,
    isSent: () => sent.current,
    settle() {
      sent.current = true;
    },
    wrong: wrong.whole,
    onSubmit(event) {
      event.preventDefault();
      if (!sending.current && event.currentTarget instanceof HTMLFormElement) submit(event.currentTarget);
    },
    onInput(event) {
      sent.current = false;
      const name = event.target instanceof Element ? event.target.getAttribute("name") : null;
      if (name === null || !wrong.byField.has(name)) return;
      const byField = new Map(wrong.byField);
      byField.delete(name);
      setWrong({ ...wrong, byField });
    },
  };
}

function wrongOf(error: unknown, names: readonly string[]): Wrong {
  if (!(error instanceof ApiProblem)) return { ...NOTHING_WRONG, whole: String(error) };
  const { byField, left } = placeFaults(error.errors, names);
  if (error.errors.length === 0) return { byField, whole: error.message };
  return { byField, whole: left.length > 0 ? left.join("; ") : null };
}
